//! Servers that forget.

use std::time::Duration;

use super::cluster::within;
use super::server::{Forwarder, Redis, wait_until};
use super::*;

/// An hour old token, with a budget of two and an approval, of which one and all are used.
#[derive(Clone)]
pub(super) struct Used {
    shard: u8,
    pub(super) paid: Settlement,
    pub(super) approved: Settlement,
    pub(super) clean: Settlement,
}

impl Used {
    fn on(ledger: &Blocking) -> Self {
        Self::within(key().as_bytes()[0], ledger)
    }

    pub(super) fn within(shard: u8, ledger: &Blocking) -> Self {
        let used = Self::new(shard);
        assert_eq!(ledger.code(&used.paid), "first");
        assert_eq!(ledger.code(&used.approved), "first");
        assert_eq!(ledger.code(&used.clean), "first");
        used
    }

    fn new(shard: u8) -> Self {
        let mut approved = settlement();
        approved.approvals.push(approval());
        let mut clean = settlement();
        clean.taint.assumes_clean = true;
        Self {
            shard,
            paid: within(shard, paying(spend(Measure::Uses, 1, 2))),
            approved: within(shard, approved),
            clean: within(shard, clean),
        }
    }

    /// One that uses nothing.
    pub(super) fn nothing(&self) -> Settlement {
        within(self.shard, settlement())
    }

    /// The second of two, with a proof of now.
    pub(super) fn last(&self) -> Settlement {
        let mut last = another(&self.paid);
        last.proof.issued = now();
        last
    }

    /// Everything that the server may have forgotten is denied, and all else goes on.
    pub(super) fn is_denied_by(&self, ledger: &Blocking) {
        assert_eq!(ledger.code(&self.last()), "ledger_reset");
        assert_eq!(ledger.code(&another(&self.paid)), "ledger_reset");
        assert_eq!(ledger.code(&another(&self.approved)), "ledger_reset");
        assert_eq!(ledger.code(&another(&self.clean)), "tainted");
        assert_eq!(ledger.code(&self.nothing()), "first");
        let mut young = within(self.shard, paying(spend(Measure::Uses, 1, 1)));
        young.token_issued = now() + SKEW + Duration::from_millis(500);
        assert_eq!(ledger.code(&young), "first");
        assert_eq!(ledger.code(&another(&young)), "budget_exceeded");
        assert_eq!(ledger.code(&another(&self.paid)), "ledger_reset");
    }

    /// Nothing was forgotten, and nothing is denied for that.
    pub(super) fn is_known_to(&self, ledger: &Blocking) {
        assert_eq!(ledger.code(&self.paid), "proof_replayed");
        assert_eq!(ledger.code(&retry(&self.paid)), "again");
        assert_eq!(ledger.code(&another(&self.approved)), "approval_used");
        assert_eq!(ledger.code(&another(&self.clean)), "first");
        assert_eq!(ledger.code(&self.last()), "first");
        assert_eq!(ledger.code(&another(&self.paid)), "budget_exceeded");
        let other = within(self.shard, paying(spend(Measure::Uses, 1, 1)));
        assert_eq!(ledger.code(&other), "first");
    }
}

/// Old proofs are refused for as long as clocks may differ: after that nothing is in doubt.
pub(super) fn after_the_skew() {
    std::thread::sleep(SKEW + Duration::from_millis(100));
}

#[test]
fn a_new_server_is_acknowledged_before_old_tokens_spend() {
    let server = Redis::start(&[]);
    let ledger = Blocking::connect(config(&server)).unwrap();
    let used = Used::new(0);
    used.is_denied_by(&ledger);
    ledger.acknowledge();
    assert_eq!(ledger.code(&another(&used.paid)), "first");
    assert_eq!(ledger.code(&another(&used.approved)), "first");
    assert_eq!(ledger.code(&another(&used.clean)), "first");
    // Another verifier needs not acknowledge again.
    let other = Blocking::connect(config(&server)).unwrap();
    assert_eq!(other.code(&another(&used.paid)), "first");
    assert_eq!(ledger.code(&another(&used.paid)), "budget_exceeded");
}

#[test]
fn an_emptied_server_denies_what_is_older() {
    let server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    let used = Used::on(&ledger);
    server.command(&["FLUSHALL"]);
    used.is_denied_by(&ledger);
    ledger.acknowledge();
    assert_eq!(ledger.code(&another(&used.paid)), "first");
}

#[test]
fn a_server_that_lost_its_memory_denies_what_is_older() {
    let mut server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    let used = Used::on(&ledger);
    server.restart();
    used.is_denied_by(&ledger);
}

