//! A connection at any time, if there is a server.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::redis::{ConnectionInfo, FromRedisValue, Pipeline, Value};

use super::heads::SLOT;
use crate::ledger::{Failure, RedisConfig, Topology, Wire};

/// How long a list may take. Short answers have the time-out of the configuration.
const LONGEST: Duration = Duration::from_secs(30);

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// For a few bytes.
    Short,
    /// For a list.
    Long,
}

/// Connects, and again when the connection is gone.
pub(super) struct Link {
    config: RedisConfig,
    current: Mutex<Option<Wire>>,
}

impl Link {
    pub(super) fn new(config: RedisConfig) -> Self {
        let current = Mutex::new(None);
        Self { config, current }
    }

    /// Sends commands in one round trip, to a master: a replica may be behind.
    pub(super) async fn ask(
        &self,
        commands: &Pipeline,
        patience: Patience,
    ) -> Result<Vec<Value>, Failure> {
        let known = self.current().clone();
        let wire = match known {
            Some(wire) => wire,
            None => self.connect().await?,
        };
        let answers = self.ask_on(&wire, commands, patience).await;
        match &answers {
            Ok(_) => *self.current() = Some(wire),
            Err(_) => *self.current() = None,
        }
        answers
    }

    async fn ask_on(
        &self,
        wire: &Wire,
        commands: &Pipeline,
        patience: Patience,
    ) -> Result<Vec<Value>, Failure> {
        let mut all = Pipeline::with_capacity(commands.len().saturating_add(1));
        all.cmd("ROLE");
        for command in commands.cmd_iter() {
            all.add_command(command.clone());
        }
        let timeout = match patience {
            Patience::Short => self.config.response_timeout,
            Patience::Long => LONGEST,
        };
        let wire = wire.clone();
        let answers = wire.send_all(all, || SLOT.into(), timeout).await;
        let mut answers = answers?.into_iter();
        match answers.next() {
            Some(Value::Array(role))
                if role.first() == Some(&Value::BulkString(b"master".to_vec())) => {}
            Some(Value::ServerError(error)) => return Err(Failure::of(&error.into())),
            _ => return Err(Failure::Gone("the server is a replica".to_owned())),
        }
        answers
            .map(|answer| match answer {
                Value::ServerError(error) => Err(Failure::of(&error.into())),
                answer => Ok(answer),
            })
            .collect()
    }

    async fn connect(&self) -> Result<Wire, Failure> {
        if self.config.topology == Topology::Cluster {
            return Wire::to_cluster(&self.config, LONGEST).await;
        }
        let mut first = None;
        for node in &self.config.nodes {
            match self.connect_to(node).await {
                Ok(wire) => return Ok(wire),
                Err(failure) => first = first.or(Some(failure)),
            }
        }
        Err(first.unwrap_or(Failure::Late))
    }

    async fn connect_to(&self, node: &ConnectionInfo) -> Result<Wire, Failure> {
        let wire = Wire::to_server(&self.config, node, LONGEST).await?;
        // Of several, the one that is a master.
        self.ask_on(&wire, &Pipeline::new(), Patience::Short)
            .await?;
        Ok(wire)
    }

    pub(super) fn config(&self) -> &RedisConfig {
        &self.config
    }

    fn current(&self) -> MutexGuard<'_, Option<Wire>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an answer holds.
pub(super) fn read<T: FromRedisValue>(answer: Option<Value>) -> Result<T, Failure> {
    let read = answer.and_then(|answer| ::redis::from_redis_value(answer).ok());
    read.ok_or_else(|| Failure::Other("the server's answer is not understood".to_owned()))
}
