//! How long it takes to look a chain up in 0, 1 thousand and 1 million revocations.

use std::hint::black_box;
use std::time::Duration;

use bailiwick::clock::Timestamp;
use bailiwick::keys::Signature;
use bailiwick::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
use bailiwick::revoke::{
    BlockId, ChainFacts, Revocation, RevocationKind, RevocationSet, Revocations,
};
use criterion::{BenchmarkId, Criterion};

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let mut group = criterion.benchmark_group("revoked");
    for count in [0, 1_000, 1_000_000] {
        let set = set_of(count);
        for hops in [1, 4] {
            let id = BenchmarkId::new(format!("{hops}_hops"), count);
            let chain = Chain::new(hops);
            group.bench_function(id, |bencher| {
                bencher.iter(|| black_box(chain.look_up(&set)))
            });
        }
    }
    group.finish();
    criterion.final_summary();
}

/// A third each of tasks, of principals and of blocks, so that every look-up of a hop asks.
fn set_of(count: u32) -> RevocationSet {
    let root = issuer_key_from_seed(&[9; 32]).public_key();
    let mut set = RevocationSet::default();
    for kind in [
        RevocationKind::Task,
        RevocationKind::Principal,
        RevocationKind::Block,
    ] {
        set.reserve(kind, count as usize / 3 + 1);
    }
    set.extend((0..count).map(|number| match number % 3 {
        0 => Revocation::Task {
            root,
            task: format!("task-{number}").parse().unwrap(),
        },
        1 => Revocation::Principal {
            root,
            principal: format!("person-{number}@example.com").parse().unwrap(),
        },
        _ => {
            let mut id = [7; 32];
            id[..4].copy_from_slice(&number.to_le_bytes());
            Revocation::Block(BlockId::from_bytes(id))
        }
    }));
    set
}

struct Chain {
    root: bailiwick::keys::IssuerPublicKey,
    task: bailiwick::action::TaskId,
    principal: bailiwick::action::Principal,
    holders: Vec<bailiwick::keys::HolderPublicKey>,
    blocks: Vec<Signature>,
    now: Timestamp,
}

impl Chain {
    fn new(hops: u8) -> Self {
        let holder = |hop| holder_key_from_seed(&[hop; 32]).public_key();
        Self {
            root: issuer_key_from_seed(&[9; 32]).public_key(),
            task: "t-1".parse().unwrap(),
            principal: "ada@example.com".parse().unwrap(),
            holders: (1..=hops).map(holder).collect(),
            blocks: (1..=hops)
                .map(|hop| Signature::from_bytes([hop; 64]))
                .collect(),
            now: Timestamp::from_unix_seconds(1_800_000_000).unwrap(),
        }
    }

    fn look_up(&self, set: &RevocationSet) -> bool {
        let chain = ChainFacts {
            root: &self.root,
            task: &self.task,
            principal: &self.principal,
            issued: self.now,
            holders: &self.holders,
            blocks: &self.blocks,
        };
        set.revoked(black_box(&chain), self.now).is_some()
    }
}
