//! The calls that the engine makes.

use super::aws::{Answer, Resource};
use super::schema::{Schema, VERSION};
use super::settings::Settings;
use super::wire::{self, Changes, CheckFailure, Checked, Made, Object, Struct};
use super::{Session, function, replace};
use crate::urn::Urn;
use crate::values;
use narrows_model::token::Shape;
use prost::Message;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use tonic::Status;

/// The stand-in.
pub(super) struct Provider {
    session: Session,
    schema: Schema,
    /// The program's providers: each has a connection of its own.
    settings: Mutex<BTreeMap<Option<SocketAddr>, Settings>>,
}

impl Provider {
    pub(super) fn new(session: Session) -> Result<Self, serde_json::Error> {
        Ok(Self { session, schema: Schema::embedded()?, settings: Mutex::default() })
    }

    /// Answers a call.
    pub(super) fn call(
        &self,
        method: &str,
        peer: Option<SocketAddr>,
        request: &[u8],
    ) -> Result<Vec<u8>, Status> {
        match method {
            "GetPluginInfo" => encoded(&wire::OneText { text: VERSION.to_owned() }),
            "GetSchema" => encoded(&wire::OneText { text: self.schema.text() }),
            "Attach" | "Cancel" => Ok(Vec::new()),
            "CheckConfig" => {
                let request: wire::CheckRequest = decoded(request)?;
                // One whose settings are not known yet is not configured.
                let arguments = request.news.clone();
                let asked = wire::ConfigureRequest { arguments, ..Default::default() };
                self.session.note_account(Settings::of(&asked).identity());
                encoded(&Checked { properties: request.news, failures: Vec::new() })
            }
            "DiffConfig" => {
                encoded(&wire::DiffResponse { changes: Changes::None.into(), ..Default::default() })
            }
            "Configure" => self.configure(peer, &decoded(request)?),
            "Check" => encoded(&self.check(decoded(request)?)),
            "Diff" => encoded(&diff(decoded(request)?)),
            "Create" => {
                let request: wire::CreateRequest = decoded(request)?;
                preview(request.preview)?;
                let (id, outputs) = self.made(peer, &request.urn, object(request.properties))?;
                encoded(&Made { id, properties: Some(outputs.into()), inputs: None })
            }
            "Update" => {
                let request: wire::UpdateRequest = decoded(request)?;
                preview(request.preview)?;
                // What the resource has stays, but for what is given anew.
                let mut outputs = object(request.olds);
                outputs.extend(object(request.news));
                encoded(&wire::UpdateResponse { properties: Some(outputs.into()) })
            }
            "Read" => self.read(peer, decoded(request)?),
            "Invoke" => {
                let request: wire::InvokeRequest = decoded(request)?;
                let (arguments, settings) = (object(request.arguments), self.settings(peer));
                let answer = function::invoke(&request.token, &arguments, &self.session, &settings);
                encoded(&match answer {
                    Ok(answer) => Checked { properties: Some(answer.into()), failures: Vec::new() },
                    Err(reason) => {
                        let failures = vec![CheckFailure { property: String::new(), reason }];
                        Checked { properties: None, failures }
                    }
                })
            }
            "Delete" => Err(Status::failed_precondition(REFUSAL)),
            other => Err(Status::unimplemented(format!("the stand-in provider has no {other}"))),
        }
    }

