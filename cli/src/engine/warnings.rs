//! What an engine warns of though it succeeds.

/// The warnings in what `plan -no-color` printed: they stand between the plan and a rule, after which it says what to do next.
pub(super) fn of(printed: &str) -> Option<String> {
    let lines = printed.lines().skip_while(|line| !line.starts_with("Warning: "));
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with('─')).collect();
    let text = lines.join("\n").trim_end().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_what_stands_between_the_plan_and_the_rule() {
        let plan = "Plan: 1 to add, 0 to change, 0 to destroy.\n";
        let warnings = "Warning: Value for undeclared variable\n\nThe root module does not declare \"a\".\n\nWarning: Check block \
                        assertion failed\n\n  on main.tf line 4:\n   4:   condition = false\n    ├────\n    │ x is 1\n\nno";
        let printed = format!("{plan}\n{warnings}\n\n──────────\n\nSaved the plan to: narrows.plan\n");
        assert_eq!(of(&printed).as_deref(), Some(warnings));
        assert_eq!(of(&format!("{plan}\n──────────\n\nSaved the plan to: narrows.plan\n")), None);
        assert_eq!(of(""), None);
    }
}
