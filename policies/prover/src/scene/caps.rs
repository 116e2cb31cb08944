//! What caps a caller's access on a leg, whatever its own policies allow: permission boundaries.

use super::legs::lowered;
use crate::access::{AccessModel, Policy};
use crate::lower::{AccessPoint, Keys, Resource};
use crate::solve::{Formula, Pattern};

/// What the policies that cap the caller say on one leg.
pub(super) struct Caps {
    /// All of them allow it; true of callers without such a policy.
    pub allows: Formula,
    /// One of them denies it.
    pub denied: Formula,
}

/// What caps the callers of a leg.
pub(super) fn caps(model: &AccessModel, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Caps {
    let (mut allows, mut denied) = (Vec::new(), Vec::new());
    for identity in &model.identities {
        if matches!(identity.boundary, Policy::None) {
            continue;
        }
        let is = keys.setting.arn_matches(Pattern::literal(&identity.arn));
        match identity.boundary.unknown_reason("permission boundary") {
            // What it denies, it does not allow either.
            Some(reason) => allows.push(Formula::or([!is, keys.open(reason)])),
            None => {
                let boundary = lowered(&identity.boundary, keys, resource, via);
                allows.push(Formula::or([!is.clone(), boundary.by_name]));
                denied.push(Formula::and([is, boundary.denied]));
            }
        }
    }
    Caps { allows: Formula::and(allows), denied: Formula::or(denied) }
}

/// The caller is a role whose permission boundary is in the input.
pub(super) fn bounded(model: &AccessModel, keys: &Keys) -> Formula {
    let known =
        model.identities.iter().filter(|identity| matches!(identity.boundary, Policy::Document { .. }));
    Formula::or(known.map(|it| keys.setting.arn_matches(Pattern::literal(&it.arn))).collect::<Vec<_>>())
}

impl Caps {
    /// Nothing caps anybody.
    pub fn none(&self) -> bool {
        self.allows == Formula::Const(true)
    }

    /// What an Allow by name is worth within an account: AWS says both that a boundary caps it and that it does not.
    pub fn by_name(&self, by_name: Formula, keys: &mut Keys) -> Formula {
        if self.none() {
            return by_name;
        }
        let open =
            keys.open("whether a permission boundary caps what a resource policy allows by name is open");
        Formula::and([by_name, Formula::or([self.allows.clone(), open])])
    }
}
