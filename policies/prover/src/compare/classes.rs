//! Actions that no statement of either side tells apart are decided alike, and asked about together.

use super::Side;
use super::changes::Group;
use crate::access::Policy;
use crate::lower::matches_action;
use crate::question::Actions;
use crate::scene;
use narrows_iam::{Pattern, Token};
use narrows_model::is_symbol;
use std::collections::BTreeMap;

/// Actions that are decided alike.
pub(super) struct Class {
    pub actions: Vec<String>,
}

impl Class {
    /// The actions by what kind they are.
    pub fn groups(&self) -> BTreeMap<Group, Vec<String>> {
        let mut groups: BTreeMap<Group, Vec<String>> = BTreeMap::new();
        for action in &self.actions {
            groups.entry(Group::of(action)).or_default().push(action.clone());
        }
        groups
    }
}

/// The actions in classes, in order of their first action.
pub(super) fn classes(sides: &[Side<'_>; 2], actions: &Actions) -> Vec<Class> {
    let mut clauses: Vec<&[Pattern]> = Vec::new();
    for document in sides.iter().flat_map(policies).filter_map(scene::document) {
        clauses.extend(document.statements.iter().map(|it| it.action.patterns.as_slice()));
    }
    clauses.sort_by_key(|patterns| patterns.iter().map(|it| it.spelled.as_str()).collect::<Vec<_>>());
    clauses.dedup_by(|a, b| a.iter().map(|it| &it.spelled).eq(b.iter().map(|it| &it.spelled)));
    let mut found: Vec<(Vec<bool>, Class)> = Vec::new();
    for action in actions.iter() {
        let matches = |patterns: &&[Pattern]| {
            patterns.iter().any(|pattern| matches_action(pattern.tokens(), action.as_bytes()))
        };
        let vector: Vec<bool> = clauses.iter().map(matches).collect();
        let known = clauses.iter().copied().flatten().flat_map(|it| it.tokens()).all(plain);
        match found.iter_mut().find(|(of, _)| known && *of == vector) {
            Some((_, class)) => class.actions.push(action.clone()),
            None => found.push((vector, Class { actions: vec![action.clone()] })),
        }
    }
    found.into_iter().map(|(_, class)| class).collect()
}

fn plain(token: &Token) -> bool {
    match token {
        Token::Char(c) => !is_symbol(*c),
        Token::One | Token::Many => true,
        Token::Variable(_) => false,
    }
}

/// All policies of a side.
fn policies<'a>(side: &Side<'a>) -> impl Iterator<Item = &'a Policy> {
    let model = side.model;
    let buckets = model.buckets.iter().map(|it| &it.policy);
    let mraps = model.mraps.iter().map(|it| &it.policy);
    let endpoints = model.endpoints.iter().map(|it| &it.policy);
    let identities = model.identities.iter().flat_map(|it| it.policies.iter().chain([&it.boundary]));
    let controls = model
        .controls
        .iter()
        .flat_map(|it| it.service.iter().flat_map(|level| &level.policies).chain(&it.resource));
    buckets.chain(mraps).chain(endpoints).chain(identities).chain(controls)
}
