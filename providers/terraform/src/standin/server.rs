//! The server that the engine attaches to: gRPC on a free port of this machine, on a thread of its own.

use super::provider::{Provider, Source};
use super::raw::Raw;
use super::real::{Protocol, Real};
use super::{ProviderSchemas, Session};
use prost::bytes::Bytes;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::{io, thread};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, UnaryService};
use tonic::transport::server::{TcpConnectInfo, TcpIncoming};
use tonic::{Request, Response, Status};

/// A stand-in provider that is being served; dropping it stops the server.
#[derive(Debug)]
pub struct Served {
    source: String,
    protocol: Protocol,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The schemas have no such provider.
    #[error("no schema of provider {asked}: expected one of {known}")]
    Unknown {
        /// The source that was asked for.
        asked: String,
        /// Those that there are.
        known: String,
    },
    /// The system refuses a port or a thread.
    #[error("could not serve the stand-in for {asked} on 127.0.0.1: {error}")]
    System {
        /// The source that was asked for.
        asked: String,
        /// What the system said.
        error: io::Error,
    },
    /// The defaults that are built in cannot be read.
    #[error("the defaults of the AWS provider's arguments are broken: {0}")]
    Defaults(String),
}

/// Serves the stand-in for one provider on a free port of this machine, until the answer is dropped.
///
/// # Errors
/// See [`ServeError`].
pub fn serve(session: &Session, schemas: &ProviderSchemas, source: &str) -> Result<Served, ServeError> {
    let schema = schemas.get(source).ok_or_else(|| ServeError::Unknown {
        asked: source.to_owned(),
        known: schemas.sources().collect::<Vec<_>>().join(", "),
    })?;
    serve_source(session, Source::Schema(schema), source, Protocol::Six)
}

/// Serves the stand-in in front of a real provider, in the version of the protocol that this one speaks.
///
/// # Errors
/// See [`ServeError`].
pub fn serve_before(session: &Session, real: &Real) -> Result<Served, ServeError> {
    serve_source(session, Source::Real(real.clone()), real.source(), real.protocol())
}

fn serve_source(
    session: &Session,
    behind: Source,
    source: &str,
    protocol: Protocol,
) -> Result<Served, ServeError> {
    let failed = |error: io::Error| ServeError::System { asked: source.to_owned(), error };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (stop, stopped) = oneshot::channel();
    let provider =
        Provider::new(session.clone(), behind).map_err(|error| ServeError::Defaults(error.to_string()))?;
    let service = Plugin { provider: Arc::new(provider), protocol };
    let serving = async move {
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        tokio::select! {
            // An error here ends the listener alone: the engine then says that the provider is gone.
            _ = tonic::transport::Server::builder().serve_with_incoming(service, incoming) => {}
            _ = stopped => {}
        }
    };
    let thread = thread::Builder::new()
        .name("stand-in".to_owned())
        .spawn(move || runtime.block_on(serving))
        .map_err(failed)?;
    Ok(Served { source: source.to_owned(), protocol, address, stop: Some(stop), thread: Some(thread) })
}

impl Served {
    /// What goes into `TF_REATTACH_PROVIDERS`: the provider's source and how to reach the stand-in.
    ///
    /// A source from the registry that is an engine's default is given without it, as each engine then adds its own.
    pub fn reattach(&self) -> (String, serde_json::Value) {
        let source = ["registry.terraform.io/", "registry.opentofu.org/"]
            .into_iter()
            .find_map(|registry| self.source.strip_prefix(registry))
            .unwrap_or(&self.source);
        let how = serde_json::json!({
            "Protocol": "grpc",
            "ProtocolVersion": self.protocol.version(),
            "Pid": std::process::id(),
            "Test": true,
            "Addr": {"Network": "tcp", "String": self.address.to_string()},
        });
        (source.to_owned(), how)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The gRPC service: each call of the provider's service goes to [`Provider::call`] with its bytes.
#[derive(Clone, Debug)]
struct Plugin {
    provider: Arc<Provider>,
    protocol: Protocol,
}

impl Service<http::Request<Body>> for Plugin {
    type Response = http::Response<Body>;
    type Error = std::convert::Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let path = request.uri().path().to_owned();
        let call = Call { provider: Arc::clone(&self.provider), protocol: self.protocol, path };
        Box::pin(async move {
            let mut grpc = Grpc::new(Raw).apply_max_message_size_config(Some(usize::MAX), Some(usize::MAX));
            Ok(grpc.unary(call, request).await)
        })
    }
}

struct Call {
    provider: Arc<Provider>,
    protocol: Protocol,
    path: String,
}

impl UnaryService<Bytes> for Call {
    type Response = Vec<u8>;
    type Future = BoxFuture<Response<Vec<u8>>, Status>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let peer = request.extensions().get::<TcpConnectInfo>().and_then(TcpConnectInfo::remote_addr);
        let provider = Arc::clone(&self.provider);
        let method = self.protocol.method(&self.path).map(str::to_owned);
        let path = self.path.clone();
        Box::pin(async move {
            let method = method.ok_or_else(|| Status::unimplemented(format!("no service at {path}")))?;
            provider.call(&method, peer, request.into_inner()).await.map(Response::new)
        })
    }
}
