//! A million revocations take less than 100 MB, also while they are loaded, and load quickly.

use std::time::{Duration, Instant};

use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::{issuer_key_from_seed, revocation_key_from_seed};
use bailiwick::keys::{IssuerPublicKey, KeyRing, Root, RootKeyId};
use bailiwick::revoke::{BlockId, KillSwitch, Revocation, SignedRevocations, WhenStale};

const COUNT: u64 = 1_000_000;
const LIMIT: i64 = 100_000_000;
const HOUR: Duration = Duration::from_secs(3600);

fn root() -> IssuerPublicKey {
    issuer_key_from_seed(&[1; 32]).public_key()
}

fn block(number: u64) -> Revocation {
    let mut id = [7; 32];
    id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    Revocation::Block(BlockId::from_bytes(id))
}

fn mixed(number: u64) -> Revocation {
    let root = root();
    match number % 4 {
        0 => Revocation::Task {
            root,
            task: format!("task-{number}").parse().unwrap(),
        },
        1 => Revocation::Principal {
            root,
            principal: format!("person-{number}@example.com").parse().unwrap(),
        },
        _ => block(number),
    }
}

/// Loads a signed list, says how long that took, and what it holds and held at most.
fn load(name: &str, entry: fn(u64) -> Revocation) {
    let now = Timestamp::from_unix_seconds(1_800_000_000).unwrap();
    let key = revocation_key_from_seed(&[1; 32]);
    let trusted = Root::new(RootKeyId::new(1), root(), now..now + HOUR);
    let ring = KeyRing::new([trusted.with_revocation_key(key.public_key())]).unwrap();
    let mut switch = KillSwitch::new(key, HOUR);
    switch.revoke_all((0..COUNT).map(entry), now);
    let list = switch.list(now).into_bytes();
    drop(switch);

    let mut source = None;
    let mut took = Duration::ZERO;
    let memory = allocation_counter::measure(|| {
        let lists = SignedRevocations::new(&ring, HOUR, WhenStale::Deny);
        let start = Instant::now();
        lists.apply(&list, now).unwrap();
        took = start.elapsed();
        source = Some(lists);
    });
    assert_eq!(source.unwrap().entries() as u64, COUNT);
    println!(
        "{name}: a list of {} MB loaded in {} ms into {} MB, at most {} MB while loading",
        list.len() / 1_000_000,
        took.as_millis(),
        memory.bytes_current / 1_000_000,
        memory.bytes_max / 1_000_000,
    );
    assert!(memory.bytes_current < LIMIT, "{name}: {memory:?}");
    assert!((memory.bytes_max as i64) < LIMIT, "{name}: {memory:?}");
}

#[test]
fn a_million_revocations_take_less_than_100_mb() {
    load("one kind", block);
    load("mixed", mixed);
}
