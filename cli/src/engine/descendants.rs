//! The programs that a program started.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The processes that descend from one, the nearest first.
pub(super) fn of(process: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (parent, child) in all() {
        children.entry(parent).or_default().push(child);
    }
    let mut found = Vec::new();
    let mut next = vec![process];
    while let Some(parent) = next.pop() {
        // Each has one parent, so that none is met twice.
        let of_it = children.remove(&parent).unwrap_or_default();
        next.extend(&of_it);
        found.extend(of_it);
    }
    found
}

/// Each process with its parent, the parent first: from `/proc`, else from `ps`.
fn all() -> Vec<(u32, u32)> {
    match fs::read_dir("/proc/self").and(fs::read_dir("/proc")) {
        Ok(entries) => entries.filter_map(|entry| stat(&entry.ok()?.path())).collect(),
        Err(_) => listed(),
    }
}

fn stat(folder: &Path) -> Option<(u32, u32)> {
    let process = folder.file_name()?.to_str()?.parse().ok()?;
    let stat = fs::read(folder.join("stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    // The name, in parentheses, may hold anything; state and parent come after it.
    let (_, rest) = stat.rsplit_once(')')?;
    Some((rest.split_whitespace().nth(1)?.parse().ok()?, process))
}

fn listed() -> Vec<(u32, u32)> {
    let mut ps = Command::new("ps");
    let output = ps.args(["-A", "-o", "ppid=,pid="]).stdin(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let pair = |line: &str| {
        let mut numbers = line.split_whitespace().map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    text.lines().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_of_children_are_found_in_whatever_group_they_are() {
        let mut child = Command::new("sh").args(["-c", "sh -c 'sleep 60; true' & wait"]).spawn().unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        let mut found = Vec::new();
        while found.len() < 2 && std::time::Instant::now() < deadline {
            std::thread::sleep(std::time::Duration::from_millis(20));
            found = of(child.id());
        }
        let kill = Command::new("kill").args(found.iter().map(u32::to_string)).status();
        assert!(kill.is_ok());
        let _ = child.wait();
        assert_eq!(found.len(), 2);
    }
}
