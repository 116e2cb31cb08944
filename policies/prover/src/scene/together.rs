//! Rules about keys that say something of each other, and about the names of roles.

use crate::access::AccessModel;
use crate::lower::{Keys, Sort, filled_list};
use crate::solve::{Formula, Glob, Leaf, Pattern, Predicate, Token, Var};
use narrows_iam::ConditionKey;
use narrows_model::is_symbol;

/// What is true of every request about the keys that `formulas` look at. Each rule names its source.
///
/// Where the ARN of the caller is given, only such requests are spoken of.
pub(crate) fn axioms(
    keys: &mut Keys,
    model: &AccessModel,
    formulas: [&Formula; 2],
    caller: Option<&str>,
) -> Formula {
    let mut rules = Vec::new();
    rules.extend(tags(keys));
    rules.extend(called_via(keys, formulas));
    rules.extend(organisation(keys, formulas));
    rules.extend(credentials(keys));
    rules.extend(role_names(keys, model, caller));
    rules.extend(super::spellings::axioms(keys, formulas));
    Formula::and(rules)
}

fn free(keys: &Keys, name: &str, list: bool) -> Option<Var> {
    let (sort, var) = keys.free.get(&ConditionKey::new(name))?;
    ((*sort == Sort::List) == list).then_some(*var)
}

pub(super) fn implies(one: Formula, other: Formula) -> Formula {
    Formula::or([!one, other])
}

fn some_element(list: Var, pattern: Pattern) -> Formula {
    Formula::leaf(list, Predicate::AnyElement(pattern))
}

/// A tag that a request has is one of the tag keys that it has; keys of condition keys are read in any case.
///
/// Sources: IAM User Guide, "Controlling access to AWS resources using tags", for `aws:RequestTag` and `aws:TagKeys`; S3
/// User Guide, "Tagging and access control policies", for the tags of objects. A request that takes tags away has tag keys
/// without tags, so that the reverse does not hold.
fn tags(keys: &Keys) -> Vec<Formula> {
    let mut rules = Vec::new();
    for (of_tags, start) in
        [("aws:TagKeys", "aws:requesttag/"), ("s3:RequestObjectTagKeys", "s3:requestobjecttag/")]
    {
        let Some(list) = free(keys, of_tags, true) else { continue };
        for (key, (_, var)) in &keys.free {
            let Some(tag) = key.as_str().strip_prefix(start) else { continue };
            let named = Pattern::exact([Glob::literal_in_any_case(tag)]);
            rules.push(implies(Formula::present(*var), some_element(list, named)));
        }
    }
    rules
}

/// Services that a request came through: only where a service forwards it; the first and the last are among them.
///
/// Source: IAM User Guide, "AWS global condition context keys": `aws:CalledVia`, `aws:CalledViaFirst`, `aws:ViaAWSService`.
fn called_via(keys: &Keys, formulas: [&Formula; 2]) -> Vec<Formula> {
    let mut rules = Vec::new();
    let list = free(keys, "aws:CalledVia", true);
    let ends: Vec<Var> = ["aws:CalledViaFirst", "aws:CalledViaLast"]
        .into_iter()
        .filter_map(|name| free(keys, name, false))
        .collect();
    if let Some(via) = free(keys, "aws:ViaAWSService", false) {
        let forwarded = Formula::matches(via, Pattern::literal("true"));
        for var in ends.iter().chain(&list) {
            rules.push(implies(Formula::present(*var), forwarded.clone()));
        }
    }
    if let [first, last] = ends[..] {
        rules.push(implies(Formula::present(first), Formula::present(last)));
        rules.push(implies(Formula::present(last), Formula::present(first)));
    }
    let Some(list) = list else { return rules };
    for end in ends {
        rules.push(implies(Formula::present(end), filled_list(list)));
        rules.push(implies(filled_list(list), Formula::present(end)));
        for pattern in patterns(&formulas, &[list, end]) {
            rules.push(implies(Formula::matches(end, pattern.clone()), some_element(list, pattern.clone())));
            let all = Formula::and([
                Formula::present(end),
                Formula::leaf(list, Predicate::AllElements(pattern.clone())),
            ]);
            rules.push(implies(all, Formula::matches(end, pattern)));
        }
    }
    rules
}

