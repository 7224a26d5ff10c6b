//! The whole gate, from the text of a presentation to a permit, with a budget: settled in Redis, and in
//! memory, beside a bare round trip.

use std::time::{Duration, Instant};

use bailiwick::action::{Action, Call, Effect, Service, Task};
use bailiwick::clock::{Clock as _, SystemClock};
use bailiwick::gate::Gate;
use bailiwick::keys::{HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
use bailiwick::ledger::{AsyncLedger, ForgetfulLedger, Immediate, RedisLedger};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::scope::{Budget, Capability, Condition, Scope};
use bailiwick::verify::Verifier;
use redis::aio::MultiplexedConnection;
use tokio::runtime::Runtime;

const TURNS: usize = 3_000;

pub(crate) fn by_turns(
    runtime: &Runtime,
    ledger: RedisLedger,
    connection: &mut MultiplexedConnection,
    script: &str,
) {
    let (start, hour) = (SystemClock.now(), Duration::from_secs(3_600));
    let (issuer, agent) = (
        IssuerKey::generate().unwrap(),
        HolderKey::generate().unwrap(),
    );
    let root = Root::new(
        RootKeyId::new(1),
        issuer.public_key(),
        start - hour..start + hour,
    );
    let many = Budget::uses("reads", i64::MAX).unwrap();
    let read = Capability::operation("forum.read", "forum/thread/42").unwrap();
    let forum: Service = "forum.example".parse().unwrap();
    let scope = Scope::builder()
        .allow_with(read, Condition::Budget(many))
        .audience(forum.clone())
        .not_after(start + hour)
        .build()
        .unwrap();
    let task = Task::new("t-1", "read thread 42", "ada@example.com", "helper").unwrap();
    let minted = Issuer::new(issuer, root.id()).mint(&task, scope, &agent.public_key(), start);
    let holder = Holder::new(minted.unwrap().token, agent).unwrap();
    let call = Call::http("GET", "/threads/42", None, b"").unwrap();
    // One clock, and a server that has just begun: with a skew it would refuse the first seconds.
    let verifier = || {
        let ring = KeyRing::new([root.clone()]).unwrap();
        Verifier::new(forum.clone(), ring).with_skew(Duration::ZERO)
    };
    let memory = ForgetfulLedger::started_at(start - hour);
    let memory = Gate::new(verifier(), Immediate(memory));
    let redis = Gate::new(verifier(), ledger);

    let [mut bares, mut memories, mut rediss] = [(); 3].map(|()| Vec::with_capacity(TURNS));
    runtime.block_on(async {
        for _ in 0..TURNS {
            let [one, two] = [(); 2].map(|()| {
                let now = SystemClock.now();
                holder.present(&forum, &call, now).unwrap().to_text()
            });
            let begin = Instant::now();
            super::bare(connection, script).await;
            bares.push(begin.elapsed());
            memories.push(admit(&memory, &one, &call, &forum).await);
            rediss.push(admit(&redis, &two, &call, &forum).await);
        }
    });
    println!("bare EVALSHA: {}", percentiles(bares));
    println!("whole gate, memory: {}", percentiles(memories));
    println!("whole gate, Redis: {}", percentiles(rediss));
}

async fn admit<L: AsyncLedger>(
    gate: &Gate<L>,
    sent: &str,
    call: &Call,
    forum: &Service,
) -> Duration {
    let read = Action::new(
        forum.clone(),
        "forum.read".parse().unwrap(),
        Effect::Read,
        "forum/thread/42".parse().unwrap(),
    );
    let begin = Instant::now();
    let admitted = gate.admit_async(sent, call, read).await;
    let took = begin.elapsed();
    drop(admitted.unwrap().first().unwrap());
    took
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100];
    format!("p50 {:?}, p99 {:?}", at(50), at(99))
}
