//! A ledger in a file, killed in the middle of settling: nothing that it said is forgotten.
//!
//! The test starts itself as a child process that settles as fast as it can and says on its output
//! what was settled, kills it, and opens the file again.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bailiwick::clock::Timestamp;
use bailiwick::decide::DecisionId;
use bailiwick::keys::ApproverKey;
use bailiwick::ledger::*;
use bailiwick::scope::{BudgetName, Measure};

const CHILD: &str = "BAILIWICK_CRASH_TEST_FILE";
const PROMPT: &str = "BAILIWICK_CRASH_TEST_PROMPT";
const HOUR: Duration = Duration::from_secs(3_600);
const SKEW: Duration = Duration::from_secs(5);
/// One that is used up within a round, and one that is not.
const CAPS: [(&str, i64); 2] = [("small", 40), ("large", 1_000_000_000)];
const THREADS: u64 = 4;

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_unix_millis(since.unwrap().as_millis().try_into().unwrap()).unwrap()
}

fn options() -> RedbOptions {
    let options = RedbLedger::options().acknowledge_reset();
    match std::env::var_os(PROMPT) {
        Some(_) => options.prompt(),
        None => options,
    }
}

fn key(kind: &str, number: u64) -> EntryKey {
    let mut bytes = [0; 16];
    bytes[..kind.len()].copy_from_slice(kind.as_bytes());
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    EntryKey::from_bytes(bytes)
}

fn random() -> u64 {
    let bytes = *DecisionId::random().unwrap().as_bytes();
    u64::from_be_bytes(bytes[..8].try_into().unwrap())
}

fn settlement() -> Settlement {
    let now = now();
    let fresh = now + SKEW + Duration::from_secs(60);
    Settlement {
        task: key("task", 1),
        service: key("service", 1),
        decision: DecisionId::random().unwrap(),
        proof: ProofClaim {
            key: key("proof", random()),
            issued: fresh,
            until: now + HOUR,
        },
        attempt: Attempt {
            key: key("attempt", random()),
            content: key("content", 1),
            until: now + HOUR,
        },
        approvals: Vec::new(),
        spends: Spends::none(),
        taint: Taint {
            key: key("taint", 1),
            assumes_clean: false,
            marks: false,
        },
        token_issued: now,
        now,
        skew: SKEW,
    }
}

fn approved(number: u64) -> Settlement {
    let mut settlement = settlement();
    settlement.approvals = vec![ApprovalClaim {
        key: key("approve", number),
        approver: ApproverKey::generate().unwrap().public_key(),
        issued: settlement.now,
        until: settlement.now + HOUR,
    }];
    settlement
}

fn paying(name: &str, amount: i64, cap: i64) -> Settlement {
    let mut settlement = settlement();
    let spend = Spend {
        key: key(name, 0),
        name: BudgetName::new(name).unwrap(),
        shape: BudgetShape::new(None, &Measure::Uses),
        amount,
        cap,
        ends: None,
    };
    settlement.spends.push(spend).unwrap();
    settlement
}

fn settle(ledger: &RedbLedger, settlement: &Settlement) -> Result<(), &'static str> {
    let settled = Ledger::settle(ledger, settlement);
    settled.map(drop).map_err(|error| error.code())
}

/// Settles until it is killed. A line is one write, which a pipe keeps whole.
fn child(path: &Path) -> ! {
    let ledger = options().open(path, now()).unwrap();
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        out.write_all(line.as_bytes()).unwrap();
        out.flush().unwrap();
    };
    say("ready\n".into());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let approval = random();
                    settle(&ledger, &approved(approval)).unwrap();
                    say(format!("\nsettled approval {approval}\n"));
                    for (name, cap) in CAPS {
                        for _ in 0..5 {
                            if settle(&ledger, &paying(name, 1, cap)).is_ok() {
                                say(format!("\nsettled {name} 1\n"));
                            }
                        }
                    }
                }
            });
        }
    });
    unreachable!("threads run for ever");
}

struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// One life of the child: what it said was settled, added up.
fn killed_after(time: Duration, path: &Path, prompt: bool, spent: &[AtomicI64; 2]) -> Vec<u64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "nothing_that_was_said_is_forgotten",
        "--nocapture",
    ]);
    command.env(CHILD, path).stdout(Stdio::piped());
    if prompt {
        command.env(PROMPT, "1");
    }
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines
        .by_ref()
        .map(Result::unwrap)
        .any(|line| line.ends_with("ready"));
    assert!(ready);
    let reader = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
    std::thread::sleep(time);
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let mut approvals = Vec::new();
    for line in reader.join().unwrap() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["settled", "approval", number] => approvals.push(number.parse().unwrap()),
            ["settled", "small", "1"] => drop(spent[0].fetch_add(1, Ordering::Relaxed)),
            ["settled", "large", "1"] => drop(spent[1].fetch_add(1, Ordering::Relaxed)),
            _ => {}
        }
    }
    approvals
}

/// What a ledger takes for spent.
fn spent(ledger: &RedbLedger, name: &str) -> i64 {
    // If anything was spent, this is too much.
    let asked = paying(name, 1 << 40, 1 << 40);
    match Ledger::settle(ledger, &asked) {
        Err(LedgerError::BudgetExceeded { spent, .. }) => spent,
        Ok(Settled::First(receipt)) => {
            let refund = Refund {
                task: asked.task,
                attempt: asked.attempt,
                receipt,
                spends: asked.spends,
                now: now(),
            };
            Ledger::refund(ledger, &refund).unwrap();
            0
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_that_was_said_is_forgotten() {
    if let Some(path) = std::env::var_os(CHILD) {
        child(Path::new(&path));
    }
    static COUNT: AtomicU64 = AtomicU64::new(0);
    for prompt in [false, true] {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bailiwick-crash-{}-{number}", std::process::id());
        let directory = Directory(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&directory.0).unwrap();
        let path = directory.0.join("ledger.redb");
        let said = [const { AtomicI64::new(0) }; 2];
        let mut approvals = Vec::new();
        for millis in [3, 10, 40, 90, 150, 300] {
            let time = Duration::from_millis(millis);
            approvals.extend(killed_after(time, &path, prompt, &said));

            let ledger = options().open(&path, now()).unwrap();
            for number in &approvals {
                let code = settle(&ledger, &approved(*number));
                assert_eq!(code, Err("approval_used"));
            }
            for ((name, cap), said) in CAPS.into_iter().zip(&said) {
                let (said, found) = (said.load(Ordering::Relaxed), spent(&ledger, name));
                assert!(found >= said, "{name}: {found} on disk, {said} said");
                assert!(found <= cap);
                // What each thread was about to say, and what was reserved ahead, in each round.
                println!("{name}: {said} said, {found} on disk");
                assert!(
                    found - said < 10_000,
                    "{name}: {found} on disk, {said} said"
                );
            }
        }
        println!("{} approvals said", approvals.len());
        assert!(!approvals.is_empty());
    }
}