    fn configure(
        &self,
        peer: Option<SocketAddr>,
        request: &wire::ConfigureRequest,
    ) -> Result<Vec<u8>, Status> {
        let settings = Settings::of(request);
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, settings);
        encoded(&wire::ConfigureResponse { supports_preview: true })
    }

    /// The settings of a connection; of all of them, where they are alike.
    fn settings(&self, peer: Option<SocketAddr>) -> Settings {
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = settings.values();
        let found = settings.get(&peer).or_else(|| {
            let first = all.next()?;
            all.all(|other| other == first).then_some(first)
        });
        found.cloned().unwrap_or_default()
    }

    fn check(&self, request: wire::CheckRequest) -> Checked {
        let (olds, mut news) = (object(request.olds), object(request.news));
        let Some(urn) = Urn::parse(&request.urn) else {
            return Checked { properties: Some(news.into()), failures: Vec::new() };
        };
        let mut failures = Vec::new();
        let mut fail = |property: &str, reason: String| {
            failures.push(CheckFailure { property: property.to_owned(), reason });
        };
        if let Some(inputs) = self.schema.inputs(urn.type_name) {
            for name in news.keys().filter(|name| !name.starts_with("__") && !inputs.contains_key(*name)) {
                fail(name, format!("{} has no input of this name", urn.type_name));
            }
            for name in self.schema.required(urn.type_name).filter(|name| !news.contains_key(*name)) {
                fail(name, format!("{} needs it", urn.type_name));
            }
            let is_bucket = urn.type_name.starts_with("aws:s3/bucket") && inputs.contains_key("bucketPrefix");
            let property = if is_bucket { "bucket" } else { "name" };
            if inputs.contains_key(property) && !news.contains_key(property) {
                let name = olds.get(property).cloned().unwrap_or_else(|| {
                    let given = news.get(&format!("{property}Prefix")).and_then(Value::as_str);
                    Value::from(self.named(&request.urn, urn, property, given))
                });
                news.insert(property.to_owned(), name);
            }
        }
        Checked { properties: Some(news.into()), failures }
    }

    /// The name that the provider makes up.
    fn named(&self, address: &str, urn: Urn<'_>, property: &str, prefix: Option<&str>) -> String {
        if prefix.is_some_and(values::is_unknown) {
            return values::UNKNOWN_TEXT.to_owned();
        }
        let alias = if urn.type_name == "aws:kms/alias:Alias" { "alias/" } else { "" };
        let before = match prefix {
            Some(prefix) => prefix.to_owned(),
            None => format!("{alias}{}-", urn.name),
        };
        self.session.token(Shape::Hex(12), address, property, |token| format!("{before}{token}"))
    }

    /// The id and the outputs of a resource that is made.
    fn made(
        &self,
        peer: Option<SocketAddr>,
        address: &str,
        inputs: Object,
    ) -> Result<(String, Object), Status> {
        let urn =
            Urn::parse(address).ok_or_else(|| Status::invalid_argument(format!("no URN: {address}")))?;
        let settings = self.settings(peer);
        let resource = Resource {
            session: &self.session,
            settings: &settings,
            urn: address,
            type_name: urn.type_name,
            inputs: &inputs,
        };
        let mut outputs = inputs.clone();
        for (name, of) in self.schema.outputs(urn.type_name).into_iter().flatten() {
            if outputs.contains_key(name) {
                continue;
            }
            let is_input = self.schema.inputs(urn.type_name).is_some_and(|inputs| inputs.contains_key(name));
            let text = match resource.answer(name) {
                Some(Answer::Text(text)) => text,
                Some(Answer::Unknown) => values::UNKNOWN_TEXT.to_owned(),
                // What the program leaves out AWS may choose.
                None if is_input => values::UNKNOWN_TEXT.to_owned(),
                None if of.get("type").and_then(Value::as_str) == Some("string") => {
                    resource.symbol(Shape::Any, name, "", "")
                }
                None => values::UNKNOWN_TEXT.to_owned(),
            };
            outputs.insert(name.clone(), text.into());
        }
        let id = match resource.answer("id") {
            Some(Answer::Text(id)) => id,
            // No id means one that is not known.
            Some(Answer::Unknown) => String::new(),
            None => resource.symbol(Shape::Any, "id", "", ""),
        };
        Ok((id, outputs))
    }

    /// A resource that the program only looks up.
    fn read(&self, peer: Option<SocketAddr>, request: wire::ReadRequest) -> Result<Vec<u8>, Status> {
        let mut inputs = object(request.inputs);
        if let Some(urn) = Urn::parse(&request.urn) {
            let named = if urn.type_name.starts_with("aws:s3/bucket") { "bucket" } else { "name" };
            if self.schema.inputs(urn.type_name).is_some_and(|known| known.contains_key(named)) {
                inputs.entry(named).or_insert_with(|| request.id.clone().into());
            }
        }
        let (_, mut outputs) = self.made(peer, &request.urn, inputs.clone())?;
        outputs.extend(object(request.properties));
        encoded(&Made { id: request.id, properties: Some(outputs.into()), inputs: Some(inputs.into()) })
    }
}

const REFUSAL: &str = "the stand-in provider of Narrows only previews: it makes, changes and deletes nothing";

fn preview(preview: bool) -> Result<(), Status> {
    if preview { Ok(()) } else { Err(Status::failed_precondition(REFUSAL)) }
}

/// What differs between the inputs of before and now.
fn diff(request: wire::DiffRequest) -> wire::DiffResponse {
    let (olds, news) = (object(request.old_inputs), object(request.news));
    let mut diffs: Vec<String> = news
        .iter()
        .filter(|(name, value)| olds.get(*name) != Some(value))
        .map(|(name, _)| name.clone())
        .collect();
    diffs.extend(olds.keys().filter(|name| !news.contains_key(*name)).cloned());
    // What a real provider remembers of its own defaults.
    diffs.retain(|name| !name.starts_with("__"));
    let changes = if diffs.is_empty() { Changes::None } else { Changes::Some };
    let type_name = Urn::parse(&request.urn).map(|urn| urn.type_name).unwrap_or_default();
    let forced = |name: &&String| replace::is_forced(type_name, name, &olds, &news);
    let replaces = diffs.iter().filter(forced).cloned().collect();
    wire::DiffResponse { replaces, changes: changes.into(), diffs }
}

pub(super) fn object(given: Option<Struct>) -> Object {
    given.map(Object::from).unwrap_or_default()
}

fn decoded<T: Message + Default>(request: &[u8]) -> Result<T, Status> {
    T::decode(request).map_err(|error| Status::invalid_argument(error.to_string()))
}

#[allow(clippy::unnecessary_wraps, reason = "each answer of `call` is a result")]
fn encoded(answer: &impl Message) -> Result<Vec<u8>, Status> {
    Ok(answer.encode_to_vec())
}
