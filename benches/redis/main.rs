//! What settling in Redis costs, beside a bare `EVALSHA` of an empty script: the price of the round
//! trip that any script pays.

mod gate;
#[path = "../../tests/support/redis.rs"]
mod server;

use std::time::{Duration, Instant};

use bailiwick::clock::{Clock as _, SystemClock};
use bailiwick::decide::DecisionId;
use bailiwick::keys::ApproverKey;
use bailiwick::ledger::{
    ApprovalClaim, AsyncLedger as _, Attempt, BudgetShape, EntryKey, ProofClaim, RedisConfig,
    RedisLedger, Settled, Settlement, Spend, Spends, Taint,
};
use bailiwick::scope::{BudgetName, Measure};
use criterion::{Criterion, Throughput};
use redis::aio::MultiplexedConnection;
use tokio::runtime::Runtime;

const HOUR: Duration = Duration::from_secs(3_600);

fn key() -> EntryKey {
    EntryKey::from_bytes(*DecisionId::random().unwrap().as_bytes())
}

/// What each case has besides a proof and an attempt: approvals and budgets.
const CASES: [(&str, usize, usize); 4] = [
    ("proof and attempt", 0, 0),
    ("and a budget", 0, 1),
    ("and two budgets", 0, 2),
    ("and two budgets, two approvals", 2, 2),
];

fn settlements(approvals: usize, budgets: usize, count: u64) -> Vec<Settlement> {
    let now = SystemClock.now();
    let approver = ApproverKey::generate().unwrap().public_key();
    let budgets: Vec<_> = (0..budgets).map(|_| key()).collect();
    let task = key();
    let of = |_| {
        let mut spends = Spends::none();
        for budget in &budgets {
            let spend = Spend {
                key: *budget,
                name: BudgetName::new("mail").unwrap(),
                shape: BudgetShape::new(Some(HOUR), &Measure::Uses),
                amount: 1,
                cap: i64::MAX,
                ends: Some(now + HOUR),
            };
            spends.push(spend).unwrap();
        }
        let approval = |_| ApprovalClaim {
            key: key(),
            approver,
            issued: now,
            until: now + HOUR,
        };
        let taint = Taint {
            key: task,
            assumes_clean: false,
            marks: false,
        };
        Settlement {
            task,
            service: task,
            decision: DecisionId::random().unwrap(),
            proof: ProofClaim {
                key: key(),
                issued: now,
                until: now + Duration::from_secs(90),
            },
            attempt: Attempt {
                key: key(),
                content: key(),
                until: now + HOUR,
            },
            approvals: (0..approvals).map(approval).collect(),
            spends,
            taint,
            token_issued: now,
            now,
            skew: Duration::ZERO,
        }
    };
    (0..count).map(of).collect()
}

async fn settle(ledger: &RedisLedger, settlement: &Settlement) {
    let settled = ledger.settle(settlement).await;
    assert!(matches!(settled, Ok(Settled::First(_))), "{settled:?}");
}

pub(crate) async fn bare(connection: &mut MultiplexedConnection, script: &str) {
    let mut command = redis::cmd("EVALSHA");
    command.arg(script).arg(0);
    command
        .query_async::<Option<String>>(connection)
        .await
        .unwrap();
}

/// One after the other by turns, so that what else the machine does hits both.
fn by_turns(
    runtime: &Runtime,
    ledger: &RedisLedger,
    connection: &mut MultiplexedConnection,
    script: &str,
) {
    const TURNS: u64 = 5_000;
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    for (name, approvals, budgets) in CASES {
        let all = settlements(approvals, budgets, TURNS);
        let (mut bares, mut settles) = (Vec::new(), Vec::new());
        runtime.block_on(async {
            for settlement in &all {
                let start = Instant::now();
                bare(connection, script).await;
                bares.push(start.elapsed());
                let start = Instant::now();
                settle(ledger, settlement).await;
                settles.push(start.elapsed());
            }
        });
        let (bare, settle) = (median(bares), median(settles));
        let ratio = settle.as_secs_f64() / bare.as_secs_f64();
        println!("median by turns, {name}: {settle:?}, bare {bare:?}, ratio {ratio:.2}");
    }
}

fn main() {
    let server = server::Redis::start(&[]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let config = RedisConfig::new([server.address().as_str()]).unwrap();
    let ledger = runtime.block_on(RedisLedger::connect(config)).unwrap();
    runtime.block_on(ledger.acknowledge_reset()).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    let client = redis::Client::open(server.address()).unwrap();
    let mut connection = runtime
        .block_on(client.get_multiplexed_async_connection())
        .unwrap();
    let script = server.command(&["SCRIPT", "LOAD", ""]);

    by_turns(&runtime, &ledger, &mut connection, &script);
    let config = RedisConfig::new([server.address().as_str()]).unwrap();
    let shared = runtime.block_on(RedisLedger::connect(config)).unwrap();
    gate::by_turns(&runtime, shared, &mut connection, &script);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("redis");
    group.throughput(Throughput::Elements(1));
    group.bench_function("bare EVALSHA", |bencher| {
        bencher.iter_custom(|count| {
            runtime.block_on(async {
                let start = Instant::now();
                for _ in 0..count {
                    bare(&mut connection, &script).await;
                }
                start.elapsed()
            })
        });
    });
    for (name, approvals, budgets) in CASES {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let all = settlements(approvals, budgets, count);
                runtime.block_on(async {
                    let start = Instant::now();
                    for settlement in &all {
                        settle(&ledger, settlement).await;
                    }
                    start.elapsed()
                })
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