#[test]
fn a_server_that_lost_the_last_minutes_denies_what_is_older() {
    let mut server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    let used = Used::on(&ledger);
    assert_eq!(server.command(&["SAVE"]), "OK");
    assert_eq!(ledger.code(&another(&used.paid)), "first");
    server.restart();
    // The entry is there, with one of two: it is not believed.
    assert_eq!(ledger.code(&retry(&used.paid)), "again");
    used.is_denied_by(&ledger);
    ledger.acknowledge();
    assert_eq!(ledger.code(&another(&used.paid)), "first");
    assert_eq!(ledger.code(&another(&used.paid)), "budget_exceeded");
}

#[test]
fn a_durable_server_forgets_nothing_and_denies_nothing() {
    let mut server = Redis::durable();
    let ledger = Blocking::acknowledged(config(&server).with_durable_server());
    after_the_skew();
    let used = Used::on(&ledger);
    server.restart();
    used.is_known_to(&ledger);
}

#[test]
fn a_durable_server_that_is_not_declared_denies_what_is_older() {
    let mut server = Redis::durable();
    let ledger = Blocking::acknowledged(config(&server));
    let used = Used::on(&ledger);
    server.restart();
    used.is_denied_by(&ledger);
}

#[test]
fn a_server_that_is_declared_durable_but_is_not_denies_what_is_older() {
    for options in [
        ["--appendonly", "yes", "--appendfsync", "everysec"],
        ["--appendonly", "no", "--appendfsync", "always"],
    ] {
        let mut server = Redis::start(&options);
        let ledger = Blocking::acknowledged(config(&server).with_durable_server());
        let used = Used::on(&ledger);
        server.restart();
        used.is_denied_by(&ledger);
    }
}

#[test]
fn a_server_that_became_durable_later_denies_what_is_older() {
    let mut server = Redis::start(&["--appendonly", "yes", "--appendfsync", "everysec"]);
    let ledger = Blocking::acknowledged(config(&server).with_durable_server());
    let used = Used::on(&ledger);
    server.set_options(&["--appendonly", "yes", "--appendfsync", "always"]);
    server.restart();
    used.is_denied_by(&ledger);
}

#[test]
fn a_replica_that_took_over_denies_what_is_older() {
    let mut master = Redis::start(&[]);
    let replica = Redis::replica_of(&master);
    let both = [master.address(), replica.address()];
    let ledger = RedisConfig::new(both.iter().map(String::as_str)).unwrap();
    let ledger = Blocking::acknowledged(ledger);
    let used = Used::on(&ledger);
    wait_until("the replica has it all", || {
        master.command(&["DBSIZE"]) == replica.command(&["DBSIZE"])
    });
    master.crash();
    assert_eq!(ledger.code(&settlement()), "ledger_unavailable");
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    wait_until("the pause is over", || {
        ledger.code(&settlement()) == "first"
    });
    assert_eq!(ledger.code(&retry(&used.paid)), "again");
    used.is_denied_by(&ledger);
}

#[test]
fn another_server_at_the_same_address_denies_what_is_older() {
    let mut master = Redis::durable();
    let replica = Redis::replica_of(&master);
    let name = Forwarder::start(&master);
    let ledger = RedisConfig::new([name.address().as_str()]).unwrap();
    let ledger = Blocking::acknowledged(ledger.with_durable_server());
    let used = Used::on(&ledger);
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    name.point_to(&replica);
    master.crash();
    used.is_denied_by(&ledger);
}

#[test]
fn a_master_that_was_a_replica_in_between_denies_what_is_older() {
    let (one, two) = (Redis::start(&[]), Redis::start(&[]));
    let ledger = Blocking::acknowledged(config(&one));
    let used = Used::on(&ledger);
    // The other gets a copy, lives on alone, and is the master for a while.
    two.command(&["REPLICAOF", "127.0.0.1", &one.port().to_string()]);
    wait_until("the copy", || {
        one.command(&["DBSIZE"]) == two.command(&["DBSIZE"])
    });
    two.command(&["REPLICAOF", "NO", "ONE"]);
    assert_eq!(ledger.code(&another(&used.paid)), "first");
    one.command(&["REPLICAOF", "127.0.0.1", &two.port().to_string()]);
    wait_until("the copy", || {
        one.command(&["DBSIZE"]) == two.command(&["DBSIZE"])
    });
    assert_eq!(ledger.code(&another(&used.paid)), "ledger_unavailable");
    one.command(&["REPLICAOF", "NO", "ONE"]);
    wait_until("the pause is over", || {
        ledger.code(&settlement()) == "first"
    });
    used.is_denied_by(&ledger);
}
