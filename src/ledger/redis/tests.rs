//! Against real servers.

mod cluster;
mod epochs;
mod failures;
mod replicas;
mod suite;

use std::sync::LazyLock;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::{RedisConfig, RedisError, RedisLedger};
use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::decide::DecisionId;
use crate::ledger::{
    ApprovalClaim, AsyncLedger as _, Attempt, BudgetShape, EntryKey, Ledger, LedgerError,
    ProofClaim, Refund, Refunded, Settled, Settlement, Spend, Spends, Taint,
};
use crate::scope::{BudgetName, Measure};

#[path = "../../../tests/support/redis.rs"]
pub(crate) mod server;

use server::Redis;

const SKEW: Duration = Duration::from_secs(2);
const HOUR: Duration = Duration::from_secs(3_600);

/// One runtime for all tests: connections live in it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap()
});

/// A ledger that is waited for.
pub(crate) struct Blocking(RedisLedger);

impl Blocking {
    fn connect(config: RedisConfig) -> Result<Self, RedisError> {
        RUNTIME.block_on(RedisLedger::connect(config)).map(Self)
    }

    /// One that takes everything from before for unused.
    fn acknowledged(config: RedisConfig) -> Self {
        let ledger = Self::connect(config).unwrap();
        ledger.acknowledge();
        ledger
    }

    fn acknowledge(&self) {
        RUNTIME.block_on(self.0.acknowledge_reset()).unwrap();
    }

    fn code(&self, settlement: &Settlement) -> &'static str {
        match self.settle(settlement) {
            Ok(Settled::First(_)) => "first",
            Ok(Settled::Again(_)) => "again",
            Err(error) => error.code(),
        }
    }
}

impl Ledger for Blocking {
    fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        RUNTIME.block_on(self.0.settle(settlement))
    }

    fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        RUNTIME.block_on(self.0.refund(refund))
    }
}

fn config(server: &Redis) -> RedisConfig {
    RedisConfig::new([server.address().as_str()]).unwrap()
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn key() -> EntryKey {
    let mut bytes = [0; 16];
    getrandom::getrandom(&mut bytes).unwrap();
    EntryKey::from_bytes(bytes)
}

/// The first attempt of a task whose token was issued an hour ago, with a proof that is so young
/// that no ledger can have forgotten it, and half as much for the next settlement.
fn settlement() -> Settlement {
    let now = now();
    Settlement {
        task: key(),
        service: key(),
        decision: DecisionId::random().unwrap(),
        proof: proof(),
        attempt: Attempt {
            key: key(),
            content: key(),
            until: now + HOUR,
        },
        approvals: Vec::new(),
        spends: Spends::none(),
        taint: Taint {
            key: key(),
            assumes_clean: false,
            marks: false,
        },
        token_issued: now.saturating_sub(HOUR),
        now,
        skew: SKEW,
    }
}

/// A new proof, by a clock that is as far ahead as it may.
fn proof() -> ProofClaim {
    let issued = now() + SKEW + Duration::from_millis(500);
    ProofClaim {
        key: key(),
        issued,
        until: issued + Duration::from_secs(60),
    }
}

/// The same attempt with a new proof.
fn retry(of: &Settlement) -> Settlement {
    Settlement {
        proof: proof(),
        decision: DecisionId::random().unwrap(),
        now: now(),
        ..of.clone()
    }
}

/// Another attempt of the same task.
fn another(of: &Settlement) -> Settlement {
    let attempt = settlement().attempt;
    Settlement {
        attempt,
        ..retry(of)
    }
}

fn spend(measure: Measure, amount: i64, cap: i64) -> Spend {
    Spend {
        key: key(),
        name: BudgetName::new("mail").unwrap(),
        shape: BudgetShape::new(None, &measure),
        amount,
        cap,
        ends: None,
    }
}

fn paying(spend: Spend) -> Settlement {
    let mut spends = Spends::none();
    spends.push(spend).unwrap();
    Settlement {
        spends,
        ..settlement()
    }
}

fn approval() -> ApprovalClaim {
    ApprovalClaim {
        key: key(),
        approver: crate::keys::dangerous::approver_key_from_seed(&[7; 32]).public_key(),
        issued: now().saturating_sub(HOUR),
        until: now() + HOUR,
    }
}
