//! How many texts a row has, and several of them: what comparing variables needs.

use std::collections::VecDeque;

use super::explore::Explored;
use super::machine::Machine;

/// The number of texts of each row, counted up to `most`.
pub(super) fn count(explored: &Explored, machine: &Machine<'_>, most: usize) -> Vec<usize> {
    let mut states = vec![0usize; explored.states()];
    if let Some(first) = states.first_mut() {
        *first = 1;
    }
    // Counts only grow and stop at `most`, so that this ends; loops grow until they reach it.
    let mut ways: Vec<usize> = Vec::with_capacity(explored.edges().len());
    for edge in explored.edges() {
        let choices = edge.label(explored).iter().map(|&letter| machine.nfa.alphabet.members(letter));
        ways.push(choices.fold(1usize, |all, one| all.saturating_mul(one)).min(most));
    }
    loop {
        let mut next = vec![0usize; states.len()];
        if let Some(first) = next.first_mut() {
            *first = 1;
        }
        for (edge, &ways) in explored.edges().iter().zip(&ways) {
            let before = states.get(edge.from as usize).copied().unwrap_or(0);
            if let Some(count) = next.get_mut(edge.to as usize) {
                *count = (*count + before.saturating_mul(ways)).min(most);
            }
        }
        if next == states {
            break;
        }
        states = next;
    }
    let mut rows = vec![0usize; explored.rows().len()];
    for &(row, state) in explored.ends() {
        if let Some(count) = rows.get_mut(row as usize) {
            *count = (*count + states.get(state as usize).copied().unwrap_or(0)).min(most);
        }
    }
    rows
}

/// Up to `most` different texts of a row, short ones first.
pub(super) fn texts(explored: &Explored, machine: &Machine<'_>, row: u32, most: usize) -> Vec<String> {
    // Only what leads to the row is followed, and no state more than `most` times: that is enough for `most` texts.
    let mut leads = vec![false; explored.states()];
    let ends = || explored.ends().iter().filter(|end| end.0 == row).map(|end| end.1);
    let mut waiting: Vec<u32> = ends().collect();
    let mut into = vec![Vec::new(); explored.states()];
    for (number, edge) in explored.edges().iter().enumerate() {
        if let Some(edges) = into.get_mut(edge.to as usize) {
            edges.push(number);
        }
    }
    while let Some(state) = waiting.pop() {
        if let Some(lead @ false) = leads.get_mut(state as usize) {
            *lead = true;
            let edges = into.get(state as usize).into_iter().flatten();
            waiting.extend(edges.filter_map(|&edge| explored.edges().get(edge)).map(|edge| edge.from));
        }
    }
    let mut from = vec![Vec::new(); explored.states()];
    for edge in explored.edges().iter().filter(|edge| leads.get(edge.to as usize) == Some(&true)) {
        if let Some(edges) = from.get_mut(edge.from as usize) {
            edges.push(edge);
        }
    }
    let accepting: Vec<u32> = ends().collect();
    let mut visits = vec![0usize; explored.states()];
    let mut queue = VecDeque::from([(0u32, String::new())]);
    let mut found = Vec::new();
    while let Some((state, text)) = queue.pop_front() {
        match visits.get_mut(state as usize) {
            Some(visits) if *visits < most => *visits += 1,
            _ => continue,
        }
        if accepting.contains(&state) {
            found.push(text.clone());
            if found.len() >= most {
                break;
            }
        }
        for edge in from.get(state as usize).into_iter().flatten() {
            let mut longer = vec![text.clone()];
            for &letter in edge.label(explored) {
                let mut next = Vec::new();
                // All first choices come first.
                for n in 0..most {
                    let choice = machine.nfa.alphabet.characters(letter).nth(n);
                    let Some(c) = choice else { break };
                    next.extend(longer.iter().map(|text| format!("{text}{c}")).take(most - next.len()));
                    if next.len() >= most {
                        break;
                    }
                }
                longer = next;
            }
            queue.extend(longer.into_iter().map(|text| (edge.to, text)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::{Glob, Pattern, Symbols};

    fn members(patterns: &[Pattern], most: usize) -> Vec<(usize, Vec<String>)> {
        let symbols = Symbols::new();
        let machine = Machine::new(patterns, &[&[]], std::iter::empty(), &symbols, false).unwrap();
        let explored = Explored::new(&machine, 1000, true).ok().unwrap();
        let counts = count(&explored, &machine, most);
        counts.into_iter().zip(0..).map(|(n, row)| (n, texts(&explored, &machine, row, most))).collect()
    }

    #[test]
    fn rows_are_counted_and_listed() {
        let found = members(&[Pattern::literal("ab"), Glob::wildcards("a*").into()], 4);
        let show = |texts: &[String]| texts.join(" ");
        let found: Vec<String> = found.iter().map(|(n, texts)| format!("{n}: {}", show(texts))).collect();
        assert_eq!(found, ["4:  x y z", "4: a ax ay az", "1: ab"]);
    }

    #[test]
    fn a_folded_letter_has_two_members() {
        let found = members(&[Pattern::from(Glob::literal_in_any_case("gO"))], 9);
        assert_eq!(found[1], (4, ["go", "Go", "gO", "GO"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn every_member_of_a_class_counts() {
        use crate::solve::{Class, Token};
        let mut patterns = vec![Pattern::from(Glob(vec![Token::Within(Class::Digit)]))];
        patterns.extend(('0'..='9').map(|c| Pattern::literal(&format!("x{c}"))));
        let found = members(&patterns, 20);
        assert!(found.iter().any(|(count, _)| *count == 10), "{found:?}");
    }

    #[test]
    fn what_matched_for_good_has_many_members() {
        let found = members(&[Glob::any().into()], 3);
        assert_eq!(found, [(3, ["", "x", "y"].map(str::to_owned).to_vec())]);
    }
}
