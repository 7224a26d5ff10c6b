//! A verifier: a gate with its ledger and its revocations in Redis, asked in lines.
//!
//! | line | answer |
//! |---|---|
//! | `admit post 7 bwp1_…` | `first`, `again`, or the code of the refusal |
//! | `withhold post 7 bwp1_…` | none, once it is admitted |
//! | `stop bws1_…` | `stopped`, or the code of the error |

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bailiwick::clock::SystemClock;
use bailiwick::gate::{Admission, Gate};
use bailiwick::ledger::{RedisConfig, RedisLedger};
use bailiwick::revoke::{RedisRevocations, SignedRevocations, StopTickets, WhenStale};
use tokio::runtime::Runtime;

use super::world::{Deed, HOUR, MAX_SILENCE, now, ring, verifier};

struct Service {
    runtime: Runtime,
    gate: Gate<RedisLedger>,
    revocations: Arc<RedisRevocations>,
}

/// How the servers are to be used.
pub fn config(servers: &str) -> RedisConfig {
    let mut words = servers.split(' ');
    let kind = words.next().unwrap();
    let short = Duration::from_millis(300);
    let config = RedisConfig::new(words)
        .unwrap()
        .with_response_timeout(short)
        .with_connect_timeout(short);
    match kind {
        "durable" => config.with_durable_server(),
        "replicated" => config.with_replicas(1, short),
        _ => config,
    }
}

pub fn revocations(servers: &str) -> (Arc<RedisRevocations>, Arc<StopTickets>) {
    let lists = SignedRevocations::new(&ring(), HOUR, WhenStale::Deny);
    let stops = Arc::new(StopTickets::new(ring()));
    let config = config(servers);
    let all = RedisRevocations::new(config, lists, stops.clone(), MAX_SILENCE);
    (Arc::new(all), stops)
}

/// Answers until the input ends, or it is killed.
pub fn run(servers: &str) {
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    let (revocations, stops) = revocations(servers);
    let ledger = RedisLedger::connect(config(servers));
    let ledger = runtime.block_on(ledger).unwrap();
    runtime.block_on(revocations.poll(now())).unwrap();
    let _watch = {
        let _inside = runtime.enter();
        let every = RedisRevocations::DEFAULT_PERIOD;
        revocations.watch(every, Arc::new(SystemClock), |_| {})
    };
    let gate = Gate::new(verifier(), ledger)
        .with_stop_tickets(stops)
        .with_revocations(revocations.clone());
    let service = Arc::new(Service {
        runtime,
        gate,
        revocations,
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    println!("PORT {}", listener.local_addr().unwrap().port());
    for client in listener.incoming().flatten() {
        let service = service.clone();
        thread::spawn(move || service.serve(client));
    }
}

impl Service {
    fn serve(&self, mut client: TcpStream) {
        client.set_nodelay(true).unwrap();
        let lines = BufReader::new(client.try_clone().unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            let answer = self.answer(&line);
            if writeln!(client, "{answer}").is_err() {
                return;
            }
        }
    }

    fn answer(&self, line: &str) -> &'static str {
        let words: Vec<_> = line.split(' ').collect();
        match words.as_slice() {
            ["withhold", rest @ ..] => {
                self.answer(&["admit", &rest.join(" ")].join(" "));
                loop {
                    thread::park();
                }
            }
            ["admit", word, number, sent] => {
                let deed = Deed::of(word, number.parse().unwrap()).unwrap();
                let call = deed.call();
                let admission = self.gate.admit_async(sent, &call, deed.action());
                match self.runtime.block_on(admission) {
                    Ok(Admission::First(_permit)) => "first",
                    Ok(Admission::Again(_)) => "again",
                    Err(refusal) => refusal.code(),
                }
            }
            ["stop", ticket] => match self.runtime.block_on(self.revocations.post(ticket, now())) {
                Ok(_) => "stopped",
                Err(error) => error.code(),
            },
            _ => "not_understood",
        }
    }
}
