//! What a run of a program takes: time, processor time, memory.

use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks a second of the processor times in /proc, the same on every Linux.
const TICKS: f64 = 100.0;

/// How often the memory of a running program is read.
const LOOK: Duration = Duration::from_millis(20);

/// What a run of a program took.
pub(crate) struct Cost {
    pub(crate) wall: f64,
    /// Processor seconds.
    pub(crate) cpu: f64,
    /// The most memory at any time, in bytes.
    pub(crate) memory: u64,
}

impl Cost {
    pub(crate) fn print(&self, name: &str, pages: usize) {
        println!(
            "{name:24} {:7.0} pages/s   {:.3} ms of processor a page   {:5.0} MB at most",
            pages as f64 / self.wall,
            self.cpu * 1000.0 / pages as f64,
            self.memory as f64 / 1e6
        );
    }
}

/// Runs a program to its end; `input` goes to its standard input.
pub(crate) fn measure(mut command: Command, input: Option<String>) -> Cost {
    let before = waited_for();
    let start = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.spawn().expect("the program starts");
    let feeder = input.zip(child.stdin.take()).map(|(input, mut pipe)| {
        std::thread::spawn(move || {
            let _ = pipe.write_all(input.as_bytes());
        })
    });
    let mut memory = 0;
    let status = loop {
        memory = memory.max(peak_memory(&child));
        if let Some(status) = child.try_wait().expect("a child to wait for") {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    let wall = start.elapsed().as_secs_f64();
    if let Some(feeder) = feeder {
        let _ = feeder.join();
    }
    assert!(status.success(), "{command:?} ended with {status}");
    Cost { wall, cpu: waited_for() - before, memory }
}

/// Processor seconds of all children that ended.
fn waited_for() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("/proc");
    // After the name in brackets come state and numbers; the children's times are the 14th and 15th of these.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields[13..15].iter().filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS
}

fn peak_memory(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}
