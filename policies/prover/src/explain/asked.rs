//! Requests as people write them, understood against a model.

use super::{principal, sensible};
use crate::access::{AccessModel, Policy};
use crate::call::{Call, Via};
use crate::counterexample::show_principal;
use crate::question::Route;
use narrows_iam::{ConditionKey, Context, Entry, Principal, actions, keys, scalar};
use narrows_model::date::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A request to explain; its texts may hold references of the input as Narrows shows them, in `${…}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who asks: an ARN, a service's name or `anonymous`.
    pub principal: String,
    /// The name of the role's session; `session` where there is none.
    pub session: Option<String>,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// What the request is on.
    pub target: Target,
    /// Condition keys and their values.
    pub context: BTreeMap<String, Vec<String>>,
    /// The policy that was passed when the session was made; without one, nothing caps the session.
    pub session_policy: Option<SessionPolicy>,
}

/// A session policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// What messages call it.
    pub name: String,
    /// The document.
    pub document: narrows_iam::Document,
}

/// What a request is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// An MRAP, by its name, ARN or address, or another access point, by its ARN; `None` for a direct request.
    pub access_point: Option<String>,
    /// The bucket, by its name, ARN or address; for an MRAP `None` means each of its buckets.
    pub bucket: Option<String>,
    /// The object's key; `None` where the action is on the bucket.
    pub key: Option<String>,
}

/// A request that cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AskError {
    message: String,
    help: Option<String>,
}

impl AskError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What to do, where there is more to say than what is wrong.
    pub fn remedy(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

/// A request with every name resolved.
pub(super) struct Understood {
    pub principal: Principal,
    pub session: Option<String>,
    pub action: String,
    pub route: Route,
    pub via: Via,
    /// The buckets that it may be routed to, by their place in the model.
    pub buckets: Vec<usize>,
    pub key: Option<String>,
    pub given: BTreeMap<String, Vec<String>>,
    pub assumed: BTreeMap<String, String>,
    pub assumptions: BTreeSet<String>,
    pub session_policy: Option<Policy>,
    context: Context,
}

impl Understood {
    pub fn shown_principal(&self) -> String {
        show_principal(&self.principal)
    }

    /// The call that is authorized on the legs.
    pub fn call(&self) -> Call {
        Call {
            principal: self.principal.clone(),
            action: self.action.clone(),
            key: self.key.clone(),
            context: self.context.clone(),
        }
    }

    /// The resource that the request names.
    pub fn resource(&self, model: &AccessModel) -> String {
        let (arn, separator) = match &self.via {
            Via::Mrap { arn } | Via::Other { arn, .. } => (arn.as_str(), "/object/"),
            Via::Direct => {
                let bucket = self.buckets.first().and_then(|index| model.buckets.get(*index));
                (bucket.map_or("", |bucket| bucket.arn.as_str()), "/")
            }
        };
        match &self.key {
            Some(key) => format!("{arn}{separator}{key}"),
            None => arn.to_owned(),
        }
    }
}

pub(super) fn understand(model: &AccessModel, asked: &Asked) -> Result<Understood, AskError> {
    let known = References::of(model);
    let session = asked.session.as_deref();
    let who = principal::parse(model, &known.resolve("principal", &asked.principal)?, session)?;
    let action = action(&asked.action, asked.target.key.as_deref())?;
    let (route, via, buckets) = target(model, &asked.target, &asked.context, &known)?;
    let mut unsure: Vec<String> =
        sensible::action(&action, asked.target.key.is_some(), route)?.into_iter().collect();
    let mut given = BTreeMap::new();
    for (name, values) in &asked.context {
        let resolve = |value: &String| known.resolve(name, value);
        let mut values = values.iter().map(resolve).collect::<Result<Vec<_>, _>>()?;
        if name.eq_ignore_ascii_case("aws:SourceVpce") {
            values.iter_mut().for_each(|value| endpoint_id(model, value));
        }
        let name = keys::spelled(name);
        unsure.extend(sensible::value(&name, &values)?);
        given.insert(name, values);
    }
    let mut assumptions: BTreeSet<String> = who.assumption.into_iter().chain(unsure).collect();
    assumptions.insert(
        "condition keys that are not shown are absent, or open where AWS always sets them".to_owned(),
    );
    let session_policy = asked
        .session_policy
        .as_ref()
        .map(|policy| Policy::Document { name: policy.name.clone(), document: policy.document.clone() });
    if session_policy.is_some() {
        if !matches!(who.principal, Principal::Role { .. } | Principal::FederatedUser { .. }) {
            return Err(AskError::new("a session policy is given, and the principal has no session").help(
                "leave it out, or give a role, a session of a role or a federated user as the principal",
            ));
        }
        assumptions
            .insert("the session has no managed session policies beside the session policy given".to_owned());
    }
    let mut understood = Understood {
        session_policy,
        session: who.session,
        principal: who.principal,
        action,
        route,
        via,
        buckets,
        key: asked.target.key.clone(),
        given,
        assumed: BTreeMap::new(),
        assumptions,
        context: Context::default(),
    };
    understood.contradictions(model)?;
    understood.fill(model)?;
    Ok(understood)
}

impl Understood {
    /// Refuses keys that follow from something else and differ from it.
    fn contradictions(&mut self, model: &AccessModel) -> Result<(), AskError> {
        let by_route = match &self.via {
            Via::Direct => [("s3:DataAccessPointArn", None), ("s3:DataAccessPointAccount", None)],
            Via::Mrap { arn } | Via::Other { arn, .. } => [
                ("s3:DataAccessPointArn", Some(arn.clone())),
                ("s3:DataAccessPointAccount", arn.split(':').nth(4).map(str::to_owned)),
            ],
        };
        let origin = match &self.via {
            Via::Direct => None,
            Via::Mrap { .. } => Some("Internet".to_owned()),
            Via::Other { origin, .. } => Some(origin.clone()),
        };
        let by_route = by_route.into_iter().chain([("s3:AccessPointNetworkOrigin", origin)]);
        let mut follows: Vec<(&str, &str, Option<String>)> =
            by_route.map(|(key, value)| (key, "the resource", value)).collect();
        if !matches!(self.principal, Principal::Service(_)) {
            let account = self.principal.account().unwrap_or_else(|| "anonymous".to_owned());
            follows.push(("aws:PrincipalArn", "the principal", self.principal.arn()));
            follows.push(("aws:PrincipalAccount", "the principal", Some(account)));
        }
        for (key, from, value) in follows {
            let Some(given) = self.given.remove(key) else { continue };
            if given != value.clone().into_iter().collect::<Vec<_>>() {
                let shown: Vec<_> = given.iter().map(|given| format!("`{}`", model.show(given))).collect();
                let value = value.map_or("absent".to_owned(), |value| format!("`{}`", model.show(&value)));
                return Err(AskError::new(format!(
                    "{key} is given as {}, and follows from {from}: {value}",
                    shown.join(", ")
                ))
                .help(format!("leave {key} out, or change {from}")));
            }
        }
        const DERIVED: [&str; 6] = [
            "aws:PrincipalType",
            "aws:PrincipalIsAWSService",
            "aws:PrincipalServiceName",
            "aws:username",
            "aws:ResourceAccount",
            "s3:ResourceAccount",
        ];
        match DERIVED.iter().find(|key| self.given.keys().any(|given| given.eq_ignore_ascii_case(key))) {
            Some(key) => Err(AskError::new(format!("{key} follows from the principal and the resource"))
                .help("leave it out")),
            None => Ok(()),
        }
    }

    /// Puts the context together: what was given, and what is on every request.
    fn fill(&mut self, model: &AccessModel) -> Result<(), AskError> {
        for (name, values) in &self.given {
            let key = ConditionKey::new(name);
            let entry = match values.as_slice() {
                _ if keys::is_multi_valued(&key) => Entry::Values(values.clone()),
                [one] => Entry::Value(one.clone()),
                values => {
                    return Err(AskError::new(format!("{name} has {} values: expected one", values.len()))
                        .help("only multi-valued keys, such as aws:TagKeys, can be given more than once"));
                }
            };
            self.context.set(name, entry);
        }
        let has = |context: &Context, name: &str| context.get(&ConditionKey::new(name)).cloned();
        let noon = model.as_of.saturating_add(12 * 3600);
        let moment = match (has(&self.context, "aws:CurrentTime"), has(&self.context, "aws:EpochTime")) {
            (Some(Entry::Value(text)), _) | (None, Some(Entry::Value(text))) => {
                let milliseconds = scalar::date(&text).ok_or_else(|| {
                    AskError::new(format!(
                        "`{text}` is not a time: expected 2026-11-23T12:00:00Z, or seconds since 1970"
                    ))
                })?;
                milliseconds.div_euclid(1000)
            }
            _ => noon,
        };
        let day = Date::from_epoch_seconds(moment).map(|day| day.to_string()).unwrap_or_default();
        let seconds = moment.rem_euclid(86_400);
        let iso = format!("{day}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60);
        let defaults = [
            ("aws:SecureTransport", "true".to_owned()),
            ("aws:ViaAWSService", "false".to_owned()),
            ("aws:CurrentTime", iso),
        ];
        for (name, value) in defaults {
            if has(&self.context, name).is_none() {
                self.context.set(name, Entry::Value(value.clone()));
                self.assumed.insert(name.to_owned(), value);
            }
        }
        if has(&self.context, "aws:EpochTime").is_none() {
            self.context.set("aws:EpochTime", Entry::Value(moment.to_string()));
        }
        // These come with the endpoint, and with a request to a bucket; what they hold is not in the input.
        let mut open = Vec::new();
        if has(&self.context, "aws:SourceVpce").is_some() {
            open.extend(["aws:SourceVpc", "aws:VpcSourceIp", "aws:VpceAccount"]);
        }
        if matches!(self.via, Via::Direct) {
            open.push("aws:RequestedRegion");
        }
        for name in open {
            if has(&self.context, name).is_none() {
                self.context.set(name, Entry::Open);
            }
        }
        Ok(())
    }
}

/// The action in AWS's spelling, which must be about an object exactly if a key is given.
fn action(text: &str, key: Option<&str>) -> Result<String, AskError> {
    let (service, name) = text.split_once(':').unwrap_or_default();
    if service.is_empty()
        || name.is_empty()
        || text.contains(['*', '?'])
        || text.contains(char::is_whitespace)
    {
        let error = AskError::new(format!("`{text}` is not an action: expected one such as s3:GetObject"));
        return Err(match actions::find(text) {
            Some(meant) => error.help(format!("did you mean `{}`?", meant.qualified())),
            None => error,
        });
    }
    if key.is_some_and(|key| key.is_empty() || key.len() > 1024) {
        return Err(AskError::new("the key is not one that S3 has: expected 1 to 1,024 bytes"));
    }
    let Some(action) = actions::find(text) else { return Ok(text.to_owned()) };
    let name = action.qualified();
    match key {
        None if action.is_object_action() => {
            Err(AskError::new(format!("{name} is about an object, and no key is given"))
                .help("give it: --key KEY"))
        }
        Some(key) if !action.is_object_action() => {
            Err(AskError::new(format!("{name} is not about an object, and key `{key}` is given"))
                .help("leave the key out; what a listing is limited to is --context s3:prefix=PREFIX"))
        }
        _ => Ok(name),
    }
}

fn target(
    model: &AccessModel,
    target: &Target,
    context: &BTreeMap<String, Vec<String>>,
    known: &References,
) -> Result<(Route, Via, Vec<usize>), AskError> {
    let bucket = match &target.bucket {
        Some(text) => Some(bucket(model, &known.resolve("bucket", text)?)?),
        None => None,
    };
    let Some(text) = &target.access_point else {
        let bucket = bucket.ok_or_else(|| {
            AskError::new("the request is on nothing: expected a bucket or an MRAP")
                .help("give --bucket NAME for a direct request, --mrap NAME for one through the MRAP")
        })?;
        return Ok((Route::Direct, Via::Direct, vec![bucket]));
    };
    let text = known.resolve("access point", text)?;
    let is = |mrap: &crate::Mrap| {
        let names = [&mrap.arn, &mrap.subject.name, &mrap.subject.address];
        !text.is_empty() && names.iter().any(|it| it.as_str() == text)
    };
    // Of an MRAP that is not in the input not all buckets are known: it may lead to others too.
    let leads_elsewhere = |index: &usize| {
        let mrap = model.mraps.get(*index);
        let own = bucket.and_then(|bucket| model.buckets.get(bucket));
        mrap.is_some_and(|mrap| !mrap.in_input) && own.is_some_and(|own| !own.mraps.contains(index))
    };
    let found = model.mraps.iter().position(is);
    let text = match found.filter(leads_elsewhere).and_then(|index| model.mraps.get(index)) {
        Some(mrap) => mrap.arn.clone(),
        None => text,
    };
    let found = found.filter(|index| !leads_elsewhere(index));
    if let Some((index, mrap)) = found.and_then(|index| Some((index, model.mraps.get(index)?))) {
        let members: Vec<usize> = (0..model.buckets.len())
            .filter(|it| model.buckets.get(*it).is_some_and(|b| b.mraps.contains(&index)))
            .collect();
        let name = &mrap.subject.name;
        let buckets = match bucket {
            None if members.is_empty() => {
                return Err(AskError::new(format!("MRAP `{name}` has no buckets in the input")));
            }
            None => members,
            Some(one) if members.contains(&one) => vec![one],
            Some(one) => {
                let wrong = model.buckets.get(one).map(|it| it.subject.name.as_str()).unwrap_or_default();
                let names =
                    members.iter().filter_map(|it| Some(model.buckets.get(*it)?.subject.name.as_str()));
                let names: Vec<_> = names.collect();
                return Err(AskError::new(format!(
                    "MRAP `{name}` does not route to bucket `{wrong}`: expected {}",
                    names.join(", ")
                )));
            }
        };
        return Ok((Route::Mrap(index), Via::Mrap { arn: mrap.arn.clone() }, buckets));
    }
    if text.starts_with("arn:") && text.contains(":accesspoint/") {
        let bucket = bucket.ok_or_else(|| {
            AskError::new(format!(
                "access point `{}` is not in the input, nor is its bucket known",
                model.show(&text)
            ))
            .help("give the bucket that it belongs to: --bucket NAME")
        })?;
        // Of a regional access point the input does not tell whether it is bound to a VPC; the request may.
        let given = context.iter().find(|(key, _)| key.eq_ignore_ascii_case("s3:AccessPointNetworkOrigin"));
        let origin =
            given.and_then(|(_, values)| values.first()).map_or("Internet", String::as_str).to_owned();
        return Ok((Route::OtherAccessPoint, Via::Other { arn: text, origin }, vec![bucket]));
    }
    let names = model.mraps.iter().map(|mrap| mrap.subject.name.as_str());
    Err(unknown("MRAP", &model.show(&text), names))
}

fn bucket(model: &AccessModel, text: &str) -> Result<usize, AskError> {
    let is = |bucket: &crate::Bucket| {
        [&bucket.name, &bucket.arn, &bucket.subject.name, &bucket.subject.address]
            .iter()
            .any(|it| it.as_str() == text && !text.is_empty())
    };
    let names = model.buckets.iter().map(|bucket| bucket.subject.name.as_str());
    model.buckets.iter().position(is).ok_or_else(|| unknown("bucket", &model.show(text), names))
}

fn unknown<'a>(kind: &str, text: &str, known: impl Iterator<Item = &'a str> + Clone) -> AskError {
    let names: Vec<&str> = known.clone().collect();
    if names.is_empty() {
        return AskError::new(format!("`{text}` is not in the input, which has no {kind}"));
    }
    let error =
        AskError::new(format!("no {kind} of the input is called `{text}`: expected {}", names.join(", ")));
    match narrows_model::names::nearest(text, known) {
        Some(nearest) => error.help(format!("did you mean `{nearest}`?")),
        None => error,
    }
}

/// An endpoint of the input may be named by its address.
fn endpoint_id(model: &AccessModel, value: &mut String) {
    let found = model.endpoints.iter().find(|it| !value.is_empty() && it.subject.address == *value);
    if let Some(endpoint) = found {
        value.clone_from(&endpoint.id);
    }
}

/// How the model's symbols are shown, to read them back.
struct References(Vec<(String, String)>);

impl References {
    fn of(model: &AccessModel) -> Self {
        let mut forms = Vec::new();
        for symbol in model.symbols.iter() {
            // What a symbol stands beside in the value that its reference means.
            for (before, after) in [("", ""), ("vpce-", ""), ("", ".mrap")] {
                let text = format!("{before}{symbol}{after}");
                let shown = model.show(&text);
                if shown.starts_with("${") && shown.ends_with('}') {
                    forms.push((shown, text));
                }
            }
        }
        Self(forms)
    }

    /// A text with symbols in the place of references.
    fn resolve(&self, what: &str, text: &str) -> Result<String, AskError> {
        let mut out = text.to_owned();
        for (shown, meant) in &self.0 {
            out = out.replace(shown, meant);
        }
        match out.find("${").and_then(|at| out.get(at..)) {
            None => Ok(out),
            Some(rest) => {
                let end = rest.find('}').map_or(rest.len(), |at| at + 1);
                let reference = rest.get(..end).unwrap_or(rest);
                let known = self.0.iter().map(|(shown, _)| shown.as_str());
                let known = known.filter(|shown| !shown.starts_with("${part of "));
                let error = AskError::new(format!(
                    "`{reference}` in {what} is no reference that the input leaves open"
                ));
                Err(match narrows_model::names::nearest(reference, known) {
                    Some(nearest) => error.help(format!("did you mean `{nearest}`?")),
                    None => error.help("give its value"),
                })
            }
        }
    }
}
