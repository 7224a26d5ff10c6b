//! Three verifier processes and one Redis: what holds while parts of it die, forget, stop and fill
//! up. No budget is passed, no approval and no proof is used twice, and every refusal says why.
#![allow(unreachable_pub, reason = "each module says what the others use")]

mod fleet;
mod load;
mod scenarios;
mod verifier;
mod world;

#[path = "../support/redis.rs"]
mod server;

/// Not a test of its own: the others run this one as a process of its own.
#[test]
fn verifier_process() {
    if let Ok(servers) = std::env::var(fleet::SERVERS) {
        verifier::run(&servers);
    }
}
