//! What every ledger does, on one server and on a cluster.

use std::sync::RwLockReadGuard;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use super::cluster::{cluster_config, epoch, shared};
use super::server::{Cluster, Redis};
use super::{Blocking, RedisConfig, config, now};
use crate::clock::Timestamp;
use crate::ledger::suite::{World, compare_with_the_model, compare_with_the_model_in_steps};

mod one_server {
    crate::ledger::suite::suite_of!(super::OneServer::start);
}

mod cluster {
    crate::ledger::suite::suite_of!(super::OneShard::take);
}

#[test]
fn random_commands_do_what_they_do_to_the_model() {
    let world = OneServer::start();
    compare_with_the_model(&world, 40, |_| world.start(), false);
}

#[test]
fn random_commands_in_steps_of_real_time_do_what_they_do_to_the_model() {
    let server = Redis::start(&[]);
    let server = &server;
    let worlds: Vec<_> = (0..20).map(|shard| Steps { server, shard }).collect();
    compare_with_the_model_in_steps(&worlds);
}

struct OneServer(Redis);

impl OneServer {
    fn start() -> Self {
        Self(Redis::start(&[]))
    }
}

/// A shard of one server, so that many wait at the same time.
struct Steps<'s> {
    server: &'s Redis,
    shard: u8,
}

/// A shard of the cluster: each test has its own.
struct OneShard {
    cluster: RwLockReadGuard<'static, Cluster>,
    shard: u8,
}

impl OneShard {
    fn take() -> Self {
        static NEXT: AtomicU8 = AtomicU8::new(0);
        let shard = NEXT.fetch_add(1, Ordering::Relaxed);
        let cluster = shared();
        Self { cluster, shard }
    }
}

/// Servers that can forget.
trait Servers {
    fn config(&self) -> RedisConfig;

    /// The next ledger is as new.
    fn forget(&self);

    fn only_shard(&self) -> Option<u8> {
        None
    }

    fn a_step(&self) -> Option<Duration> {
        None
    }
}

impl Servers for OneServer {
    fn config(&self) -> RedisConfig {
        config(&self.0)
    }

    fn forget(&self) {
        self.0.command(&["FLUSHALL"]);
    }
}

impl Servers for Steps<'_> {
    fn config(&self) -> RedisConfig {
        config(self.server)
    }

    fn forget(&self) {
        let all = epoch(self.shard).replace(":e", ":*");
        let script =
            "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end";
        self.server.command(&["EVAL", script, "0", &all]);
    }

    fn only_shard(&self) -> Option<u8> {
        Some(self.shard)
    }

    fn a_step(&self) -> Option<Duration> {
        Some(Duration::from_millis(500))
    }
}

impl Servers for OneShard {
    fn config(&self) -> RedisConfig {
        cluster_config(&self.cluster)
    }

    fn forget(&self) {
        // No other test's key begins so, and of this test's no other desk's is met again.
        let epoch = epoch(self.shard);
        let node = &self.cluster.nodes()[self.cluster.owner(&epoch)];
        node.command(&["DEL", &epoch]);
    }

    fn only_shard(&self) -> Option<u8> {
        Some(self.shard)
    }
}

impl<S: Servers> World for S {
    type Ledger = Blocking;

    fn start(&self) -> Blocking {
        self.forget();
        Blocking::connect(self.config()).unwrap()
    }

    fn start_small(&self, _: usize) -> Option<Blocking> {
        None
    }

    fn start_forgetful(&self) -> Option<Blocking> {
        Some(self.start())
    }

    fn start_acknowledged(&self) -> Option<Blocking> {
        let ledger = self.start();
        ledger.acknowledge();
        Some(ledger)
    }

    fn now(&self) -> Timestamp {
        now()
    }

    fn pass(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn set_clock(&self, _: Timestamp) -> bool {
        false
    }

    fn unit(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn time_flies(&self) -> bool {
        true
    }

    fn step(&self) -> Option<Duration> {
        self.a_step()
    }

    fn shard(&self) -> Option<u8> {
        self.only_shard()
    }
}
