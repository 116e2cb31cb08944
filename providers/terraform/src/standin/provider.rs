//! The calls of the plugin protocol.

use super::configured::Configured;
use super::data_source::Read;
use super::fill::{Change, Defaults, complete};
use super::made::{Maker, Place};
use super::schema::{Block, ProviderSchema};
use super::session::Session;
use super::value::{Data, ValueError};
use super::wire::{self, DynamicValue};
use narrows_model::token::Hash;
use prost::Message;
use prost::bytes::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tonic::Status;

/// One provider: its schema, and how each connection of an engine has configured it.
#[derive(Debug)]
pub(super) struct Provider {
    session: Session,
    schema: Arc<ProviderSchema>,
    defaults: BTreeMap<String, Defaults>,
    /// An engine has a connection for each provider block.
    configured: Mutex<HashMap<SocketAddr, Configured>>,
}

/// Why a call has no answer; the engine shows it.
#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error("the schema has no type {0}: a newer provider may have it")]
    Type(String),
    #[error("{what} has no value: expected one from the engine")]
    Missing { what: &'static str },
    #[error("{0}")]
    Read(#[from] super::data_source::ReadError),
}

impl Provider {
    pub(super) fn new(session: Session, schema: Arc<ProviderSchema>) -> Result<Self, ValueError> {
        Ok(Self { session, schema, defaults: Defaults::embedded()?, configured: Mutex::default() })
    }

    /// The answer to one call, as bytes.
    ///
    /// # Errors
    /// A status where the message cannot be read, or the method is none that a stand-in has; all else is a diagnostic.
    pub(super) fn call(
        &self,
        method: &str,
        peer: Option<SocketAddr>,
        request: &Bytes,
    ) -> Result<Vec<u8>, Status> {
        Ok(match method {
            "GetProviderSchema" => self.schema.to_wire().encode_to_vec(),
            "ValidateProviderConfig"
            | "ValidateResourceConfig"
            | "ValidateDataResourceConfig"
            | "GetResourceIdentitySchemas"
            | "GetFunctions"
            | "StopProvider" => Vec::new(),
            "ConfigureProvider" => self.configure(peer, &read(request)?),
            "UpgradeResourceState" => self.upgrade(peer, &read(request)?),
            "ReadResource" => {
                let request: wire::OfType = read(request)?;
                wire::Answer { value: request.value, diagnostics: Vec::new() }.encode_to_vec()
            }
            "PlanResourceChange" => self.plan(peer, &read(request)?),
            "ReadDataSource" => self.read_data(peer, &read(request)?),
            "ApplyResourceChange" => apply(read(request)?),
            "ImportResourceState" => refused("import", "plan without the `import` block"),
            "MoveResourceState" => refused("move between types", "plan without the `moved` block"),
            other => return Err(Status::unimplemented(format!("the stand-in has no {other}"))),
        })
    }

    fn configure(&self, peer: Option<SocketAddr>, request: &wire::ConfigureRequest) -> Vec<u8> {
        let config = match data(request.config.as_ref(), "the provider's configuration") {
            Ok(config) => config,
            Err(error) => return wire::Done { diagnostics: vec![diagnostic(&error)] }.encode_to_vec(),
        };
        let configured = Configured::read(&self.session, &config);
        if self.schema.is_aws {
            let (account, is_symbol) = configured.works_in(&self.session);
            self.session.work_in(account, is_symbol);
        }
        if let Some(peer) = peer {
            self.configured.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, configured);
        }
        Vec::new()
    }

    /// How the connection has configured the provider; as an empty block would where it has not yet.
    fn configured(&self, peer: Option<SocketAddr>) -> Configured {
        let all = self.configured.lock().unwrap_or_else(PoisonError::into_inner);
        let known = peer.and_then(|peer| all.get(&peer).cloned());
        known.unwrap_or_else(|| Configured::read(&self.session, &Data::Null))
    }

    fn upgrade(&self, peer: Option<SocketAddr>, request: &wire::UpgradeRequest) -> Vec<u8> {
        answer(self.upgraded(peer, request))
    }

    fn upgraded(&self, peer: Option<SocketAddr>, request: &wire::UpgradeRequest) -> Result<Data, CallError> {
        let block = self.resource(&request.type_name)?;
        let raw = request.raw_state.as_ref().ok_or(CallError::Missing { what: "the state to upgrade" })?;
        let maker = Maker {
            session: &self.session,
            type_name: &request.type_name,
            partition: self.configured(peer).partition(&self.session, None),
            identity: Hash::of(&[b"state", &self.session.neutral(&raw.json).to_le_bytes()]),
        };
        Ok(complete(&maker, &Data::from_json_bytes(&raw.json)?, block, &Place::default()))
    }

    fn plan(&self, peer: Option<SocketAddr>, request: &wire::PlanRequest) -> Vec<u8> {
        let (planned_state, diagnostics) = match self.planned(peer, request).and_then(|state| dynamic(&state))
        {
            Ok(state) => (Some(state), Vec::new()),
            Err(error) => (request.prior_state.clone(), vec![diagnostic(&error)]),
        };
        wire::PlanResponse {
            planned_state,
            planned_private: request.prior_private.clone(),
            diagnostics,
            legacy_type_system: true,
        }
        .encode_to_vec()
    }

    fn planned(&self, peer: Option<SocketAddr>, request: &wire::PlanRequest) -> Result<Data, CallError> {
        let proposed = data(request.proposed_new_state.as_ref(), "the proposed state")?;
        let prior = data(request.prior_state.as_ref(), "the prior state")?;
        let change = Change {
            session: &self.session,
            provider: &self.configured(peer),
            type_name: &request.type_name,
            block: self.resource(&request.type_name)?,
            defaults: self.defaults.get(&request.type_name),
            config: &data(request.config.as_ref(), "the configuration")?,
            raw_config: request.config.as_ref().map(|config| config.msgpack.as_ref()).unwrap_or_default(),
            prior: (!prior.is_null()).then_some(&prior),
        };
        Ok(change.planned(&proposed)?)
    }

    fn read_data(&self, peer: Option<SocketAddr>, request: &wire::OfType) -> Vec<u8> {
        answer(self.data_state(peer, request))
    }

    fn data_state(&self, peer: Option<SocketAddr>, request: &wire::OfType) -> Result<Data, CallError> {
        let block = self.schema.data_source(&request.type_name);
        let read = Read {
            session: &self.session,
            provider: &self.configured(peer),
            type_name: &request.type_name,
            block: block.ok_or_else(|| CallError::Type(format!("data.{}", request.type_name)))?,
            config: &data(request.value.as_ref(), "the configuration")?,
            raw_config: request.value.as_ref().map(|config| config.msgpack.as_ref()).unwrap_or_default(),
        };
        Ok(read.answer()?)
    }

    fn resource(&self, type_name: &str) -> Result<&Block, CallError> {
        self.schema.resource(type_name).ok_or_else(|| CallError::Type(type_name.to_owned()))
    }
}

