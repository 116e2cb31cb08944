//! The server that the engine attaches to: gRPC on a free port of this machine, on a thread of its own.

use super::Session;
use super::provider::Provider;
use prost::bytes::{Buf, BufMut, Bytes};
use std::future::{self, Ready};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::{io, thread};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, UnaryService};
use tonic::transport::server::{TcpConnectInfo, TcpIncoming};
use tonic::{Request, Response, Status};

/// A stand-in provider that is being served; dropping it stops the server.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The system refuses a port or a thread.
    #[error("could not serve the stand-in provider on 127.0.0.1: {0}")]
    System(#[from] io::Error),
    /// The schema that is built in cannot be read.
    #[error("the schema of the stand-in provider is broken: {0}")]
    Schema(#[from] serde_json::Error),
}

/// Serves the stand-in for the AWS provider on a free port of this machine, until the answer is dropped.
///
/// # Errors
/// See [`ServeError`].
pub fn serve(session: &Session) -> Result<Served, ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let service = Plugin(Arc::new(Provider::new(session.clone())?));
    let serving = async move {
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        tokio::select! {
            // An error here ends the listener alone: the engine then says that the provider is gone.
            _ = tonic::transport::Server::builder().serve_with_incoming(service, incoming) => {}
            _ = stopped => {}
        }
    };
    let thread =
        thread::Builder::new().name("stand-in".to_owned()).spawn(move || runtime.block_on(serving))?;
    Ok(Served { address, stop: Some(stop), thread: Some(thread) })
}

impl Served {
    /// What goes into `PULUMI_DEBUG_PROVIDERS`: the provider's name and the port.
    pub fn attach(&self) -> String {
        format!("aws:{}", self.address.port())
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
#[derive(Clone)]
struct Plugin(Arc<Provider>);

impl Service<http::Request<Body>> for Plugin {
    type Response = http::Response<Body>;
    type Error = std::convert::Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let call = Call { provider: Arc::clone(&self.0), path: request.uri().path().to_owned() };
        Box::pin(async move {
            let mut grpc = Grpc::new(Raw).apply_max_message_size_config(Some(usize::MAX), Some(usize::MAX));
            Ok(grpc.unary(call, request).await)
        })
    }
}

struct Call {
    provider: Arc<Provider>,
    path: String,
}

impl UnaryService<Bytes> for Call {
    type Response = Vec<u8>;
    type Future = Ready<Result<Response<Vec<u8>>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let peer = request.extensions().get::<TcpConnectInfo>().and_then(TcpConnectInfo::remote_addr);
        let answer = match self.path.strip_prefix("/pulumirpc.ResourceProvider/") {
            Some(method) => self.provider.call(method, peer, request.get_ref()),
            None => Err(Status::unimplemented(format!("no service at {}", self.path))),
        };
        future::ready(answer.map(Response::new))
    }
}

/// Messages as they are on the wire; who handles a call knows their types.
#[derive(Clone, Copy, Debug)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let length = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(length)))
    }
}
