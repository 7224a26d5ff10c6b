//! Least-privilege capability tokens for AI agents, one per task, verified offline.
//!
//! An issuer grants a task; the agent's runtime attaches the token to every call, with a proof by the agent's own key; the
//! service lets through exactly what was granted. Data travels one line, and each room of this crate is a stretch of it:
//!
//! ```text
//! Manifest ─mint→ Token ─delegate→ Token ─present→ Presentation ─verify→ Verified ─decide→ Decision ─settle→ Permit
//! ```
//!
//! A service makes one call, [`Gate::admit`](gate::Gate::admit), which runs the second half in order. What acts takes the
//! [`Permit`](gate::Permit) by value.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use bailiwick::action::{Action, Call, Effect, Service};
//! use bailiwick::clock::{Clock, FixedClock, Timestamp};
//! use bailiwick::gate::{Gate, Permit};
//! use bailiwick::keys::{HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
//! use bailiwick::ledger::ForgetfulLedger;
//! use bailiwick::action::Task;
//! use bailiwick::mint::Issuer;
//! use bailiwick::present::Holder;
//! use bailiwick::scope::{Capability, Scope};
//! use bailiwick::verify::Verifier;
//!
//! // The issuer grants one task to one agent, of which it has the public key alone.
//! let start = Timestamp::from_unix_seconds(1_800_000_000)?;
//! let end = start.saturating_add(Duration::from_secs(900));
//! let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
//! let root = Root::new(RootKeyId::new(1), issuer.public_key(), start..end);
//! let scope = Scope::builder()
//!     .allow(Capability::operation("forum.read", "forum/thread/42")?)
//!     .audience("forum.example".parse()?)
//!     .not_after(end)
//!     .build()?;
//! let task = Task::new("t-42", "answer the question in thread 42", "ada@example.com", "helper")?;
//! let token = Issuer::new(issuer, root.id()).mint(&task, scope, &agent.public_key(), start)?.token;
//!
//! // The service trusts a root key, and knows nothing else of issuers and agents.
//! let forum: Service = "forum.example".parse()?;
//! let clock = Arc::new(FixedClock::new(start.saturating_add(Duration::from_secs(60))));
//! let gate = Gate::new(
//!     Verifier::new(forum.clone(), KeyRing::new([root])?),
//!     ForgetfulLedger::started_at(start),
//! )
//! .with_clock(clock.clone());
//!
//! // The agent proves, for each request, that the token is its own.
//! let agent = Holder::new(token, agent)?;
//! let get = |path: &str| Call::http("GET", path, None, b"");
//! let send = |call: &Call| Ok::<_, Box<dyn std::error::Error>>(agent.present(&forum, call, clock.now())?.to_text());
//!
//! // What acts takes a permit.
//! fn read(permit: Permit) -> String {
//!     let [action] = permit.actions() else { return String::new() };
//!     format!("{} for {}", action.resource(), permit.agent())
//! }
//! let reading = |thread: &str| -> Result<Action, Box<dyn std::error::Error>> {
//!     Ok(Action::new(forum.clone(), "forum.read".parse()?, Effect::Read, thread.parse()?))
//! };
//! let call = get("/threads/42")?;
//! let permit = gate.admit(&send(&call)?, &call, reading("forum/thread/42")?)?.first()?;
//! assert_eq!(read(permit), "forum/thread/42 for helper");
//!
//! let call = get("/threads/43")?;
//! let refusal = gate.admit(&send(&call)?, &call, reading("forum/thread/43")?).unwrap_err();
//! assert_eq!(refusal.code(), "resource_outside");
//! assert_eq!(
//!     refusal.to_string(),
//!     "resource `forum/thread/43` is outside `forum/thread/42` of block 0",
//! );
//! # Ok(())
//! # }
//! ```
//!
//! # Rooms
//!
//! | room | what comes in, what goes out | may touch |
//! |---|---|---|
//! | [`action`] | what an agent sends, and what the service says that it does | nothing |
//! | [`scope`] | what may be done; scopes and actions to a verdict | nothing |
//! | [`keys`] | keys of issuers, holders, approvers, of who revokes and who notes; the key ring | randomness |
//! | [`token`] | tokens as bytes and as text: a strict profile of Biscuit | bytes |
//! | [`manifest`] | a task file, and values for its parameters, to a scope | nothing |
//! | [`mint`] | a task file with its values, or a task and a scope, to a token | the signer it is handed |
//! | [`delegate`] | a token to a narrower one, or to the sealed form | the key it is handed |
//! | [`present`] | a token and a call to a presentation | the key it is handed, randomness |
//! | [`approve`] | what needs an approval to a request, and a person's or program's answer to it | the key it is handed, randomness |
//! | [`note`] | a permit and values to a note; a note and a call to what it shows | the key it is handed, randomness |
//! | [`verify`] | a presentation to a `Verified` | public keys; time and revocations as arguments |
//! | [`catalog`] | a service's vocabulary, and a call, to what the call does | nothing |
//! | [`review`] | scopes to what they allow: compared, proved, described, with witnesses | nothing |
//! | [`decide`] | a `Verified` and actions to a `Decision` | nothing |
//! | [`ledger`] | what may happen once, or so often | its own store |
//! | [`revoke`] | what is revoked: sets, signed lists, stop tickets, brakes, a tripwire | its own store, the key it is handed |
//! | [`gate`] | all of it in order: a presentation to a `Permit` | a clock, a ledger, randomness |
//! | [`guard`] | a call of a tool to a tool that runs, or does not | the gate, a clock |
//! | `http` | a request to a permit and an answer; a request to one with a proof (feature `http`) | the gate, a clock |
//! | `roots` | a file of trusted roots to a key ring (feature `roots`) | nothing |
//! | [`clock`] | times, and where they come from | the system's clock |
//!
//! Where a service does not use the [`Gate`](gate::Gate), it can run the line itself: only then is it up to the service
//! that proofs are claimed and budgets spent.
//!
//! # Cargo features
//!
//! None is on by default, and without any there is no network code and no Datalog engine.
//!
//! - `oracle`: the stock Biscuit engine decides a share of all decisions once more, off the hot path, and differences are
//!   reported. It never changes a decision.
//! - `qr`: stop tickets as QR codes.
//! - `redis`: a ledger in Redis or a Redis Cluster, `ledger::RedisLedger`, for verifiers on many machines,
//!   and revocations through it; on the tokio runtime.
//! - `http`: tower layers for services (axum, tonic) and for clients (reqwest).
//! - `axum`: with `http`, the permit as an argument of axum handlers.
//! - `roots`: the file of trusted roots that guards and the command line read.
//! - `redb`: a ledger in a file, `ledger::RedbLedger`. It needs Rust 1.90, as its database does.
//!
//! # What it is not
//!
//! A token says what is granted, and the gate that it is kept. That an action does what it says is up to the service:
//! execute what the permit says, and nothing else that the request says.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable
    )
)]

pub mod action;
pub mod approve;
pub mod catalog;
pub mod clock;
pub mod decide;
pub mod delegate;
mod document;
pub mod gate;
pub mod guard;
#[cfg(feature = "http")]
pub mod http;
pub mod keys;
pub mod ledger;
pub mod manifest;
pub mod mint;
pub mod note;
pub mod present;
pub mod review;
pub mod revoke;
#[cfg(feature = "roots")]
pub mod roots;
pub mod scope;
mod signed;
#[cfg(feature = "source")]
pub mod source;
#[cfg(test)]
mod testing;
pub mod token;
pub mod verify;
mod wire;

// Test support is written against the public API, for integration tests and for ours.
#[cfg(test)]
extern crate self as bailiwick;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
