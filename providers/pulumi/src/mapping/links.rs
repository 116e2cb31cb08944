use crate::state::State;
use narrows_model::{Kind, ResourceId};
use std::cell::Cell;

/// What the properties of a resource come from.
pub(crate) struct Links<'a> {
    state: State<'a>,
    /// Whether anything was taken to be what it comes from.
    used: Cell<bool>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(state: State<'a>) -> Self {
        Self { state, used: Cell::new(false) }
    }

    /// The resources of these kinds that a property comes from, if they are so many.
    pub(super) fn fitting(&self, property: &str, kinds: &[Kind], count: usize) -> Vec<ResourceId> {
        if count == 0 {
            return Vec::new();
        }
        let mut found = self.state.dependencies_of(property);
        found.retain(|id| kinds.contains(&id.kind));
        found.sort();
        found.dedup();
        if found.len() != count {
            return Vec::new();
        }
        self.used.set(true);
        found
    }

    /// Whether anything was taken to be what it comes from.
    pub(crate) fn used(&self) -> bool {
        self.used.get()
    }
}
