//! The SAT solver behind the search, with clauses in our words.

use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, SolverOpts, lbool};

use super::plan::Op;

/// What stands for a formula in the solver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// Known.
    Const(bool),
    /// If the literal holds, so does the formula.
    If(Lit),
}

impl Truth {
    /// What stands for the opposite; only where a literal holds exactly if the formula does.
    pub(super) fn not(self) -> Self {
        match self {
            Self::Const(value) => Self::Const(!value),
            Self::If(lit) => Self::If(!lit),
        }
    }
}

/// Stops the solver after so many conflicts.
struct Budget {
    left: u64,
}

impl Callbacks for Budget {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        if kind == ClauseKind::Learnt {
            self.left = self.left.saturating_sub(1);
        }
    }

    fn stop(&self) -> bool {
        self.left == 0
    }
}

/// A set of clauses and its last solution.
pub(super) struct Sat {
    solver: Solver<Budget>,
    buffer: Vec<Lit>,
    stack: Vec<Truth>,
    model: Vec<lbool>,
    kept: Vec<lbool>,
}

impl Sat {
    /// No clauses; gives up after `conflicts`.
    pub(super) fn new(conflicts: u64) -> Self {
        Self {
            solver: Solver::new(SolverOpts::default(), Budget { left: conflicts.max(1) }),
            buffer: Vec::new(),
            stack: Vec::new(),
            model: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// A literal that nothing is known about, tried as false first.
    pub(super) fn fresh(&mut self) -> Lit {
        Lit::new(self.solver.new_var_default(), true)
    }

    /// Demands one of `lits`.
    pub(super) fn clause(&mut self, lits: impl IntoIterator<Item = Lit>) {
        self.buffer.clear();
        self.buffer.extend(lits);
        self.solver.add_clause_reuse(&mut self.buffer);
    }

    /// Demands exactly one of `lits`.
    pub(super) fn exactly_one(&mut self, lits: &[Lit]) {
        self.clause(lits.iter().copied());
        if lits.len() <= 5 {
            for (n, &one) in lits.iter().enumerate() {
                for &two in lits.iter().skip(n + 1) {
                    self.clause([!one, !two]);
                }
            }
            return;
        }
        // A ladder: `seen` holds from the chosen literal on.
        let mut seen: Option<Lit> = None;
        for &lit in lits {
            let now = self.fresh();
            self.clause([!lit, now]);
            if let Some(before) = seen {
                self.clause([!before, now]);
                self.clause([!before, !lit]);
            }
            seen = Some(now);
        }
    }

    /// Runs a formula and gives what stands for it; `answer` knows the questions.
    pub(super) fn formula(&mut self, ops: &[Op], answer: impl Fn(u32, u32) -> Truth) -> Truth {
        let mut stack = std::mem::take(&mut self.stack);
        stack.clear();
        for op in ops {
            let result = match *op {
                Op::Const(value) => Truth::Const(value),
                Op::Ask(var, question) => answer(var, question),
                Op::All(count) | Op::Any(count) => {
                    let all = matches!(op, Op::All(_));
                    let from = stack.len().saturating_sub(count);
                    let result = self.combine(stack.get(from..).unwrap_or(&[]), all);
                    stack.truncate(from);
                    result
                }
            };
            stack.push(result);
        }
        let result = stack.pop().unwrap_or(Truth::Const(true));
        self.stack = stack;
        result
    }

    fn combine(&mut self, parts: &[Truth], all: bool) -> Truth {
        if parts.contains(&Truth::Const(!all)) {
            return Truth::Const(!all);
        }
        let lits =
            || parts.iter().filter_map(|part| if let Truth::If(lit) = part { Some(*lit) } else { None });
        let Some(first) = lits().next() else { return Truth::Const(all) };
        if lits().all(|lit| lit == first) {
            return Truth::If(first);
        }
        let result = self.fresh();
        if all {
            for lit in lits() {
                self.clause([!result, lit]);
            }
        } else {
            self.clause(lits().chain([!result]));
        }
        Truth::If(result)
    }

    /// Demands that a formula hold.
    pub(super) fn demand(&mut self, ops: &[Op], answer: impl Fn(u32, u32) -> Truth) {
        let outer = match ops.split_last() {
            // A disjunction of answers is a clause as it stands.
            Some((Op::Any(count), parts)) if *count == parts.len() => {
                let mut lits = Vec::with_capacity(parts.len());
                for op in parts {
                    match self.formula(std::slice::from_ref(op), &answer) {
                        Truth::Const(true) => return,
                        Truth::Const(false) => {}
                        Truth::If(lit) => lits.push(lit),
                    }
                }
                self.clause(lits);
                return;
            }
            _ => self.formula(ops, answer),
        };
        match outer {
            Truth::Const(true) => {}
            Truth::Const(false) => self.clause([]),
            Truth::If(lit) => self.clause([lit]),
        }
    }

    /// Whether everything demanded can hold, with `wish` too if given; nothing when it takes too long.
    pub(super) fn solve(&mut self, wish: Option<Lit>) -> Option<bool> {
        let found = self.solver.solve_limited(wish.as_slice());
        if found == lbool::TRUE {
            self.model.clear();
            self.model.extend_from_slice(self.solver.get_model());
            Some(true)
        } else if found == lbool::FALSE {
            Some(false)
        } else {
            None
        }
    }

    /// Keeps the last solution, whatever comes.
    pub(super) fn keep(&mut self) {
        self.kept.clone_from(&self.model);
    }

    /// Goes back to the solution that was kept.
    pub(super) fn restore(&mut self) {
        self.model.clone_from(&self.kept);
    }

    /// Whether a literal holds in the last solution.
    pub(super) fn holds(&self, lit: Lit) -> bool {
        let value = self.model.get(lit.var().idx() as usize).copied().unwrap_or(lbool::UNDEF);
        value == if lit.sign() { lbool::TRUE } else { lbool::FALSE }
    }

    /// Whether what stands for a formula holds in the last solution.
    pub(super) fn is_true(&self, truth: Truth) -> bool {
        match truth {
            Truth::Const(value) => value,
            Truth::If(lit) => self.holds(lit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_holds() {
        for count in [1, 2, 3, 5, 6, 9] {
            for chosen in 0..count {
                let mut sat = Sat::new(1000);
                let lits: Vec<Lit> = (0..count).map(|_| sat.fresh()).collect();
                sat.exactly_one(&lits);
                sat.clause([lits[chosen]]);
                assert_eq!(sat.solve(None), Some(true));
                let held: Vec<usize> = (0..count).filter(|&n| sat.holds(lits[n])).collect();
                assert_eq!(held, [chosen]);
                if count > 1 {
                    sat.clause([lits[(chosen + 1) % count]]);
                    assert_eq!(sat.solve(None), Some(false));
                }
            }
        }
    }

    #[test]
    fn a_solver_that_takes_too_long_says_so() {
        // Nine pigeons, eight holes.
        let mut sat = Sat::new(50);
        let seats: Vec<Vec<Lit>> = (0..9).map(|_| (0..8).map(|_| sat.fresh()).collect()).collect();
        for pigeon in &seats {
            sat.clause(pigeon.iter().copied());
        }
        for (n, one) in seats.iter().enumerate() {
            for two in &seats[n + 1..] {
                for (&one, &two) in one.iter().zip(two) {
                    sat.clause([!one, !two]);
                }
            }
        }
        assert_eq!(sat.solve(None), None);
    }

    #[test]
    fn literals_are_false_unless_needed() {
        let mut sat = Sat::new(1000);
        let lits: Vec<Lit> = (0..4).map(|_| sat.fresh()).collect();
        sat.clause([lits[0], lits[1]]);
        assert_eq!(sat.solve(None), Some(true));
        assert_eq!(lits.iter().filter(|&&lit| sat.holds(lit)).count(), 1);
    }
}
