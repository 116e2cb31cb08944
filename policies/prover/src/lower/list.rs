//! Conditions on keys that hold several values.

use super::condition::{absent, filled};
use super::keys::{AccessPoint, Binding, Keys};
use super::pattern::Rule;
use super::pattern::has_variable;
use super::variable::{Comparison, Subject, any_text, joint};
use crate::solve::{Formula, Glob, Pattern, Predicate, Token as Glyph, Var};
use narrows_iam::{Condition, Quantifier, Values};

/// The formula that a list has an element that is not the empty text: a list of nothing else counts as empty.
pub(crate) fn filled_list(list: Var) -> Formula {
    let some = Glob(vec![Glyph::One, Glyph::Many]);
    Formula::leaf(list, Predicate::AnyElement(some.into()))
}

/// The formula that a condition on a key with several values holds; `Null` is not asked here.
///
/// IAM counts nothing, so that it is enough to know which kinds of elements there are.
pub(super) fn lower_list(
    condition: &Condition,
    binding: &Binding,
    keys: &mut Keys,
    via: &AccessPoint,
) -> Formula {
    let without = absent(condition, keys, via);
    let several =
        format!("{} has several values and {} no quantifier", condition.spelled_key, condition.operator);
    let list = match binding {
        Binding::List(list) => *list,
        Binding::ServiceNames => {
            let service = keys.setting.service();
            let open = keys.open("which names of a service its requests carry is not documented");
            return Formula::or([Formula::and([service.clone(), open]), Formula::and([!service, without])]);
        }
        _ => return keys.open(format!("the value of {} cannot be known here", condition.spelled_key)),
    };
    let present = Formula::present(list);
    let Some(quantifier) = condition.operator.quantifier else {
        let open = keys.open(format!("{several} ({})", condition.location));
        return Formula::or([Formula::and([present.clone(), open]), Formula::and([!present, without])]);
    };
    let some = filled_list(list);
    let Values::Text(patterns) = &condition.values else {
        let open = keys.open(format!(
            "{} may hold a value that {} cannot read ({})",
            condition.spelled_key, condition.operator, condition.location
        ));
        return Formula::or([Formula::and([some.clone(), open]), Formula::and([!some, without])]);
    };
    let negated = condition.operator.negated;
    // A negated operator asks the opposite of each element.
    let all = (quantifier == Quantifier::ForAllValues) != negated;
    let predicate = if all { Predicate::AllElements } else { Predicate::AnyElement };
    let rule = Rule::of(condition.operator.family);
    let look = |_: &mut Keys, pattern: &Pattern| Formula::leaf(list, predicate(pattern.clone()));
    let name = format!("{} {all} {}", condition.key, via.is_own_leg());
    let comparison = Comparison { rule, subject: Subject::Other, name: &name, via };
    // Each element may match another text.
    let matched = match all && patterns.iter().any(has_variable) {
        true => joint(patterns, keys, &comparison, &look),
        false => any_text(patterns, keys, &comparison, &look),
    };
    let holds = if negated { Formula::and([!matched, filled(patterns, keys, via)]) } else { matched };
    Formula::or([Formula::and([some.clone(), holds]), Formula::and([!some, without])])
}
