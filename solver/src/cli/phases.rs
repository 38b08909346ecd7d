//! `--timings`: seconds and peak memory of each phase, on standard error.

use std::time::Instant;

/// A stopwatch that says what each phase took, when asked to.
#[derive(Debug)]
pub struct Phases {
    is_wanted: bool,
    start: Instant,
    last: Instant,
}

impl Phases {
    /// Starts; `is_wanted` says whether anything is printed.
    pub fn start(is_wanted: bool) -> Self {
        let now = Instant::now();
        Self { is_wanted, start: now, last: now }
    }

    /// Ends a phase.
    pub fn end(&mut self, name: &str) {
        let now = Instant::now();
        self.say(name, (now - self.last).as_secs_f64());
        self.last = now;
    }

    /// Ends the last phase and states the whole.
    pub fn finish(&mut self, name: &str) {
        self.end(name);
        self.say("in all", self.start.elapsed().as_secs_f64());
    }

    fn say(&self, name: &str, seconds: f64) {
        if !self.is_wanted {
            return;
        }
        match peak_memory_mib() {
            Some(mib) => eprintln!("{seconds:9.3} s  peak {mib:6} MiB  {name}"),
            None => eprintln!("{seconds:9.3} s  {name}"),
        }
    }
}

/// Most memory this process has held so far, in MiB; `None` where the system does not say.
pub fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib / 1024)
}
