//! A ledger in Redis, for verifiers on many machines.
//!
//! In comes a settlement, out goes one Lua script, in one round trip: the server does one at a time,
//! so that a settlement is all or nothing for everybody. All entries of a task are in one of 256
//! shards, each of which is one hash slot of a Redis Cluster. A shard's *epoch* says from when on,
//! and since which process of the server, it is known to have forgotten nothing.
//!
//! The `redis` crate is not shown.

mod clocks;
mod codec;
mod config;
mod error;
mod info;
mod ledger;
mod link;
mod refund;
mod request;
mod session;
mod wire;

#[cfg(test)]
mod tests;

pub use config::RedisConfig;
pub(crate) use config::Topology;
pub(crate) use error::Failure;
pub use error::RedisError;
pub use ledger::RedisLedger;
#[cfg(test)]
pub(crate) use tests::server;
pub(crate) use wire::Wire;
