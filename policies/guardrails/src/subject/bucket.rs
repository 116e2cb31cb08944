//! Buckets, and what is known and declared of each.

use super::{At, Case, Inquiry, endpoint_ids, every_route};
use crate::exemptions::{Exemptions, exemptions};
use crate::facts::{Asking, Fact, Facts};
use narrows_model::intent::{Exempt, TlsVersion};
use narrows_prover::{Bucket, Scope};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The buckets of MRAPs.
pub(super) fn of_mraps(case: &Case<'_>) -> Vec<Inquiry> {
    some(case, |bucket| !bucket.mraps.is_empty())
}

/// All buckets.
pub(super) fn all(case: &Case<'_>) -> Vec<Inquiry> {
    some(case, |_| true)
}

fn some(case: &Case<'_>, which: impl Fn(&Bucket) -> bool) -> Vec<Inquiry> {
    let buckets = case.model.buckets.iter().enumerate().filter(|(_, bucket)| which(bucket));
    buckets
        .filter_map(|(index, bucket)| {
            let Known { facts, exempt, words } = case.known(index)?.clone();
            let asking = Asking { resource: facts, subject: Facts::new() };
            Some(Inquiry {
                subject: bucket.subject.clone(),
                at: vec![At { bucket: index, asking, routes: every_route(case, index) }],
                holder: None,
                unknown: None,
                ending: exempt.ending,
                exemptions: exempt.listed,
                words,
            })
        })
        .collect()
}

/// What is known of a bucket.
#[derive(Clone)]
pub(super) struct Known {
    pub facts: Arc<Facts>,
    pub exempt: Exemptions,
    pub words: Vec<(&'static str, String)>,
}

pub(super) fn known(case: &Case<'_>, index: usize, bucket: &Bucket) -> Known {
    let exempt = exemptions(case, index);
    let show = |text: &str| case.model.show(text);
    let mraps: Vec<String> = bucket
        .mraps
        .iter()
        .filter_map(|mrap| case.model.mraps.get(*mrap))
        .map(|mrap| mrap.arn.clone())
        .collect();
    let shown = |texts: &[String], between: &str| {
        texts.iter().map(|text| show(text)).collect::<Vec<_>>().join(between)
    };
    let mut words = vec![("{bucket}", show(&bucket.arn)), ("{mraps}", shown(&mraps, " or "))];
    let mut facts = Facts::from([
        ("acls", Fact::Bool(bucket.acls_on())),
        ("declared", Fact::Principals(declared_accounts(case))),
        ("exempt", Fact::Principals(exempt.scope.clone())),
        ("mraps", Fact::Texts(mraps)),
        ("name", Fact::Text(bucket.name.clone())),
    ]);
    let account = match &bucket.account {
        Some(account) => Fact::Account(account.clone()),
        None => Fact::Unknown(format!(
            "the account that owns {} is not known: name it with --account ID",
            bucket.subject.name
        )),
    };
    facts.insert("account", account);
    if let Some(declared) = &case.intent.endpoints {
        let fact = match endpoint_ids(case, declared) {
            Ok(ids) => {
                words.push(("{endpoints}", shown(&ids, ", ")));
                Fact::Texts(ids)
            }
            Err(reason) => Fact::Unknown(reason),
        };
        facts.insert("endpoints", fact);
    }
    if let Some(version) = case.intent.minimum_tls {
        let least = match version {
            TlsVersion::V1_2 => 1_200_000_000,
            TlsVersion::V1_3 => 1_300_000_000,
        };
        facts.insert("minimumTls", Fact::Decimal(least));
        words.push(("{minimumTls}", version.as_str().to_owned()));
    }
    if let Some(organisation) = &case.intent.organisation {
        facts.insert("organization", Fact::Organization(organisation.as_str().to_owned()));
        words.push(("{organization}", organisation.as_str().to_owned()));
    }
    if let Some(deployer) = &case.intent.deployer {
        facts.insert("deployer", Fact::Principals(Scope::PrincipalArn(vec![deployer.as_str().to_owned()])));
        words.push(("{deployer}", deployer.as_str().to_owned()));
    }
    Known { facts: Arc::new(facts), exempt, words }
}

/// The accounts of everyone whom the owner declared.
fn declared_accounts(case: &Case<'_>) -> Scope {
    let intent = case.intent;
    let of = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    let mut accounts: BTreeSet<String> = intent.account.iter().map(ToString::to_string).collect();
    accounts.extend(intent.grants.iter().filter_map(|grant| of(grant.role.as_str())));
    accounts.extend(intent.deployer.iter().filter_map(|arn| of(arn.as_str())));
    accounts.extend(intent.failover_operators.iter().filter_map(|arn| of(arn.as_str())));
    let roles = intent.exemptions.iter().filter_map(|exemption| match &exemption.who {
        Exempt::Role(arn) | Exempt::ReplicationRole(arn) => of(arn.as_str()),
        Exempt::Service(_) => None,
    });
    accounts.extend(roles);
    Scope::PrincipalAccount(accounts.into_iter().collect())
}
