/// Whether something holds, where AWS's documents may leave the answer open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It holds on no reading.
    No,
    /// It holds on some readings.
    Maybe,
    /// It holds on every reading.
    Yes,
}

impl Truth {
    /// From a bound on each side: `lo` on every reading, `hi` on some.
    pub fn from_bounds(lo: bool, hi: bool) -> Self {
        match (lo, hi) {
            (true, _) => Self::Yes,
            (false, true) => Self::Maybe,
            (false, false) => Self::No,
        }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it holds on every reading.
    pub fn lo(self) -> bool {
        self == Self::Yes
    }

    /// Whether it holds on some reading.
    pub fn hi(self) -> bool {
        self != Self::No
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
