//! emit 2.23, with the JSON that its emit_file writes, on the thread that emits: emit_file itself hands events to another one.

use crate::happening::{CONTEXT, Happening};
use crate::target::{Place, Target};
use crate::work::Work;
use emit::well_known::{KEY_MDL, KEY_MSG, KEY_TPL, KEY_TS};
use emit::{Emitter, Frame, Props};
use parking_lot::Mutex;
use retrip_core::logger::Level;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::time::Duration;

struct ToTarget(Mutex<Target>);

thread_local! {
    static LINE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Emitter for ToTarget {
    fn emit<E: emit::event::ToEvent>(&self, event: E) {
        let event = event.to_event();
        LINE.with_borrow_mut(|line| {
            line.clear();
            sval_json::stream_to_io_write(&mut *line, Told(&event)).expect("memory takes bytes");
            line.push(b'\n');
            self.0.lock().line(line).expect("the target takes what it is given");
        });
    }

    fn blocking_flush(&self, _: Duration) -> bool {
        true
    }
}

/// An event as emit_file has it in its default writer.
struct Told<'e, P>(&'e emit::Event<'e, P>);

impl<P: Props> sval::Value for Told<'_, P> {
    fn stream<'sval, S: sval::Stream<'sval> + ?Sized>(&'sval self, stream: &mut S) -> sval::Result {
        let Self(event) = self;
        stream.record_begin(None, None, None, None)?;
        if let Some(extent) = event.extent() {
            stream.record_value_begin(None, &sval::Label::new(KEY_TS))?;
            sval::stream_display(&mut *stream, extent.as_point())?;
            stream.record_value_end(None, &sval::Label::new(KEY_TS))?;
        }
        stream.record_value_begin(None, &sval::Label::new(KEY_MDL))?;
        sval::stream_display(&mut *stream, event.mdl())?;
        stream.record_value_end(None, &sval::Label::new(KEY_MDL))?;
        stream.record_value_begin(None, &sval::Label::new(KEY_MSG))?;
        sval::stream_display(&mut *stream, event.msg())?;
        stream.record_value_end(None, &sval::Label::new(KEY_MSG))?;
        stream.record_value_begin(None, &sval::Label::new(KEY_TPL))?;
        sval::stream_display(&mut *stream, event.tpl())?;
        stream.record_value_end(None, &sval::Label::new(KEY_TPL))?;
        let _ = event.props().dedup().for_each(|key, value| {
            let mut property = || {
                stream.record_value_begin(None, &sval::Label::new_computed(key.get()))?;
                stream.value_computed(&value)?;
                stream.record_value_end(None, &sval::Label::new_computed(key.get()))
            };
            match property() {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        stream.record_end(None, None, None)
    }
}

pub(crate) fn work(place: Place, level: Level) -> Work {
    let runtime = emit::setup()
        .emit_to(ToTarget(Mutex::new(Target::of(place))))
        .emit_when(emit::level::min_filter(emit::Level::Info))
        .init_runtime();
    Box::new(move |events| {
        let [(_, request_id), (_, session_id)] = CONTEXT;
        let context = emit::props! { request_id, session_id };
        Frame::push(runtime.ctxt(), context).call(|| {
            for _ in 0..events {
                let Happening { tool_name, query, attempt, score, cached, .. } = Happening::again();
                let duration_ms = Happening::again().millis();
                let event_type = "mcp.tool.completed";
                macro_rules! event {
                    ($log:ident) => {
                        emit::$log!(
                            rt: &runtime, "tool completed",
                            event_type, tool_name, query, attempt, score, cached, duration_ms
                        )
                    };
                }
                if level < Level::Info { event!(debug) } else { event!(info) }
            }
        });
    })
}