fn apply(request: wire::ApplyRequest) -> Vec<u8> {
    let detail = format!(
        "{} was not changed: the stand-in only plans; apply with the real provider",
        request.type_name
    );
    let diagnostics = vec![error("Nothing was applied", detail)];
    wire::ApplyResponse { new_state: request.prior_state, diagnostics }.encode_to_vec()
}

fn refused(what: &str, remedy: &str) -> Vec<u8> {
    let detail = format!("the stand-in provider cannot {what}, since it knows nothing that exists: {remedy}");
    wire::Refused { diagnostics: vec![error("Not supported by the stand-in provider", detail)] }
        .encode_to_vec()
}

fn answer(found: Result<Data, CallError>) -> Vec<u8> {
    let (value, diagnostics) = match found.and_then(|data| dynamic(&data)) {
        Ok(value) => (Some(value), Vec::new()),
        Err(error) => (None, vec![diagnostic(&error)]),
    };
    wire::Answer { value, diagnostics }.encode_to_vec()
}

fn read<M: Message + Default>(request: &Bytes) -> Result<M, Status> {
    M::decode(request.clone())
        .map_err(|error| Status::invalid_argument(format!("not a message of this call: {error}")))
}

/// A value that an engine must send.
fn data(value: Option<&DynamicValue>, what: &'static str) -> Result<Data, CallError> {
    let value = value.ok_or(CallError::Missing { what })?;
    match (value.msgpack.is_empty(), value.json.is_empty()) {
        (false, _) => Ok(Data::from_msgpack(&value.msgpack)?),
        (true, false) => Ok(Data::from_json_bytes(&value.json)?),
        (true, true) => Err(CallError::Missing { what }),
    }
}

fn dynamic(data: &Data) -> Result<DynamicValue, CallError> {
    Ok(DynamicValue { msgpack: data.to_msgpack()?.into(), json: Bytes::new() })
}

fn diagnostic(error: &CallError) -> wire::Diagnostic {
    self::error("The stand-in provider has no answer", error.to_string())
}

fn error(summary: &str, detail: String) -> wire::Diagnostic {
    wire::Diagnostic { severity: wire::Severity::Error as i32, summary: summary.to_owned(), detail }
}
