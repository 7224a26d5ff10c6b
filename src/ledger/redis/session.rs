//! One connection, and what was found out when it was made.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ::redis::{Cmd, ConnectionInfo, Pipeline, Value};

use super::clocks::Clocks;
use super::codec::{Answer, not_understood};
use super::config::{RedisConfig, Replicas};
use super::error::Failure;
use super::info::{Server, ServerInfo};
use super::request::{self, Request, SHARDS, Shard};
use super::wire::Wire;
use super::{RedisError, config::Topology};

/// One connection to one process of a server, or those to a cluster.
pub(super) struct Session {
    wire: Wire,
    /// Which server it is; of a cluster, the scripts ask.
    server: Option<Server>,
    durable: bool,
    clocks: Clocks,
    opening: AtomicBool,
    timeout: Duration,
}

impl Session {
    /// Connects, and refuses a server that may not keep a ledger.
    pub(super) async fn start(config: &RedisConfig, wait: Duration) -> Result<Self, RedisError> {
        match config.topology {
            Topology::Cluster => Self::cluster(config, wait).await,
            Topology::Single => {
                let mut closest: Option<RedisError> = None;
                for node in &config.nodes {
                    match Self::single(config, node, wait).await {
                        Ok(session) => return Ok(session),
                        Err(error)
                            if closest
                                .as_ref()
                                .is_none_or(|it| it.weight() < error.weight()) =>
                        {
                            closest = Some(error);
                        }
                        Err(_) => {}
                    }
                }
                Err(closest.unwrap_or(RedisError::Address { index: 0 }))
            }
        }
    }

    async fn single(
        config: &RedisConfig,
        node: &ConnectionInfo,
        wait: Duration,
    ) -> Result<Self, RedisError> {
        let timeout = config.response_timeout.saturating_add(wait);
        let wire = Wire::to_server(config, node, timeout).await?;
        let mut session = Self {
            wire,
            server: None,
            durable: false,
            clocks: Clocks::new(),
            opening: AtomicBool::new(false),
            timeout: config.response_timeout,
        };
        let server = session.ask().await?;
        session.timeout = timeout;
        session.durable = config.durable && config.replicas.is_none() && server.durable;
        session.server = Some(server);
        session.open_all(false).await?;
        Ok(session)
    }

    async fn cluster(config: &RedisConfig, wait: Duration) -> Result<Self, RedisError> {
        let timeout = config.response_timeout.saturating_add(wait);
        let wire = Wire::to_cluster(config, timeout).await?;
        let session = Self {
            wire,
            server: None,
            durable: false,
            clocks: Clocks::new(),
            opening: AtomicBool::new(false),
            timeout,
        };
        session.open_what_is_there().await?;
        Ok(session)
    }

    /// Asks the server which it is, and makes the scripts known to it.
    async fn ask(&self) -> Result<Server, RedisError> {
        let mut questions = Pipeline::new();
        questions.cmd("INFO");
        questions.cmd("CONFIG").arg("GET").arg("appendfsync");
        for script in [&*request::SETTLE, &*request::OPEN, &*request::REFUND] {
            questions.add_command(script.load());
        }
        let answers = self.send_all(questions, Shard(0)).await;
        let answers = answers?;
        let mut answers = answers.into_iter();
        let info = match answers.next() {
            Some(Value::ServerError(error)) => return Err(Failure::of(&error.into()).into()),
            info => info.and_then(|it| ::redis::from_redis_value::<String>(it).ok()),
        };
        // A server that others look after may not say: then it is not known to be durable.
        let appendfsync = answers
            .next()
            .and_then(|it| ::redis::from_redis_value::<Vec<String>>(it).ok())
            .and_then(|it| it.into_iter().nth(1));
        let appendfsync = appendfsync.as_deref();
        let info = info.as_deref().unwrap_or_default();
        ServerInfo { info, appendfsync }.check()
    }

    /// Opens every shard, so that a new epoch begins in all of them now. A shard that has no room
    /// for it opens later, unless it is to be acknowledged.
    pub(super) async fn open_all(&self, acknowledge: bool) -> Result<(), Failure> {
        if self.server.is_none() {
            for shard in Shard::all() {
                self.open(shard, acknowledge).await?;
            }
            return Ok(());
        }
        let mut requests = Pipeline::with_capacity(SHARDS);
        for shard in Shard::all() {
            let open = request::open(shard, self.durable, acknowledge);
            requests.add_command(open.command(&[self.identity()]));
        }
        let answers = self.send_all(requests, Shard(0)).await?;
        for (shard, answer) in Shard::all().zip(answers) {
            match value(answer).and_then(|it| self.opened(shard, &it)) {
                Err(Failure::Full) if !acknowledge => {}
                // Somebody has dropped the scripts.
                Err(Failure::NoScript) => self.open(shard, acknowledge).await?,
                other => other?,
            }
        }
        Ok(())
    }

    /// Opens the shards of a cluster, so that a new epoch begins in all of them now. Once a node
    /// does not answer, the rest is left for when it is needed.
    async fn open_what_is_there(&self) -> Result<(), Failure> {
        const ENOUGH: usize = 4;
        let (mut opened, mut failed) = (0_usize, 0_usize);
        for shard in Shard::all() {
            match self.open(shard, false).await {
                Ok(()) | Err(Failure::Full) => opened = opened.saturating_add(1),
                Err(refused @ Failure::Down(_)) => return Err(refused),
                Err(_) if opened > 0 => return Ok(()),
                Err(failure) => {
                    failed = failed.saturating_add(1);
                    if failed == ENOUGH {
                        return Err(failure);
                    }
                }
            }
        }
        Ok(())
    }

