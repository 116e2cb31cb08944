use super::view::{EndpointKind, ExemptKind, File, VERSION};
use narrows_model::intent::{Endpoint, Exempt, Exemption, Grant, Membership, Override};
use narrows_model::names::nearest;
use narrows_model::{Intent, KeyPrefix, Kind, Location, NameError, ResourceId, Source, Span, Value, json};
use std::str::FromStr;
use std::sync::Arc;

/// An intent file that does not hold: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {message}")]
pub struct IntentFileError {
    message: String,
    location: Location,
}

impl IntentFileError {
    /// What is wrong: the value that came, and what was expected.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is wrong.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

pub(super) fn intent(source: &Arc<Source>) -> Result<Intent, IntentFileError> {
    let root = json::parse(source)
        .map_err(|error| IntentFileError { message: error.to_string(), location: error.location })?;
    let version = root.get("version");
    let reader = Reader { root: &root };
    if let Some(other) = version.filter(|it| it.to_string() != VERSION.to_string()) {
        let message = format!(
            "version {other} of the intent file: expected version {VERSION}; write it anew with `narrows synth`"
        );
        return Err(IntentFileError { message, location: other.location.clone() });
    }
    let file: File = serde_json::from_str(source.text()).map_err(|error| shape(source, &error))?;
    reader.file(&file)
}

/// An error of serde's, in our words and at its place.
fn shape(source: &Arc<Source>, error: &serde_json::Error) -> IntentFileError {
    let whole = error.to_string();
    let text = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(before, _)| before);
    let words: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let message = match words.as_slice() {
        [unknown, known @ ..] if text.starts_with("unknown") => {
            let near = nearest(unknown, known.iter().copied());
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("`{unknown}` is not known here: expected one of {}{hint}", known.join(", "))
        }
        [missing] if text.starts_with("missing field") => {
            format!("`{missing}` is missing here: expected every member that `narrows synth` writes")
        }
        _ => text.to_owned(),
    };
    let lines: usize =
        source.text().split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let end = (lines + error.column()).min(source.text().len());
    // serde points at the end of a token; where that is a string, all of it is meant.
    let before = end.saturating_sub(1);
    let head = source.text().get(..before).unwrap_or_default();
    let string = source.text().get(before..end) == Some("\"");
    let start = head.rfind('"').filter(|_| string).unwrap_or(before);
    IntentFileError { message, location: Location::new(source, Span { start, end }) }
}

/// A step from a value to one inside it.
#[derive(Clone, Copy)]
enum Step {
    Member(&'static str),
    Item(usize),
}

struct Reader<'a> {
    root: &'a Value,
}

impl Reader<'_> {
    fn location(&self, path: &[Step]) -> Location {
        let inner = path.iter().try_fold(self.root, |at, step| match step {
            Step::Member(name) => at.get(name),
            Step::Item(index) => at.items()?.get(*index),
        });
        inner.unwrap_or(self.root).location.clone()
    }

    fn read<T: FromStr<Err = NameError>>(&self, text: &str, path: &[Step]) -> Result<T, IntentFileError> {
        text.parse().map_err(|error: NameError| self.error(path, error.to_string()))
    }

    fn maybe<T: FromStr<Err = NameError>>(
        &self,
        text: Option<&String>,
        path: &[Step],
    ) -> Result<Option<T>, IntentFileError> {
        text.map(|text| self.read(text, path)).transpose()
    }

    fn error(&self, path: &[Step], message: String) -> IntentFileError {
        IntentFileError { message, location: self.location(path) }
    }

    fn file(&self, file: &File) -> Result<Intent, IntentFileError> {
        use Step::{Item, Member};
        let operators = file.failover_operators.iter().enumerate();
        let operators = operators.map(|(i, it)| self.read(it, &[Member("failover_operators"), Item(i)]));
        let mut intent = Intent {
            account: self.maybe(file.account.as_ref(), &[Member("account")])?,
            organisation: self.maybe(file.organisation.as_ref(), &[Member("organisation")])?,
            deployer: self.maybe(file.deployer.as_ref(), &[Member("deployer")])?,
            failover_operators: operators.collect::<Result<_, _>>()?,
            minimum_tls: self.maybe(file.minimum_tls.as_ref(), &[Member("minimum_tls")])?,
            ..Intent::default()
        };
        for (i, it) in file.grants.iter().enumerate() {
            let at = |name| [Member("grants"), Item(i), Member(name)];
            let prefix: KeyPrefix = self.read(&it.prefix, &at("prefix"))?;
            intent.grants.push(Grant {
                role: self.read(&it.role, &at("role"))?,
                access: self.read(&it.access, &at("access"))?,
                mrap: self.read(&it.mrap, &at("mrap"))?,
                prefix: prefix.to_string(),
            });
        }
        for (i, it) in file.exemptions.iter().enumerate() {
            let at = |name| [Member("exemptions"), Item(i), Member(name)];
            let name = at("name");
            if it.reason.trim().is_empty() {
                let message =
                    "an exemption without a reason: expected a few words on what it is for".to_owned();
                return Err(self.error(&at("reason"), message));
            }
            let who = match it.kind {
                ExemptKind::Role => Exempt::Role(self.read(&it.name, &name)?),
                ExemptKind::ReplicationRole => Exempt::ReplicationRole(self.read(&it.name, &name)?),
                ExemptKind::Service => Exempt::Service(self.read(&it.name, &name)?),
            };
            let expires = self.maybe(it.expires.as_ref(), &at("expires"))?;
            intent.exemptions.push(Exemption { who, reason: it.reason.clone(), expires });
        }
        if let Some(endpoints) = &file.endpoints {
            let mut all = Vec::new();
            for (i, it) in endpoints.iter().enumerate() {
                all.push(match it.kind {
                    EndpointKind::Id => {
                        Endpoint::Id(self.read(&it.name, &[Member("endpoints"), Item(i), Member("name")])?)
                    }
                    EndpointKind::Resource => {
                        Endpoint::Resource(ResourceId::new(Kind::VpcEndpoint, it.name.as_str()))
                    }
                });
            }
            intent.endpoints = Some(all);
        }
        for (i, it) in file.memberships.iter().enumerate() {
            let at = |name| [Member("memberships"), Item(i), Member(name)];
            let arn = |(j, text): (usize, &String)| {
                self.read(text, &[Member("memberships"), Item(i), Member("mraps"), Item(j)])
            };
            let mraps = it.mraps.iter().enumerate().map(arn).collect::<Result<_, _>>()?;
            intent.memberships.push(Membership { bucket: self.read(&it.bucket, &at("bucket"))?, mraps });
        }
        for (i, it) in file.overrides.iter().enumerate() {
            let at = |name| [Member("overrides"), Item(i), Member(name)];
            if it.reason.trim().is_empty() {
                let message = "an override without a reason: expected a few words on why".to_owned();
                return Err(self.error(&at("reason"), message));
            }
            intent.overrides.push(Override {
                guardrail: it.guardrail.clone(),
                subject: it.subject.clone(),
                severity: self.maybe(it.severity.as_ref(), &at("severity"))?,
                reason: it.reason.clone(),
                expires: self.maybe(it.expires.as_ref(), &at("expires"))?,
            });
        }
        Ok(intent)
    }
}
