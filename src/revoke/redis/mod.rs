//! Revocations through Redis, for verifiers on many machines.
//!
//! What travels is signed: lists, deltas and stop tickets. The server says only where they are: of
//! each signer a *head* with the number of the list that it holds, of each root key a head with the
//! number of tickets. Whoever polls asks for all heads in one round trip, and for more when one has
//! changed.
//!
//! All keys are in one slot of a Redis Cluster, so that this is one round trip there too.

mod contact;
mod error;
mod heads;
mod link;
mod look;
mod publish;
mod source;
mod watch;

#[cfg(test)]
mod tests;

pub use error::RelayError;
pub use source::RedisRevocations;
pub use watch::RedisWatch;
