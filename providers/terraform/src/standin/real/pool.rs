//! The processes of one provider: one for each configuration, as an engine has them, kept between plans.

use super::super::wire;
use super::client::{CallFailed, Client};
use super::{Handshake, Protocol};
use prost::Message;
use prost::bytes::Bytes;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, oneshot};

/// How a provider's program is started.
pub trait Launch: Send + Sync + fmt::Debug {
    /// Starts one more process, and waits until it says where it listens.
    ///
    /// # Errors
    /// Why there is none, in words for the user.
    fn launch(&self) -> Result<Launched, String>;
}

/// A process that was started.
#[derive(Debug)]
pub struct Launched {
    /// Where it listens.
    pub handshake: Handshake,
    /// It ends when this is dropped.
    pub process: Box<dyn Running>,
}

/// A process that ends when the value is dropped.
pub trait Running: Send + Sync + fmt::Debug {
    /// Whether it has ended by itself.
    fn has_ended(&self) -> bool;
}

/// How many processes a run may start in all: one for each provider block, and some in the place of those that broke down.
const LAUNCHES: usize = 16;

/// Which process is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Key {
    /// Whatever its configuration is.
    Any,
    Configured(Configuration),
}

/// What a provider is configured with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Configuration {
    pub(in super::super) config: Bytes,
    pub(in super::super) terraform_version: String,
}

/// A process that runs.
#[derive(Debug)]
pub(in super::super) struct Process {
    client: Client,
    running: Box<dyn Running>,
    /// Whether somebody has configured it, or is about to.
    claimed: AtomicBool,
    broken: AtomicBool,
}

impl Process {
    /// Calls by the name of version 6.
    pub(in super::super) async fn call(&self, method: &str, request: Vec<u8>) -> Result<Bytes, CallFailed> {
        let answer = self.client.call(method, request).await;
        if let Err(CallFailed::Broken(_) | CallFailed::Timeout) = answer {
            self.broken.store(true, Ordering::SeqCst);
        }
        answer
    }

    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst) || self.running.has_ended()
    }
}

/// A process, or why there is none; found out once.
type Cell = Arc<OnceCell<Result<Arc<Process>, String>>>;

#[derive(Debug)]
pub(super) struct Pool {
    launch: Arc<dyn Launch>,
    protocol: Protocol,
    cells: Mutex<HashMap<Key, Cell>>,
    launched: AtomicUsize,
    /// Where connections live.
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Pool {
    /// A pool with a first process, and what it answers to `GetProviderSchema`.
    pub(super) fn start(launch: Arc<dyn Launch>) -> Result<(Self, Result<Bytes, CallFailed>), String> {
        let failed = |error: std::io::Error| format!("no thread for a provider: {error}");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(failed)?;
        let Launched { handshake, process: running } = launch.launch()?;
        let client = runtime.block_on(Client::connect(handshake))?;
        let protocol = client.protocol();
        let first =
            Process { client, running, claimed: AtomicBool::new(false), broken: AtomicBool::new(false) };
        let schema = runtime.block_on(first.call("GetProviderSchema", Vec::new()));
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("provider".to_owned()).spawn(move || {
            // Whether it is sent or dropped, it is the end.
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        });
        let cells = HashMap::from([(Key::Any, Cell::new(OnceCell::new_with(Some(Ok(Arc::new(first))))))]);
        let pool = Self {
            launch,
            protocol,
            cells: Mutex::new(cells),
            launched: AtomicUsize::new(1),
            handle,
            stop: Some(stop),
            thread: Some(thread.map_err(failed)?),
        };
        Ok((pool, schema))
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The process of a key, which is started where there is none.
    pub(super) async fn process(&self, key: &Key) -> Result<Arc<Process>, String> {
        let cell = self.cell(key);
        cell.get_or_init(|| self.started(key)).await.clone()
    }

    /// The place of a key's process; a new one where that process has broken down.
    fn cell(&self, key: &Key) -> Cell {
        let mut cells = self.cells();
        let is_broken = |cell: &Cell| matches!(cell.get(), Some(Ok(process)) if process.is_broken());
        let known = cells.get(key).filter(|cell| !is_broken(cell));
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let new = Cell::default();
        cells.insert(key.clone(), Arc::clone(&new));
        new
    }

    async fn started(&self, key: &Key) -> Result<Arc<Process>, String> {
        let process = match self.unclaimed() {
            Some(process) => process,
            None => Arc::new(self.launched().await?),
        };
        let Key::Configured(Configuration { config, terraform_version }) = key else { return Ok(process) };
        process.claimed.store(true, Ordering::SeqCst);
        let request = wire::ConfigureRequest {
            terraform_version: terraform_version.clone(),
            config: Some(wire::DynamicValue { msgpack: config.clone(), json: Bytes::new() }),
        };
        let answer = process.call("ConfigureProvider", request.encode_to_vec()).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let answer = wire::Done::decode(answer).map_err(|error| error.to_string())?;
        match wire::errors(&answer.diagnostics).next() {
            Some(error) => Err(format!("it cannot be configured: {}", error.told())),
            None => Ok(process),
        }
    }

    /// The first process, if nobody has configured it.
    fn unclaimed(&self) -> Option<Arc<Process>> {
        let first = Arc::clone(self.cells().get(&Key::Any)?);
        let process = first.get()?.as_ref().ok()?;
        let is_free = !process.is_broken() && !process.claimed.swap(true, Ordering::SeqCst);
        is_free.then(|| Arc::clone(process))
    }

    async fn launched(&self) -> Result<Process, String> {
        if self.launched.fetch_add(1, Ordering::SeqCst) >= LAUNCHES {
            return Err(format!(
                "its program was started {LAUNCHES} times: expected fewer provider blocks that differ"
            ));
        }
        let launch = Arc::clone(&self.launch);
        let ended = |error: tokio::task::JoinError| format!("its program was not started: {error}");
        let launched = self.handle.spawn_blocking(move || launch.launch()).await.map_err(ended)??;
        let client = self.handle.spawn(Client::connect(launched.handshake)).await.map_err(ended)??;
        Ok(Process {
            client,
            running: launched.process,
            claimed: AtomicBool::new(false),
            broken: AtomicBool::new(false),
        })
    }

    fn cells(&self) -> MutexGuard<'_, HashMap<Key, Cell>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
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