    /// Opens one shard.
    async fn open(&self, shard: Shard, acknowledge: bool) -> Result<(), Failure> {
        let open = request::open(shard, self.durable, acknowledge);
        let answer = self.run(&open, &[self.identity()]).await?;
        let text = |rest: &[u8]| String::from_utf8_lossy(rest).into_owned();
        match answer.split_first() {
            Some((b'E', rest)) => {
                let policy = text(rest);
                Err(Failure::Down(RedisError::Evicts { policy }))
            }
            Some((b'V', rest)) => {
                let version = text(rest);
                Err(Failure::Down(RedisError::TooOld { version }))
            }
            _ => self.opened(shard, &answer),
        }
    }

    fn opened(&self, shard: Shard, answer: &[u8]) -> Result<(), Failure> {
        match Answer::parse(answer) {
            Some(answer) if answer.letter == b'T' => {
                self.clocks.read(shard, &answer);
                Ok(())
            }
            _ => Err(Failure::Other("a shard does not open".to_owned())),
        }
    }

    /// Settles, once the shard is open. With `replicas`, only what they have counts.
    pub(super) async fn settle(
        &self,
        request: &Request,
        replicas: Option<Replicas>,
    ) -> Result<Vec<u8>, Failure> {
        // Once, as a new epoch begins; twice, as another's may begin then.
        for _ in 0..3 {
            if let Some(now) = self.clocks.now(request.shard) {
                let now = now.to_string();
                let first = [self.identity(), &now];
                let (answer, acknowledged) = match replicas {
                    None => (self.run(request, &first).await?, None),
                    Some(replicas) => self.run_and_wait(request, &first, replicas).await?,
                };
                let read = Answer::parse(&answer)
                    .ok_or_else(|| Failure::Other(not_understood().to_string()))?;
                self.clocks.read(request.shard, &read);
                if !read.is_closed() {
                    return enough(&read, replicas, acknowledged).map(|()| answer);
                }
            }
            self.reopen(request.shard).await?;
        }
        Err(Failure::Other("the server changes all the time".to_owned()))
    }

    /// The shard was emptied, or is with another server: so are the others, most likely.
    async fn reopen(&self, shard: Shard) -> Result<(), Failure> {
        let opened = match self.server {
            Some(_) => self.open_all(false).await,
            None => self.open(shard, false).await,
        };
        opened?;
        if self.clocks.now(shard).is_none() {
            return Err(Failure::Full);
        }
        // One call is enough to open the others of a cluster.
        if self.server.is_none() && !self.opening.swap(true, Ordering::Relaxed) {
            let _ = self.open_what_is_there().await;
            self.opening.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Runs a script, by its text if it is not known.
    pub(super) async fn run(&self, request: &Request, first: &[&str]) -> Result<Vec<u8>, Failure> {
        match self.send(request.command(first), request.shard).await {
            Err(Failure::NoScript) => {
                self.send(request.command_with_text(first), request.shard)
                    .await
            }
            answer => answer,
        }
    }

    /// As [`run`](Self::run), and asks how many replicas have it. The connection waits.
    async fn run_and_wait(
        &self,
        request: &Request,
        first: &[&str],
        replicas: Replicas,
    ) -> Result<(Vec<u8>, Option<u32>), Failure> {
        let mut last = Failure::NoScript;
        for command in [request.command(first), request.command_with_text(first)] {
            let mut both = Pipeline::with_capacity(2);
            both.add_command(command);
            // 0 would wait for ever.
            let timeout = u64::try_from(replicas.timeout.as_millis()).unwrap_or(u64::MAX);
            both.cmd("WAIT").arg(replicas.count).arg(timeout.max(1));
            let answers = self.send_all(both, request.shard).await?;
            let [answer, waited] = <[Value; 2]>::try_from(answers)
                .map_err(|_| Failure::Other(not_understood().to_string()))?;
            match value(answer) {
                Ok(answer) => {
                    let acknowledged = ::redis::from_redis_value::<u32>(waited);
                    let acknowledged = acknowledged.map_err(|_| {
                        Failure::Other("the server does not say what replicas have".to_owned())
                    })?;
                    return Ok((answer, Some(acknowledged)));
                }
                Err(Failure::NoScript) => {}
                Err(failure) => {
                    last = failure;
                    break;
                }
            }
        }
        Err(last)
    }

    async fn send(&self, command: Cmd, shard: Shard) -> Result<Vec<u8>, Failure> {
        let wire = self.wire.clone();
        value(wire.send(command, || shard.epoch(), self.timeout).await?)
    }

    async fn send_all(&self, commands: Pipeline, shard: Shard) -> Result<Vec<Value>, Failure> {
        let wire = self.wire.clone();
        wire.send_all(commands, || shard.epoch(), self.timeout)
            .await
    }

    fn identity(&self) -> &str {
        self.server.as_ref().map_or("", |server| &server.identity)
    }
}

/// Whether enough replicas have what was settled.
fn enough(
    answer: &Answer<'_>,
    replicas: Option<Replicas>,
    acknowledged: Option<u32>,
) -> Result<(), Failure> {
    match (replicas, acknowledged) {
        (Some(Replicas { count, .. }), Some(has)) if answer.is_settled() && has < count => {
            let why = format!("{has} of {count} replicas have it");
            Err(Failure::Other(why))
        }
        _ => Ok(()),
    }
}

fn value(value: Value) -> Result<Vec<u8>, Failure> {
    match value {
        Value::ServerError(error) => Err(Failure::of(&error.into())),
        Value::BulkString(bytes) => Ok(bytes),
        _ => Err(Failure::Other(not_understood().to_string())),
    }
}
