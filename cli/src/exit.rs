use narrows_checks::{Outcome, View};
use std::process::ExitCode;

/// How a run ends; its number is the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything that was asked is proved.
    Clean = 0,
    /// Something is refuted or found.
    Refuted = 1,
    /// The tool or an input failed.
    Failed = 2,
    /// Something is undecided, or no guardrail could be asked at all.
    Undecided = 3,
}

impl Exit {
    /// The exit that a view calls for.
    pub(crate) fn of(view: &View) -> Self {
        if view.count(Outcome::Refuted) > 0 || !view.findings.is_empty() {
            Self::Refuted
        } else if view.count(Outcome::Unknown) > 0 || view.verdicts.is_empty() {
            Self::Undecided
        } else {
            Self::Clean
        }
    }

    /// The exit code.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