/// A path through an organisation begins with the organisation's id, and anonymous callers belong to none.
///
/// Source: IAM User Guide, "AWS global condition context keys": `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`.
fn organisation(keys: &Keys, formulas: [&Formula; 2]) -> Vec<Formula> {
    let Some(paths) = free(keys, "aws:PrincipalOrgPaths", true) else { return Vec::new() };
    let mut rules = vec![!Formula::and([keys.setting.anonymous(), Formula::present(paths)])];
    let Some(id) = free(keys, "aws:PrincipalOrgID", false) else { return rules };
    rules.push(implies(filled_list(paths), Formula::present(id)));
    let mut ids: Vec<Vec<Token>> = Vec::new();
    for pattern in patterns(&formulas, &[id, paths]) {
        for glob in pattern.lo().iter().chain(pattern.hi()) {
            let start: Vec<Token> =
                glob.0.iter().take_while(|token| **token != Token::Char('/')).copied().collect();
            let plain = |token: &Token| matches!(token, Token::Char(c) if !is_symbol(*c));
            if start.iter().all(plain) && !ids.contains(&start) {
                ids.push(start);
            }
        }
    }
    for own in ids {
        let below = own.iter().copied().chain([Token::Char('/'), Token::Many]).collect();
        let below = Pattern::exact([Glob(below)]);
        let is = Formula::matches(id, Pattern::exact([Glob(own)]));
        rules.push(implies(some_element(paths, below.clone()), is.clone()));
        rules.push(implies(is, Formula::leaf(paths, Predicate::AllElements(below))));
    }
    rules
}

/// Anonymous callers have no temporary credentials.
///
/// Source: IAM User Guide, "AWS global condition context keys": `aws:MultiFactorAuthAge`, `aws:MultiFactorAuthPresent`,
/// `aws:TokenIssueTime`.
fn credentials(keys: &Keys) -> Vec<Formula> {
    ["aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:TokenIssueTime"]
        .into_iter()
        .filter_map(|name| free(keys, name, false))
        .map(|var| !Formula::and([keys.setting.anonymous(), Formula::present(var)]))
        .collect()
}

/// An account has no two roles with one name, whatever their path and case: where one is in the input, there is no other.
///
/// Source: IAM API reference, `CreateRole`: names are unique in an account and not distinguished by case.
fn role_names(keys: &Keys, model: &AccessModel, caller: Option<&str>) -> Vec<Formula> {
    let last = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_lowercase();
    let caller = caller.filter(|arn| !arn.contains(is_symbol)).map(last);
    let mut rules = Vec::new();
    for identity in &model.identities {
        let Some((start, role)) =
            identity.arn.split_once(":role/").filter(|_| !identity.arn.contains(is_symbol))
        else {
            continue;
        };
        if caller.as_ref().is_some_and(|name| *name != last(role)) {
            continue;
        }
        let name = Glob::literal_in_any_case(role.rsplit('/').next().unwrap_or(role));
        let start = Glob::literal(&format!("{start}:role/"));
        let glob = |between: &[Token]| Glob([&start.0, between, &name.0].concat());
        let named = [glob(&[]), glob(&[Token::Many, Token::Char('/')])];
        let is = keys.setting.arn_matches(Pattern::literal(&identity.arn));
        rules.push(implies(keys.setting.arn_matches(Pattern::exact(named)), is));
    }
    rules
}

/// The patterns that formulas ask of these variables or of their elements.
pub(super) fn patterns(formulas: &[&Formula], of: &[Var]) -> Vec<Pattern> {
    fn collect(formula: &Formula, of: &[Var], found: &mut Vec<Pattern>) {
        match formula {
            Formula::And(parts) | Formula::Or(parts) => {
                parts.iter().for_each(|part| collect(part, of, found))
            }
            Formula::Not(part) => collect(part, of, found),
            Formula::Leaf(Leaf { var, predicate }) if of.contains(var) => match predicate {
                Predicate::Matches(pattern)
                | Predicate::AnyElement(pattern)
                | Predicate::AllElements(pattern)
                    if !found.contains(pattern) =>
                {
                    found.push(pattern.clone());
                }
                _ => {}
            },
            Formula::Leaf(_) | Formula::Const(_) | Formula::Open(_) => {}
        }
    }
    let mut found = Vec::new();
    formulas.iter().for_each(|formula| collect(formula, of, &mut found));
    found
}
