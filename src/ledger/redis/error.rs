//! Why there is no ledger in Redis.

use super::super::LedgerError;

/// Why a [`RedisLedger`](super::RedisLedger) does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisError {
    /// An address is none, or there is none at all. It is not repeated: it may hold a password.
    #[error("address {index} is no redis:// address")]
    Address {
        /// Which of them.
        index: usize,
    },
    /// When it is full, the server would forget one thing to remember another.
    #[error("the server evicts: `maxmemory-policy` is `{}`, not `noeviction`", .policy.escape_debug())]
    Evicts {
        /// What it is set to.
        policy: String,
    },
    /// The server is a replica.
    #[error("the server is a replica")]
    Replica,
    /// The server is older than version 7.0.
    #[error("the server has version `{}`, older than 7.0", .version.escape_debug())]
    TooOld {
        /// Its version.
        version: String,
    },
    /// No server answers as it should.
    #[error("no server: {}", .0.escape_debug())]
    Unavailable(String),
}

impl RedisError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "redis_address_invalid",
            Self::Evicts { .. } => "redis_evicts",
            Self::Replica => "redis_replica",
            Self::TooOld { .. } => "redis_too_old",
            Self::Unavailable(_) => "ledger_unavailable",
        }
    }

    /// How much it says: of several servers, the one that is closest to being right.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Self::Unavailable(_) | Self::Address { .. } => 0,
            Self::Replica => 1,
            Self::TooOld { .. } => 2,
            Self::Evicts { .. } => 3,
        }
    }
}

impl From<RedisError> for LedgerError {
    fn from(error: RedisError) -> Self {
        match error {
            RedisError::Unavailable(why) => Self::Unavailable(why),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

/// Why one command got no answer to work with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The script is not known there.
    NoScript,
    /// The connection is gone. Whether the command was done is not known.
    Gone(String),
    /// There is no answer in time. Whether the command was done is not known.
    Late,
    /// The server is full.
    Full,
    /// There is no connection, and none can be made.
    Down(RedisError),
    /// Anything else.
    Other(String),
}

impl Failure {
    pub(crate) fn of(error: &::redis::RedisError) -> Self {
        match error.code() {
            Some("OOM") => return Self::Full,
            Some("NOSCRIPT") => return Self::NoScript,
            // A master that is none any more, or a slot that is elsewhere: somebody else is asked.
            Some("READONLY" | "MOVED" | "ASK" | "CLUSTERDOWN" | "LOADING" | "MASTERDOWN") => {
                return Self::Gone(brief(error));
            }
            _ => {}
        }
        if error.is_timeout() {
            return Self::Late;
        }
        if error.is_io_error() || error.is_connection_dropped() || error.is_unrecoverable_error() {
            return Self::Gone(brief(error));
        }
        Self::Other(brief(error))
    }

    pub(crate) fn into_text(self) -> String {
        match self {
            Self::NoScript => "the server does not keep scripts".to_owned(),
            Self::Late => "no answer in time".to_owned(),
            Self::Down(RedisError::Unavailable(why)) => why,
            Self::Down(error) => error.to_string(),
            Self::Full => "the server is full".to_owned(),
            Self::Gone(why) | Self::Other(why) => why,
        }
    }
}

impl From<Failure> for RedisError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Down(error) => error,
            failure => Self::Unavailable(failure.into_text()),
        }
    }
}

impl From<Failure> for LedgerError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Full => Self::Full,
            failure => Self::Unavailable(failure.into_text()),
        }
    }
}

/// What the error says, without what was sent.
fn brief(error: &::redis::RedisError) -> String {
    match (error.code(), error.detail()) {
        (Some(code), _) => format!("the server answered {code}"),
        (None, _) => error.category().to_owned(),
    }
}
