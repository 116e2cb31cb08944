//! Calls of a provider that runs.

use super::super::raw::Raw;
use super::{Handshake, Protocol};
use prost::bytes::Bytes;
use std::time::Duration;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

/// How long one call may take. All are answered from memory, unless a provider waits for a network that is not there.
const LIMIT: Duration = Duration::from_secs(30);
/// Schemas are long.
const WINDOW: u32 = 8 << 20;

/// A connection to a provider.
#[derive(Clone, Debug)]
pub(super) struct Client {
    protocol: Protocol,
    channel: Channel,
}

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum CallFailed {
    #[error("it gave no answer within {} seconds", LIMIT.as_secs())]
    Timeout,
    #[error("its connection broke: {0}")]
    Broken(String),
    #[error("{0}")]
    Status(String),
}

impl Client {
    pub(super) async fn connect(handshake: Handshake) -> Result<Self, String> {
        let Handshake { protocol, address } = handshake;
        let failed = |error: tonic::transport::Error| {
            format!("a provider listens at {address} and cannot be spoken to: {}", sources(&error))
        };
        let endpoint = Endpoint::from_shared(address.clone()).map_err(failed)?;
        let endpoint = endpoint.initial_stream_window_size(WINDOW).initial_connection_window_size(WINDOW);
        Ok(Self { protocol, channel: endpoint.connect().await.map_err(failed)? })
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Calls by the name of version 6.
    pub(super) async fn call(&self, method: &str, request: Vec<u8>) -> Result<Bytes, CallFailed> {
        let path = PathAndQuery::try_from(self.protocol.path(method));
        let path = path.map_err(|error| CallFailed::Status(error.to_string()))?;
        let mut grpc = Grpc::new(self.channel.clone())
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX);
        let call = async {
            grpc.ready().await.map_err(|error| CallFailed::Broken(sources(&error)))?;
            grpc.unary(Request::new(request), path, Raw).await.map_err(of_status)
        };
        match tokio::time::timeout(LIMIT, call).await {
            Ok(answer) => answer.map(tonic::Response::into_inner),
            Err(_) => Err(CallFailed::Timeout),
        }
    }
}

/// What a provider answers itself has no error of the transport in it.
fn of_status(status: Status) -> CallFailed {
    match std::error::Error::source(&status) {
        Some(source) => CallFailed::Broken(sources(source)),
        None if status.code() == tonic::Code::Unavailable => CallFailed::Broken(status.message().to_owned()),
        None => CallFailed::Status(status.message().to_owned()),
    }
}

/// An error with what caused it.
fn sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(&format!(": {source}"));
        next = source.source();
    }
    text
}
