//! Where in a list a name stands: every thread that begins asks whether its own is taken.

/// So many names are looked through one by one; among more a table finds one sooner.
const FEW: usize = 8;

/// The places of names in a list that is kept elsewhere, and that every question is given as a function.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Where there are many: open addressing with linear probing, at most half full, its length a power of two.
    table: Vec<Option<u32>>,
    count: usize,
}

impl Names {
    /// The place of `name`, where `name_at` says which name stands at a place.
    pub(crate) fn find<'a>(&self, name: &str, name_at: impl Fn(usize) -> &'a str) -> Option<usize> {
        if self.table.is_empty() {
            return (0..self.count).find(|&place| name_at(place) == name);
        }
        let mut found = self.rooms(name).map_while(|room| self.table[room]);
        found.find(|&place| name_at(place as usize) == name).map(|place| place as usize)
    }

    /// One more name stands at the end of the list.
    pub(crate) fn push<'a>(&mut self, name_at: impl Fn(usize) -> &'a str) {
        self.count += 1;
        if self.count <= FEW {
            return;
        }
        let mut first = self.count - 1;
        if 2 * self.count > self.table.len() {
            self.table = vec![None; 4 * self.count.next_power_of_two()];
            first = 0;
        }
        for place in first..self.count {
            let free = self.rooms(name_at(place)).find(|&room| self.table[room].is_none());
            let place = u32::try_from(place).expect("fewer than 2^32 names");
            self.table[free.expect("half of the table is free")] = Some(place);
        }
    }

    /// Where in the table `name` would be, the likeliest first.
    fn rooms(&self, name: &str) -> impl Iterator<Item = usize> + use<> {
        let (first, length) = (fnv(name) as usize, self.table.len());
        (0..length).map(move |ahead| first.wrapping_add(ahead) & (length - 1))
    }
}

/// FNV-1a (Fowler, Noll and Vo): it decides where a name lies, and nothing that anybody sees.
fn fnv(name: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found_however_many_there_are() {
        let (mut names, mut list) = (Names::default(), Vec::<String>::new());
        for count in 0..300_usize {
            let name = format!("thread-{count}");
            assert_eq!(names.find(&name, |place| &list[place]), None);
            list.push(name);
            names.push(|place| &list[place]);
            for known in [0, count / 2, count] {
                let name = format!("thread-{known}");
                let found = names.find(&name, |place| &list[place]);
                assert_eq!(found, Some(known), "of {count}");
            }
        }
        assert_eq!(names.find("", |place| &list[place]), None);
    }
}
