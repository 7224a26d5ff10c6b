//! Against real servers.

mod lists;
mod silence;
mod tickets;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::heads::{list_keys, ticket_keys};
use super::{RedisRevocations, RedisWatch, RelayError};
use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::keys::dangerous::{
    holder_key_from_seed, issuer_key_from_seed, revocation_key_from_seed,
};
use crate::keys::{HolderPublicKey, IssuerKey, KeyRing, RevocationKey, Root, RootKeyId};
use crate::ledger::RedisConfig;
use crate::ledger::redis_server::{Cluster, Redis, wait_until};
use crate::revoke::{
    Applied, ChainFacts, KillSwitch, Posted, Revocation, Revocations as _, Revoked,
    SignedRevocations, Standing, Stop, StopTicket, StopTickets, WhenStale,
};

const HOUR: Duration = Duration::from_secs(3_600);
const SECOND: Duration = Duration::from_secs(1);

/// One runtime for all tests: connections live in it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap()
});

/// A verifier, or whoever publishes.
struct Member(Arc<RedisRevocations>);

impl Member {
    fn of(config: RedisConfig, max_silence: Duration) -> Self {
        Self::limited(config, max_silence, |lists| lists, |stops| stops)
    }

    fn limited(
        config: RedisConfig,
        max_silence: Duration,
        lists: impl FnOnce(SignedRevocations) -> SignedRevocations,
        stops: impl FnOnce(StopTickets) -> StopTickets,
    ) -> Self {
        let window = Timestamp::MIN..Timestamp::MAX;
        let root = Root::new(RootKeyId::new(1), issuer().public_key(), window)
            .with_revocation_key(key().public_key());
        let ring = KeyRing::new([root]).unwrap();
        let lists = lists(SignedRevocations::new(&ring, HOUR, WhenStale::Deny));
        let stops = Arc::new(stops(StopTickets::new(ring)));
        Self(Arc::new(RedisRevocations::new(
            config,
            lists,
            stops,
            max_silence,
        )))
    }

    fn on(server: &Redis) -> Self {
        Self::of(config(server), HOUR)
    }

    fn watch(&self) -> RedisWatch {
        let _runtime = RUNTIME.enter();
        let every = RedisRevocations::DEFAULT_PERIOD;
        self.0.watch(every, Arc::new(SystemClock), |_| {})
    }

    fn poll(&self) -> &'static str {
        let polled = RUNTIME.block_on(self.0.poll(now()));
        assert!(polled.is_ok() || self.0.last_error() == polled.clone().err());
        polled.map_or_else(|error| error.code(), |()| "polled")
    }

    fn last_error(&self) -> &'static str {
        self.0.last_error().map_or("none", |error| error.code())
    }

    fn publish(&self, signed: &[u8]) -> Result<Applied, RelayError> {
        RUNTIME.block_on(self.0.publish(signed, now()))
    }

    fn post(&self, ticket: &str) -> Result<Posted, RelayError> {
        RUNTIME.block_on(self.0.post(ticket, now()))
    }

    fn number(&self) -> Option<u64> {
        self.0.lists().number(&key().public_key())
    }

    fn standing(&self) -> Standing {
        let root = issuer().public_key();
        self.0.freshness(&root, now()).standing
    }

    fn revoked(&self, holder: HolderPublicKey, task: &str) -> Option<Revoked> {
        let (root, task) = (issuer().public_key(), task.parse().unwrap());
        let chain = ChainFacts {
            root: &root,
            task: &task,
            principal: &"ada@example.com".parse().unwrap(),
            issued: now(),
            holders: &[holder],
            blocks: &[],
        };
        self.0.revoked(&chain, now())
    }

    fn revokes(&self, number: u8) -> bool {
        self.revoked(holder(number), "t-0").is_some()
    }

    fn stopped(&self, task: &str) -> bool {
        self.revoked(holder(0), task) == Some(Revoked::Task)
    }
}

/// How long it takes.
fn time_until(is_so: impl Fn() -> bool) -> Duration {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < 10 * SECOND, "not in time");
        std::thread::sleep(Duration::from_millis(1));
    }
    start.elapsed()
}

fn code<T: std::fmt::Debug>(result: Result<T, RelayError>) -> &'static str {
    let error = result.unwrap_err();
    assert!(!error.to_string().contains('\n'), "{error}");
    error.code()
}

fn config(server: &Redis) -> RedisConfig {
    RedisConfig::new([server.address().as_str()])
        .unwrap()
        .with_response_timeout(Duration::from_millis(200))
        .with_connect_timeout(Duration::from_millis(200))
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn issuer() -> IssuerKey {
    issuer_key_from_seed(&[1; 32])
}

fn key() -> RevocationKey {
    revocation_key_from_seed(&[2; 32])
}

fn switch() -> KillSwitch {
    KillSwitch::new(key(), HOUR)
}

fn holder(number: u8) -> HolderPublicKey {
    holder_key_from_seed(&[number; 32]).public_key()
}

fn revoke(switch: &mut KillSwitch, number: u8) -> Vec<u8> {
    let delta = switch.revoke(Revocation::Holder(holder(number)), now());
    delta.into_bytes()
}

fn ticket_until(task: &str, ends: Timestamp) -> String {
    let stop = Stop {
        root_id: RootKeyId::new(1),
        root: issuer().public_key(),
        task: task.parse().unwrap(),
        issued: now(),
        ends,
    };
    StopTicket::sign(stop, &issuer()).unwrap().to_text()
}

fn ticket(task: &str) -> String {
    ticket_until(task, now() + HOUR)
}

/// Whoever has taken the server over.
fn put(server: &Redis, key: &str, value: &[u8]) {
    let client = ::redis::Client::open(server.address()).unwrap();
    let mut connection = client.get_connection().unwrap();
    let set = ::redis::cmd("SET").arg(key).arg(value).to_owned();
    set.exec(&mut connection).unwrap();
}

/// How often something was fetched, published or posted.
fn fetches(server: &Redis) -> usize {
    let stats = server.info("commandstats");
    let calls = |line: &str| {
        line.split_once("calls=")?
            .1
            .split_once(',')?
            .0
            .parse::<usize>()
            .ok()
    };
    let of = |name: &str| {
        let line = stats.lines().find(|line| line.starts_with(name));
        line.and_then(calls).unwrap_or(0)
    };
    of("cmdstat_eval:") + of("cmdstat_zrangebyscore:")
}

fn get(server: &Redis, key: &str) -> Vec<u8> {
    let client = ::redis::Client::open(server.address()).unwrap();
    let mut connection = client.get_connection().unwrap();
    ::redis::cmd("GET").arg(key).query(&mut connection).unwrap()
}
