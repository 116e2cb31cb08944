use narrows_checks::{AccessView, Counts, RulingView};
use std::process::ExitCode;

/// How a run ends; its number is the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything that was asked is proved, or the request is allowed.
    Clean = 0,
    /// Something is refuted, or the request is denied.
    Refuted = 1,
    /// The tool or an input failed.
    Failed = 2,
    /// Something is undecided, or no guardrail could be asked at all, or the decision depends on what is not known.
    Undecided = 3,
}

impl Exit {
    /// The exit that verdicts call for.
    pub(crate) fn of(verdicts: Counts) -> Self {
        if verdicts.refuted > 0 {
            Self::Refuted
        } else if verdicts.unknown > 0 || verdicts.all() == 0 {
            Self::Undecided
        } else {
            Self::Clean
        }
    }

    /// The exit that a change calls for: what a reviewer must look at is what is added.
    pub(crate) fn of_change(access: AccessView) -> Self {
        match access {
            AccessView::Unchanged | AccessView::Removed => Self::Clean,
            AccessView::Added => Self::Refuted,
            AccessView::Unknown => Self::Undecided,
        }
    }

    /// The exit that a request's decision calls for.
    pub(crate) fn of_request(decision: RulingView) -> Self {
        match decision {
            RulingView::Allowed => Self::Clean,
            RulingView::Denied => Self::Refuted,
            RulingView::Depends => Self::Undecided,
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
