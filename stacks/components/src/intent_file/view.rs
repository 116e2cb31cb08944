use narrows_model::intent::{Endpoint, Exempt};
use narrows_model::{Intent, MrapArn};
use serde::{Deserialize, Serialize};

/// The version that is written, and the only one that is read.
pub(super) const VERSION: u32 = 1;

/// The file. Members are always written, so that a reader sees what was not declared.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) version: u32,
    pub(super) account: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) deployer: Option<String>,
    pub(super) failover_operators: Vec<String>,
    pub(super) minimum_tls: Option<String>,
    pub(super) grants: Vec<Grant>,
    pub(super) exemptions: Vec<Exemption>,
    pub(super) endpoints: Option<Vec<EndpointView>>,
    pub(super) memberships: Vec<Membership>,
    /// Left out by files that were written before there were overrides.
    #[serde(default)]
    pub(super) overrides: Vec<OverrideView>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OverrideView {
    pub(super) guardrail: String,
    pub(super) subject: Option<String>,
    pub(super) severity: Option<String>,
    pub(super) reason: String,
    pub(super) expires: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grant {
    pub(super) role: String,
    pub(super) access: String,
    pub(super) mrap: String,
    pub(super) prefix: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exemption {
    pub(super) kind: ExemptKind,
    pub(super) name: String,
    pub(super) reason: String,
    pub(super) expires: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ExemptKind {
    Role,
    ReplicationRole,
    Service,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointView {
    pub(super) kind: EndpointKind,
    pub(super) name: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum EndpointKind {
    /// An endpoint that exists, by its id.
    Id,
    /// An endpoint of the deployment, by its logical name.
    Resource,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    pub(super) bucket: String,
    pub(super) mraps: Vec<String>,
}

impl File {
    /// The view of an intent.
    pub(super) fn of(intent: &Intent) -> Self {
        let text = |it: &dyn ToString| it.to_string();
        let grants = intent.grants.iter().map(|it| Grant {
            role: text(&it.role),
            access: it.access.as_str().to_owned(),
            mrap: text(&it.mrap),
            prefix: it.prefix.clone(),
        });
        let exemptions = intent.exemptions.iter().map(|it| Exemption {
            kind: match it.who {
                Exempt::Role(_) => ExemptKind::Role,
                Exempt::ReplicationRole(_) => ExemptKind::ReplicationRole,
                Exempt::Service(_) => ExemptKind::Service,
            },
            name: it.who.as_str().to_owned(),
            reason: it.reason.clone(),
            expires: it.expires.map(|date| date.to_string()),
        });
        let endpoint = |it: &Endpoint| match it {
            Endpoint::Id(id) => EndpointView { kind: EndpointKind::Id, name: text(id) },
            Endpoint::Resource(id) => EndpointView { kind: EndpointKind::Resource, name: id.name.clone() },
        };
        let memberships = intent.memberships.iter().map(|it| Membership {
            bucket: text(&it.bucket),
            mraps: it.mraps.iter().map(MrapArn::to_string).collect(),
        });
        let overrides = intent.overrides.iter().map(|it| OverrideView {
            guardrail: it.guardrail.clone(),
            subject: it.subject.clone(),
            severity: it.severity.map(|severity| severity.to_string()),
            reason: it.reason.clone(),
            expires: it.expires.map(|date| date.to_string()),
        });
        Self {
            version: VERSION,
            account: intent.account.as_ref().map(|it| text(it)),
            organisation: intent.organisation.as_ref().map(|it| text(it)),
            deployer: intent.deployer.as_ref().map(|it| text(it)),
            failover_operators: intent.failover_operators.iter().map(|it| text(it)).collect(),
            minimum_tls: intent.minimum_tls.map(|it| it.as_str().to_owned()),
            grants: grants.collect(),
            exemptions: exemptions.collect(),
            endpoints: intent.endpoints.as_ref().map(|all| all.iter().map(endpoint).collect()),
            memberships: memberships.collect(),
            overrides: overrides.collect(),
        }
    }
}
