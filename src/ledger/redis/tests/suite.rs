//! What every ledger does, on one server and on a cluster.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::cluster::cluster_config;
use super::server::{Cluster, Redis};
use super::{Blocking, RedisConfig, config, now};
use crate::clock::Timestamp;
use crate::ledger::suite::{World, compare_with_the_model};

mod one_server {
    crate::ledger::suite::suite_of!(super::OneServer::start);
}

mod cluster {
    crate::ledger::suite::suite_of!(super::OneCluster::take);
}

#[test]
fn random_commands_do_what_they_do_to_the_model() {
    let world = OneServer::start();
    compare_with_the_model(&world, 40, |_| world.start(), false);
}

struct OneServer(Redis);

impl OneServer {
    fn start() -> Self {
        Self(Redis::start(&[]))
    }
}

/// Of one cluster, one test after the other. It ends with this process.
static CLUSTER: LazyLock<Mutex<Cluster>> = LazyLock::new(|| Mutex::new(Cluster::start()));

struct OneCluster(MutexGuard<'static, Cluster>);

impl OneCluster {
    fn take() -> Self {
        Self(CLUSTER.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Servers that can be emptied.
trait Servers {
    fn nodes(&self) -> &[Redis];

    fn config(&self) -> RedisConfig;
}

impl Servers for OneServer {
    fn nodes(&self) -> &[Redis] {
        std::slice::from_ref(&self.0)
    }

    fn config(&self) -> RedisConfig {
        config(&self.0)
    }
}

impl Servers for OneCluster {
    fn nodes(&self) -> &[Redis] {
        self.0.nodes()
    }

    fn config(&self) -> RedisConfig {
        cluster_config(&self.0)
    }
}

impl<S: Servers> World for S {
    type Ledger = Blocking;

    fn start(&self) -> Blocking {
        for node in self.nodes() {
            node.command(&["FLUSHALL"]);
        }
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
}
