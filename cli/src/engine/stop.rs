use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody wants the run to end: while it lives, the signals that end a program are noted instead, so that the
/// engine is ended and the copy removed first.
#[derive(Debug)]
pub(crate) struct Stop {
    wanted: Arc<AtomicBool>,
    /// From then on the signals end the program again.
    over: Arc<AtomicBool>,
}

impl Stop {
    pub(crate) fn listen() -> io::Result<Self> {
        let stop = Self { wanted: Arc::default(), over: Arc::default() };
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register_conditional_default(signal, Arc::clone(&stop.over))?;
            signal_hook::flag::register(signal, Arc::clone(&stop.wanted))?;
        }
        Ok(stop)
    }

    /// What says whether the run is to end, for threads.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.wanted)
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::SeqCst)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}
