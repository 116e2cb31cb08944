//! Rules about keys that belong together.

use super::together::patterns;
use crate::access::{AccessModel, Bucket, Mrap};
use crate::lower::{AccessPoint, Keys};
use crate::question::Route;
use crate::solve::{Formula, Glob, Pattern, Token, Var};
use narrows_iam::ConditionKey;
use narrows_model::{Symbol, is_symbol};
use std::collections::BTreeSet;

/// What is true of every request that `formulas` tell apart. Each rule names its source; a rule that is not always true would be unsound.
pub(crate) fn axioms(
    keys: &mut Keys,
    via: &AccessPoint,
    model: &AccessModel,
    bucket: &Bucket,
    route: Route,
    formulas: &[&Formula],
) -> Formula {
    let text = |keys: &mut Keys, name: &str| keys.free.get(&ConditionKey::new(name)).map(|(_, var)| *var);
    let mut rules = Vec::new();
    let word = |keys: &Keys, name: &str, value: &str| {
        let var = keys.free.get(&ConditionKey::new(name)).map(|(_, var)| *var);
        var.map(|var| Formula::matches(var, Pattern::literal(value)))
    };
    // `aws:SourceIp` is absent from requests through a VPC endpoint (IAM User Guide, "aws:SourceIp").
    let vpce = text(keys, "aws:SourceVpce").map(Formula::present);
    if let (Some(ip), Some(vpce)) = (text(keys, "aws:SourceIp").map(Formula::present), &vpce) {
        rules.push(!Formula::and([ip, vpce.clone()]));
    }
    // The other VPC keys come with `aws:SourceVpce` only, and none with a forwarded request.
    let forwarded = word(keys, "aws:ViaAWSService", "true");
    for name in ["aws:SourceVpc", "aws:VpcSourceIp", "aws:VpceAccount"] {
        let Some(present) = text(keys, name).map(Formula::present) else { continue };
        if let Some(vpce) = &vpce {
            rules.push(Formula::or([!present.clone(), vpce.clone()]));
        }
        if let Some(ip) = text(keys, "aws:SourceIp").map(Formula::present) {
            rules.push(!Formula::and([ip, present.clone()]));
        }
        if let Some(forwarded) = &forwarded {
            rules.push(!Formula::and([present, forwarded.clone()]));
        }
    }
    if let (Some(vpce), Some(forwarded)) = (&vpce, &forwarded) {
        rules.push(!Formula::and([vpce.clone(), forwarded.clone()]));
    }
    // `s3:TlsVersion` is there only when the request came over TLS (service authorization reference).
    if let (Some(tls), Some(secure)) =
        (text(keys, "s3:TlsVersion").map(Formula::present), word(keys, "aws:SecureTransport", "true"))
    {
        rules.push(Formula::or([!tls, secure]));
    }
    // Anonymous callers have no organisation and no principal tags.
    let of_caller: Vec<_> = keys
        .free
        .iter()
        .filter(|(key, _)| {
            key.as_str() == "aws:principalorgid" || key.as_str().starts_with("aws:principaltag/")
        })
        .map(|(_, (_, var))| *var)
        .collect();
    for var in of_caller {
        rules.push(!Formula::and([keys.setting.anonymous(), Formula::present(var)]));
    }
    // Anonymous callers cannot use an MRAP (S3 User Guide, "Multi-Region Access Point restrictions").
    if matches!(route, Route::Mrap(_)) {
        rules.push(!keys.setting.anonymous());
    }
    if let AccessPoint::Other { arn, origin } = via {
        // It is none of the bucket's own MRAPs, which have routes of their own, and none that cannot lead to the bucket: an
        // MRAP's buckets never change. An MRAP has no VPC origin.
        for index in told_apart(model, keys, *arn, formulas) {
            let Some(mrap) = model.mraps.get(index) else { continue };
            if bucket.mraps.contains(&index) || !may_lead_to(model, bucket, index, mrap) {
                rules.push(!Formula::matches(*arn, of_alias(&mrap.arn)));
            }
        }
        let multi = Formula::matches(*arn, Pattern::exact(vec![Glob::wildcards("arn:*:s3::*")]));
        let internet = Formula::matches(*origin, Pattern::literal("Internet"));
        rules.push(Formula::or([!multi, internet]));
    }
    Formula::and(rules)
}

/// The ARNs that name the MRAP with this ARN. Where its account is not known, those with its alias and any account: an alias is
/// globally unique (S3 User Guide, "Creating Multi-Region Access Points").
fn of_alias(arn: &str) -> Pattern {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", partition, "s3", "", account, rest] if account.contains(is_symbol) && !rest.contains('*') => {
            Pattern::exact(vec![Glob::wildcards(&format!("arn:{partition}:s3::*:{rest}"))])
        }
        _ => Pattern::literal(arn),
    }
}

/// The MRAPs that `formulas` tell from other access points: those in a glob without a `*`. Of the ARNs that a glob with one
/// holds, a few less make no difference.
fn told_apart(model: &AccessModel, keys: &Keys, arn: Var, formulas: &[&Formula]) -> BTreeSet<usize> {
    let by_arn = model.cache.mraps(&model.mraps);
    let mut found = BTreeSet::new();
    for pattern in patterns(formulas, &[arn]) {
        for glob in pattern.lo().iter().chain(pattern.hi()).filter(|glob| glob.is_finite()) {
            let literal = glob.0.iter().map(|token| match token {
                Token::Char(c) => Some(*c),
                _ => None,
            });
            match literal.collect::<Option<String>>() {
                // A text that is not known in full may be any of them.
                Some(text) if by_arn.contains_key(&text) || !text.contains(is_symbol) => {
                    found.extend(by_arn.get(&text).copied());
                }
                text => {
                    let pattern = Pattern::exact([glob.clone()]);
                    let own = text.as_deref().and_then(|text| new_alias(model, text));
                    // Two that AWS makes are never the same one.
                    let other =
                        |arn: &str| own.is_some() && new_alias(model, arn).is_some_and(|it| Some(it) != own);
                    let ends = |arn: &str| {
                        pattern
                            .quotient(arn, keys.problem.symbols())
                            .hi()
                            .iter()
                            .any(|rest| rest.0.is_empty())
                    };
                    let may_be = |arn: &str| !other(arn) && ends(arn);
                    found.extend(by_arn.iter().filter(|(arn, _)| may_be(arn)).map(|(_, index)| *index));
                }
            }
        }
    }
    found
}

/// The symbol of the alias in an MRAP's ARN, where it is one that AWS will make.
fn new_alias(model: &AccessModel, arn: &str) -> Option<Symbol> {
    let mut alias = arn.split_once(":accesspoint/")?.1.strip_suffix(".mrap")?.chars();
    let symbol = alias.next().filter(|c| model.symbols.owner(*c).is_some())?;
    alias.next().is_none().then_some(symbol)
}

/// Whether an MRAP may lead to a bucket that is not known as one of its own.
///
/// Of an MRAP that is only declared, not all buckets are known; and a name that exists only after deployment may be any.
fn may_lead_to(model: &AccessModel, bucket: &Bucket, index: usize, mrap: &Mrap) -> bool {
    let unknown = |bucket: &Bucket| !bucket.name_is_known && model.has_unknown_name(bucket);
    let mut members = model.buckets.iter().filter(|member| member.mraps.contains(&index));
    !mrap.in_input || unknown(bucket) || members.any(unknown)
}
