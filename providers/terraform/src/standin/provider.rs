//! The calls of the plugin protocol.

use super::configured::Configured;
use super::data_source::Read;
use super::fill::{Change, Defaults, complete};
use super::forward::Forwarded;
use super::made::{Maker, Place};
use super::real::{Key, Of, Real};
use super::schema::{Block, ProviderSchema, SchemaError};
use super::session::Session;
use super::value::{Data, ValueError};
use super::wire::{self, DynamicValue};
use narrows_model::token::Hash;
use prost::Message;
use prost::bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tonic::Status;

/// One provider: its schema, and how each connection of an engine has configured it.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) session: Session,
    source: Source,
    defaults: BTreeMap<String, Defaults>,
    /// An engine has a connection for each provider block.
    configured: Mutex<HashMap<SocketAddr, (Configured, Key)>>,
}

/// Who knows the types.
#[derive(Debug)]
pub(super) enum Source {
    Schema(Arc<ProviderSchema>),
    /// The real provider, which is asked for more than its schema.
    Real(Real),
}

/// Why a call has no answer; the engine shows it.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error("the schema has no type {0}: a newer provider may have it")]
    Type(String),
    #[error("{what} has no value: expected one from the engine")]
    Missing { what: &'static str },
    #[error("{0}")]
    Read(#[from] super::data_source::ReadError),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("the real provider's answer to {method} cannot be read: {error}")]
    Answer { method: &'static str, error: String },
    /// What the real provider itself says.
    #[error("the real provider refuses it")]
    Refused(Vec<wire::Diagnostic>),
}

impl CallError {
    pub(super) fn diagnostics(self) -> Vec<wire::Diagnostic> {
        match self {
            Self::Refused(diagnostics) => diagnostics,
            other => vec![diagnostic(&other)],
        }
    }
}

impl Provider {
    pub(super) fn new(session: Session, source: Source) -> Result<Self, ValueError> {
        Ok(Self { session, source, defaults: Defaults::embedded()?, configured: Mutex::default() })
    }

    /// The answer to one call, as bytes.
    ///
    /// # Errors
    /// A status where the message cannot be read, or the method is none that a stand-in has; all else is a diagnostic.
    pub(super) async fn call(
        &self,
        method: &str,
        peer: Option<SocketAddr>,
        request: Bytes,
    ) -> Result<Vec<u8>, Status> {
        if let Some(answer) = self.forwarded(method, &request).await? {
            return Ok(answer);
        }
        Ok(match method {
            "GetProviderSchema" => match &self.source {
                Source::Schema(schema) => schema.to_wire().encode_to_vec(),
                Source::Real(real) => real.told().to_vec(),
            },
            "ValidateProviderConfig"
            | "ValidateResourceConfig"
            | "ValidateDataResourceConfig"
            | "GetResourceIdentitySchemas"
            | "GetFunctions"
            | "StopProvider" => Vec::new(),
            "ConfigureProvider" => self.configure(peer, &read(&request)?).await,
            "UpgradeResourceState" => self.upgrade(peer, &read(&request)?),
            "ReadResource" => {
                let request: wire::OfType = read(&request)?;
                wire::Answer { value: request.value, diagnostics: Vec::new() }.encode_to_vec()
            }
            "PlanResourceChange" => self.plan(peer, &read(&request)?).await,
            "ReadDataSource" => self.read_data(peer, &read(&request)?),
            "ApplyResourceChange" => apply(read(&request)?),
            "OpenEphemeralResource" => {
                let detail = "the stand-in provider opens nothing, since it knows nothing that exists: plan with a variable in \
                              the place of what the ephemeral resource tells";
                let diagnostics = vec![error("Not supported by the stand-in provider", detail.to_owned())];
                wire::Done { diagnostics }.encode_to_vec()
            }
            "ImportResourceState" => refused("import", "plan without the `import` block"),
            "MoveResourceState" => refused("move between types", "plan without the `moved` block"),
            other => return Err(Status::unimplemented(format!("the stand-in has no {other}"))),
        })
    }

    pub(super) fn real(&self) -> Option<&Real> {
        match &self.source {
            Source::Schema(_) => None,
            Source::Real(real) => Some(real),
        }
    }

    async fn configure(&self, peer: Option<SocketAddr>, request: &wire::ConfigureRequest) -> Vec<u8> {
        let diagnostics = match self.configured_by(peer, request).await {
            Ok(()) => Vec::new(),
            Err(error) => error.diagnostics(),
        };
        wire::Done { diagnostics }.encode_to_vec()
    }

    async fn configured_by(
        &self,
        peer: Option<SocketAddr>,
        request: &wire::ConfigureRequest,
    ) -> Result<(), CallError> {
        let config = data(request.config.as_ref(), "the provider's configuration")?;
        let configured = Configured::read(&self.session, &config);
        let is_aws = match &self.source {
            Source::Schema(schema) => schema.is_aws,
            Source::Real(real) => real.is_aws(),
        };
        if is_aws {
            let (account, is_symbol) = configured.works_in(&self.session);
            self.session.work_in(account, is_symbol);
        }
        let mut key = Key::Any;
        if let Some(real) = self.real() {
            key = real.key(&self.session, &config, &request.terraform_version)?;
            // Why there is none is said with each resource that is planned without it.
            let _ = real.configured(&key).await;
        }
        if let Some(peer) = peer {
            self.configured.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, (configured, key));
        }
        Ok(())
    }

    /// How the connection has configured the provider; as an empty block would where it has not yet.
    fn configured(&self, peer: Option<SocketAddr>) -> (Configured, Key) {
        let all = self.configured.lock().unwrap_or_else(PoisonError::into_inner);
        let known = peer.and_then(|peer| all.get(&peer).cloned());
        known.unwrap_or_else(|| (Configured::read(&self.session, &Data::Null), Key::Any))
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
            partition: self.configured(peer).0.partition(&self.session, None),
            identity: Hash::of(&[b"state", &self.session.neutral(&raw.json).to_le_bytes()]),
        };
        Ok(complete(&maker, &Data::from_json_bytes(&raw.json)?, &block, &Place::default()))
    }

    async fn plan(&self, peer: Option<SocketAddr>, request: &wire::PlanRequest) -> Vec<u8> {
        let mut warnings = Vec::new();
        let planned = self.planned(peer, request, &mut warnings).await;
        let (planned_state, diagnostics) = match planned.and_then(|state| dynamic(&state)) {
            Ok(state) => (Some(state), warnings),
            Err(error) => (request.prior_state.clone(), error.diagnostics()),
        };
        wire::PlanResponse {
            planned_state,
            planned_private: request.prior_private.clone(),
            diagnostics,
            legacy_type_system: true,
        }
        .encode_to_vec()
    }

    async fn planned(
        &self,
        peer: Option<SocketAddr>,
        request: &wire::PlanRequest,
        warnings: &mut Vec<wire::Diagnostic>,
    ) -> Result<Data, CallError> {
        let mut proposed = data(request.proposed_new_state.as_ref(), "the proposed state")?;
        let prior = data(request.prior_state.as_ref(), "the prior state")?;
        let config = data(request.config.as_ref(), "the configuration")?;
        let (configured, key) = self.configured(peer);
        let block = self.resource(&request.type_name)?;
        let (mut defaults, mut nulls) = (self.defaults.get(&request.type_name), BTreeSet::new());
        if let Some(real) = self.real().filter(|_| !proposed.is_null()) {
            let forwarded = Forwarded { session: &self.session, real, key: &key, block: &block };
            let planned = forwarded.planned(request, &config, &proposed).await?;
            warnings.extend(planned.warnings);
            if let Some(state) = planned.state {
                (proposed, nulls) = (state, planned.nulls);
                // It has said what its defaults are.
                defaults = None;
            }
        }
        let change = Change {
            session: &self.session,
            provider: &configured,
            type_name: &request.type_name,
            block: &block,
            defaults,
            config: &config,
            raw_config: request.config.as_ref().map(|config| config.msgpack.as_ref()).unwrap_or_default(),
            prior: (!prior.is_null()).then_some(&prior),
            nulls,
        };
        Ok(change.planned(&proposed)?)
    }

    fn read_data(&self, peer: Option<SocketAddr>, request: &wire::OfType) -> Vec<u8> {
        answer(self.data_state(peer, request))
    }

    fn data_state(&self, peer: Option<SocketAddr>, request: &wire::OfType) -> Result<Data, CallError> {
        let block = match &self.source {
            Source::Schema(schema) => schema.data_source(&request.type_name),
            Source::Real(real) => real.block(Of::DataSource, &request.type_name)?,
        };
        let block = block.ok_or_else(|| CallError::Type(format!("data.{}", request.type_name)))?;
        let read = Read {
            session: &self.session,
            provider: &self.configured(peer).0,
            type_name: &request.type_name,
            block: &block,
            config: &data(request.value.as_ref(), "the configuration")?,
            raw_config: request.value.as_ref().map(|config| config.msgpack.as_ref()).unwrap_or_default(),
        };
        Ok(read.answer()?)
    }

    fn resource(&self, type_name: &str) -> Result<Arc<Block>, CallError> {
        let block = match &self.source {
            Source::Schema(schema) => schema.resource(type_name),
            Source::Real(real) => real.block(Of::Resource, type_name)?,
        };
        block.ok_or_else(|| CallError::Type(type_name.to_owned()))
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
        Err(error) => (None, error.diagnostics()),
    };
    wire::Answer { value, diagnostics }.encode_to_vec()
}

pub(super) fn read<M: Message + Default>(request: &Bytes) -> Result<M, Status> {
    M::decode(request.clone())
        .map_err(|error| Status::invalid_argument(format!("not a message of this call: {error}")))
}

/// A value that an engine must send.
pub(super) fn data(value: Option<&DynamicValue>, what: &'static str) -> Result<Data, CallError> {
    let value = value.ok_or(CallError::Missing { what })?;
    match (value.msgpack.is_empty(), value.json.is_empty()) {
        (false, _) => Ok(Data::from_msgpack(&value.msgpack)?),
        (true, false) => Ok(Data::from_json_bytes(&value.json)?),
        (true, true) => Err(CallError::Missing { what }),
    }
}

pub(super) fn dynamic(data: &Data) -> Result<DynamicValue, CallError> {
    Ok(DynamicValue { msgpack: data.to_msgpack()?.into(), json: Bytes::new() })
}

fn diagnostic(error: &CallError) -> wire::Diagnostic {
    self::error("The stand-in provider has no answer", error.to_string())
}

fn error(summary: &str, detail: String) -> wire::Diagnostic {
    wire::Diagnostic {
        severity: wire::Severity::Error as i32,
        summary: summary.to_owned(),
        detail,
        attribute: None,
    }
}
