//! A real provider behind the stand-in: a program that the user has installed, which speaks for its own types.
//!
//! It says what its schema is, whether arguments are right, what their defaults are and what its functions come to. It is
//! never asked to read, to apply or to import anything, and it has no credentials; what it leaves unknown becomes symbols
//! as without it.

mod client;
mod configuration;
mod handshake;
mod mask;
mod merge;
mod pool;
mod protocol;

pub use handshake::{Handshake, HandshakeError};
pub use pool::{Launch, Launched, Running};
pub use protocol::Protocol;

pub(super) use mask::{has_symbol, mask, without_write_only};
pub(super) use merge::Merge;
pub(super) use pool::Key;

use super::Used;
use super::schema::{Block, SchemaError};
use super::session::Session;
use super::value::Data;
use super::wire;
use client::CallFailed;
use pool::Pool;
use prost::Message;
use prost::bytes::Bytes;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A real provider; clones are the same one, which ends with the last of them.
#[derive(Clone, Debug)]
pub struct Real(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: String,
    pool: Pool,
    schemas: wire::RawSchemas,
    /// What engines are told: all schemas, or those of the types that are used.
    told: Mutex<Bytes>,
    /// The content of blocks that was asked for.
    blocks: Mutex<HashMap<(Of, String), Arc<Block>>>,
    /// Held by who asks once more.
    again: tokio::sync::Mutex<()>,
    /// What broke a process twice.
    breaks: Mutex<HashSet<u64>>,
    /// What was said of arguments, by what was asked.
    checked: Mutex<HashMap<u64, Bytes>>,
}

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    Provider,
    Resource,
    DataSource,
}

/// Why there is no provider to speak to.
#[derive(Debug, thiserror::Error)]
pub enum RealError {
    /// The system, or the provider itself, does not let it start.
    #[error("{0}")]
    Launch(String),
    /// What it answers is no schema.
    #[error("provider {asked} has no schema that can be read: {error}")]
    Schema {
        /// The source that was asked for.
        asked: String,
        /// What is wrong with it.
        error: String,
    },
}

impl Real {
    /// Starts a provider and asks for its schema.
    ///
    /// # Errors
    /// See [`RealError`].
    pub fn start(source: &str, launch: Arc<dyn Launch>) -> Result<Self, RealError> {
        let broken = |error: String| RealError::Schema { asked: source.to_owned(), error };
        let (pool, answer) = Pool::start(launch).map_err(RealError::Launch)?;
        let answer = answer.map_err(|error| broken(error.to_string()))?;
        let schemas = wire::RawSchemas::decode(answer.clone()).map_err(|error| broken(error.to_string()))?;
        if let Some(error) = wire::errors(&schemas.diagnostics).next() {
            return Err(broken(error.told()));
        }
        Ok(Self(Arc::new(Inner {
            source: source.to_owned(),
            pool,
            schemas,
            told: Mutex::new(answer),
            blocks: Mutex::default(),
            again: tokio::sync::Mutex::default(),
            breaks: Mutex::default(),
            checked: Mutex::default(),
        })))
    }

    /// Its source address, such as `registry.terraform.io/hashicorp/aws`.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The version of the protocol that it speaks.
    pub fn protocol(&self) -> Protocol {
        self.0.pool.protocol()
    }

    /// From now on engines are told of the types alone that a configuration may use.
    ///
    /// An engine asks for all schemas each time that it runs, and most providers have a thousand types that nobody uses.
    pub fn tell_of(&self, used: &Used<'_>) {
        let mut schemas = self.0.schemas.clone();
        let all = [
            &mut schemas.resource_schemas,
            &mut schemas.data_source_schemas,
            &mut schemas.ephemeral_resource_schemas,
        ];
        if used.is_misspelt(&self.0.source, |name| all.iter().any(|of| of.contains_key(name))) {
            return;
        }
        for of in all {
            of.retain(|name, _| used.has(name));
        }
        *self.0.told.lock().unwrap_or_else(PoisonError::into_inner) = schemas.encode_to_vec().into();
    }

    /// The answer to `GetProviderSchema`.
    pub(super) fn told(&self) -> Bytes {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it is the AWS provider, whose credentials can be made up.
    pub(super) fn is_aws(&self) -> bool {
        self.0.source.ends_with("/hashicorp/aws")
    }

    /// The content of a type's block; `None` if there is no such type.
    pub(super) fn block(&self, of: Of, type_name: &str) -> Result<Option<Arc<Block>>, SchemaError> {
        let key = (of, type_name.to_owned());
        let known = || self.0.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = known().get(&key) {
            return Ok(Some(Arc::clone(block)));
        }
        let bytes = match of {
            Of::Provider => Some(self.0.schemas.provider.as_ref()),
            Of::Resource => self.0.schemas.resource_schemas.get(type_name).map(Vec::as_slice),
            Of::DataSource => self.0.schemas.data_source_schemas.get(type_name).map(Vec::as_slice),
        };
        let Some(bytes) = bytes else { return Ok(None) };
        let path = format!("{}.{type_name}", self.0.source);
        let block = Arc::new(Block::from_wire(self.protocol().block(bytes, &path)?, &path)?);
        known().insert(key, Arc::clone(&block));
        Ok(Some(block))
    }

    /// Starts the process of a key, if there is none.
    pub(super) async fn configured(&self, key: &Key) -> Result<(), String> {
        self.0.pool.process(key).await.map(drop)
    }

    /// Calls by the name of version 6.
    ///
    /// A process that breaks down takes with it what others have asked; then each asks once more, one after the other. What
    /// breaks it again, told by `question`, is not asked a third time.
    pub(super) async fn call(
        &self,
        key: &Key,
        method: &str,
        request: Vec<u8>,
        question: u64,
    ) -> Result<Bytes, CallFailed> {
        let breaks = || self.0.breaks.lock().unwrap_or_else(PoisonError::into_inner);
        if breaks().contains(&question) {
            return Err(CallFailed::Broken("it broke down when it was asked the same before".to_owned()));
        }
        let process = || async { self.0.pool.process(key).await.map_err(CallFailed::Status) };
        match process().await?.call(method, request.clone()).await {
            Err(CallFailed::Broken(_)) => {
                let _alone = self.0.again.lock().await;
                let answer = process().await?.call(method, request).await;
                if let Err(CallFailed::Broken(_)) = answer {
                    breaks().insert(question);
                }
                answer
            }
            answer => answer,
        }
    }

    /// What a provider block comes to: without credentials, and so that nothing is asked over the network.
    pub(super) fn key(
        &self,
        session: &Session,
        config: &Data,
        terraform_version: &str,
    ) -> Result<Key, super::provider::CallError> {
        if !self.is_aws() {
            return Ok(Key::Any);
        }
        let Some(block) = self.block(Of::Provider, "provider")? else { return Ok(Key::Any) };
        let made = configuration::of_aws(session, &block, config);
        Ok(Key::Configured(pool::Configuration {
            config: made.to_msgpack()?.into(),
            terraform_version: terraform_version.to_owned(),
        }))
    }

    /// A provider block as the provider may see it: with nobody's credentials in it.
    pub(super) fn to_validate(&self, config: &Data) -> Data {
        configuration::without_credentials(config)
    }

    /// What was said of the same arguments before.
    pub(super) fn checked(&self, asked: u64) -> Option<Bytes> {
        self.0.checked.lock().unwrap_or_else(PoisonError::into_inner).get(&asked).cloned()
    }

    pub(super) fn note_checked(&self, asked: u64, said: &Bytes) {
        self.0.checked.lock().unwrap_or_else(PoisonError::into_inner).insert(asked, said.clone());
    }
}
