//! Values by key, in the order of their last use.

use crate::door::Instant;
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// Values by key. To find one and to make it the newest takes no memory; a place that is given back is used again.
pub(super) struct Shelf<K, V> {
    places: BTreeMap<K, Place>,
    slots: Vec<Slot<K, V>>,
    /// The first of those that are free; they are a list by `newer`.
    free: Option<Place>,
    newest: Option<Place>,
    oldest: Option<Place>,
    /// The last reading of the clock. No use is later.
    now: Instant,
}

/// Where in `slots`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(usize);

struct Slot<K, V> {
    /// None where the slot is free.
    entry: Option<Entry<K, V>>,
    newer: Option<Place>,
    older: Option<Place>,
}

/// What is kept of a key.
pub(super) struct Entry<K, V> {
    key: K,
    pub(super) value: V,
    pub(super) used: Instant,
}

impl<K: Ord, V> Shelf<K, V> {
    pub(super) const fn new() -> Self {
        Self {
            places: BTreeMap::new(),
            slots: Vec::new(),
            free: None,
            newest: None,
            oldest: None,
            now: Instant::ORIGIN,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<Place>
    where
        K: Borrow<Q>,
    {
        self.places.get(key).copied()
    }

    pub(super) fn entry(&self, place: Place) -> &Entry<K, V> {
        self.slots[place.0].entry.as_ref().expect("a place that is told is taken")
    }

    pub(super) fn entry_mut(&mut self, place: Place) -> &mut Entry<K, V> {
        self.slots[place.0].entry.as_mut().expect("a place that is told is taken")
    }

    /// All places, in the order of their keys.
    pub(super) fn by_key(&self) -> impl Iterator<Item = Place> {
        self.places.values().copied()
    }

    /// The place whose last use is longest ago.
    pub(super) const fn oldest(&self) -> Option<Place> {
        self.oldest
    }

    /// The place that was used next after this one.
    pub(super) fn newer(&self, place: Place) -> Option<Place> {
        self.slots[place.0].newer
    }

    /// Takes note of a reading. A clock that went back makes uses that would be in the future uses of now.
    pub(super) fn observe(&mut self, now: Instant) {
        if now < self.now {
            for entry in self.slots.iter_mut().filter_map(|slot| slot.entry.as_mut()) {
                entry.used = entry.used.min(now);
            }
        }
        self.now = now;
    }

    /// Makes this place the newest.
    pub(super) fn touch(&mut self, place: Place) {
        if self.newest != Some(place) {
            self.unlink(place);
            self.link(place);
        }
    }

    /// Adds a key that is not there yet, used last at `used`. The key comes twice, so that nothing is cloned here.
    pub(super) fn add(&mut self, keys: [K; 2], value: V, used: Instant) {
        let [key, index] = keys;
        let place = self.free.unwrap_or(Place(self.slots.len()));
        // First what may panic: the order of keys is foreign code.
        self.places.insert(index, place);
        let entry = Some(Entry { key, value, used });
        match self.slots.get_mut(place.0) {
            Some(slot) => {
                self.free = slot.newer.take();
                slot.entry = entry;
            }
            None => self.slots.push(Slot { entry, newer: None, older: None }),
        }
        self.link(place);
    }

    /// Takes what is at a place out, both its keys included.
    pub(super) fn take(&mut self, place: Place) -> Taken<K, V> {
        let entry = self.slots[place.0].entry.as_ref().expect("a place that is told is taken");
        // First what may panic, as above.
        let index = self.places.remove_entry(&entry.key).expect("each entry is found by its key").0;
        self.unlink(place);
        let slot = &mut self.slots[place.0];
        slot.newer = self.free.replace(place);
        let entry = slot.entry.take().expect("a place that is told is taken");
        Taken { value: entry.value, _keys: [index, entry.key] }
    }

    /// Puts a place that is in no list before all others.
    fn link(&mut self, place: Place) {
        let slot = &mut self.slots[place.0];
        (slot.newer, slot.older) = (None, self.newest);
        match self.newest {
            Some(newest) => self.slots[newest.0].newer = Some(place),
            None => self.oldest = Some(place),
        }
        self.newest = Some(place);
    }

    fn unlink(&mut self, place: Place) {
        let slot = &mut self.slots[place.0];
        let (newer, older) = (slot.newer.take(), slot.older.take());
        match newer {
            Some(newer) => self.slots[newer.0].older = older,
            None => self.newest = older,
        }
        match older {
            Some(older) => self.slots[older.0].newer = newer,
            None => self.oldest = newer,
        }
    }
}

/// What was taken out. To drop it runs foreign code.
#[must_use = "it is dropped outside the lock"]
pub(super) struct Taken<K, V> {
    pub(super) value: V,
    _keys: [K; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_order(shelf: &Shelf<u8, u8>) -> Vec<u8> {
        let mut next = shelf.oldest();
        let places = std::iter::from_fn(|| {
            let place = next?;
            next = shelf.newer(place);
            Some(place)
        });
        places.map(|place| shelf.entry(place).value).collect()
    }

    fn shelf_of(keys: std::ops::Range<u8>) -> Shelf<u8, u8> {
        let mut shelf = Shelf::new();
        for key in keys {
            shelf.add([key, key], key, Instant::from_nanos(key.into()));
        }
        shelf
    }

    #[test]
    fn what_is_used_comes_last_in_the_order_of_leaving() {
        let mut shelf = shelf_of(0..4);
        assert_eq!(in_order(&shelf), [0, 1, 2, 3]);
        for (key, order) in [(0, [1, 2, 3, 0]), (2, [1, 3, 0, 2]), (2, [1, 3, 0, 2])] {
            let place = shelf.find(&key).expect("it is there");
            shelf.touch(place);
            assert_eq!(in_order(&shelf), order);
        }
    }

    #[test]
    fn a_place_that_is_free_is_used_again() {
        let mut shelf = shelf_of(0..3);
        for key in [1, 0] {
            let place = shelf.find(&key).expect("it is there");
            assert_eq!(shelf.take(place).value, key);
        }
        for key in 3..5 {
            shelf.add([key, key], key, Instant::ORIGIN);
        }
        assert_eq!((shelf.len(), shelf.slots.len()), (3, 3));
        assert_eq!(in_order(&shelf), [2, 3, 4]);
        assert!(shelf.by_key().map(|place| shelf.entry(place).value).eq([2, 3, 4]));
        for key in 2..5 {
            let place = shelf.find(&key).expect("it is there");
            let _ = shelf.take(place);
        }
        assert_eq!((in_order(&shelf), shelf.len()), (Vec::new(), 0));
    }

    #[test]
    fn no_use_is_in_the_future() {
        let mut shelf = shelf_of(0..4);
        for now in [9, 2] {
            shelf.observe(Instant::from_nanos(now));
        }
        let used = shelf.by_key().map(|place| shelf.entry(place).used.as_nanos());
        assert!(used.eq([0, 1, 2, 2]));
    }
}
