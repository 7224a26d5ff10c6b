//! Many clients at once, and the books about what they were told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::approve::Approval;
use bailiwick::present::AttemptId;

use super::fleet::{COUNT, Connection, Fleet};
use super::world::{Agent, Deed, MONEY, POSTS, now, service};

/// How many clients ask at once.
const CLIENTS: usize = 8;

/// Something that is attempted until it is known what became of it.
#[derive(Clone)]
pub struct Attempt {
    id: AttemptId,
    deed: Deed,
    approval: Option<Approval>,
}

/// A presentation that was admitted.
struct Admitted {
    by: usize,
    line: String,
}

/// What clients were told.
#[derive(Default)]
struct Books {
    first: HashMap<AttemptId, usize>,
    done: HashMap<AttemptId, Deed>,
    admitted: Vec<Admitted>,
    codes: BTreeMap<String, usize>,
    unknown: Vec<Attempt>,
}

pub struct Load<'a> {
    fleet: &'a Fleet,
    agent: Agent,
    approvals: Vec<(Deed, Approval)>,
    books: Mutex<Books>,
    asked: AtomicUsize,
}

/// After these nobody knows whether it was settled; an attempt is made again.
const UNKNOWN: [&str; 4] = [
    "lost",
    "ledger_unavailable",
    "ledger_full",
    "revocations_stale",
];

impl<'a> Load<'a> {
    pub fn new(fleet: &'a Fleet, task: &str) -> Self {
        let agent = Agent::mint(task);
        let approval = |number| {
            let deed = Deed::Publish(number);
            (deed, agent.approval(deed))
        };
        Self {
            fleet,
            approvals: (0..30).map(approval).collect(),
            agent,
            books: Mutex::default(),
            asked: AtomicUsize::new(0),
        }
    }

    /// More than any budget has, and three attempts at each approval.
    pub fn all(&self) -> Vec<Attempt> {
        let mut all: Vec<_> = (0..POSTS + 60).map(|it| attempt(Deed::Post(it))).collect();
        let pays = (0..MONEY / 7 + 20).map(|_| attempt(Deed::Pay(7)));
        for (index, one) in pays.chain(self.publishings(3)).enumerate() {
            all.insert((index * 5).min(all.len()), one);
        }
        all
    }

    /// So many attempts at each approval.
    pub fn publishings(&self, each: usize) -> impl Iterator<Item = Attempt> {
        let of = move |(deed, approval): &(Deed, Approval)| {
            let approval = Some(approval.clone());
            let one = Attempt {
                approval,
                ..attempt(*deed)
            };
            vec![one; each].into_iter().map(|one| Attempt {
                id: AttemptId::random().unwrap(),
                ..one
            })
        };
        self.approvals.iter().flat_map(of)
    }

    /// All clients make attempts, each at every verifier in turn, while `meanwhile` is done after so
    /// many.
    pub fn fire(&self, attempts: Vec<Attempt>, after: usize, meanwhile: impl FnOnce()) {
        let (next, before) = (AtomicUsize::new(0), self.asked.load(Ordering::Relaxed));
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (attempts, next) = (&attempts, &next);
                scope.spawn(move || {
                    let mut connections = Client::new(self.fleet);
                    for turn in client.. {
                        let Some(one) = attempts.get(next.fetch_add(1, Ordering::Relaxed)) else {
                            return;
                        };
                        self.make(&mut connections, one, turn % COUNT);
                    }
                });
            }
            let start = Instant::now();
            while self.asked.load(Ordering::Relaxed) < before + after.min(attempts.len()) {
                assert!(
                    start.elapsed() < Duration::from_secs(20),
                    "the clients are stuck"
                );
                thread::sleep(Duration::from_millis(1));
            }
            meanwhile();
        });
    }

    /// Makes the attempts again of which nobody knows, until it is known what became of each.
    pub fn make_again(&self) {
        let start = Instant::now();
        loop {
            let unknown = std::mem::take(&mut self.books().unknown);
            if unknown.is_empty() {
                return;
            }
            assert!(
                start.elapsed() < Duration::from_secs(15),
                "{:?}",
                self.books().codes
            );
            self.fire(unknown, 0, || {});
        }
    }

    /// One attempt, with a new proof, at one verifier.
    fn make(&self, client: &mut Client<'_>, one: &Attempt, verifier: usize) {
        let line = self.line("admit", one);
        let answer = client.ask(verifier, &line);
        let mut books = self.books();
        let by = verifier;
        match answer.as_str() {
            "first" => {
                *books.first.entry(one.id).or_default() += 1;
                books.done.insert(one.id, one.deed);
                books.admitted.push(Admitted { by, line });
            }
            "again" => {
                books.done.insert(one.id, one.deed);
                books.admitted.push(Admitted { by, line });
            }
            code => {
                *books.codes.entry(code.to_owned()).or_default() += 1;
                if UNKNOWN.contains(&code) {
                    books.unknown.push(one.clone());
                    drop(books);
                    thread::sleep(Duration::from_millis(5));
                }
            }
        }
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    /// What one new post comes to at a verifier.
    pub fn probe(&self, verifier: usize) -> String {
        self.probe_with(verifier, &attempt(Deed::Post(0)))
    }

    /// What an attempt comes to at a verifier, beside the books.
    pub fn probe_with(&self, verifier: usize, one: &Attempt) -> String {
        Client::new(self.fleet).ask(verifier, &self.line("admit", one))
    }

    /// As [`probe_with`](Self::probe_with), at a verifier that does not answer.
    pub fn withheld(&self, verifier: usize, one: &Attempt) -> String {
        Client::new(self.fleet).ask(verifier, &self.line("withhold", one))
    }

    /// An attempt with a new proof.
    fn line(&self, verb: &str, one: &Attempt) -> String {
        let (word, number) = one.deed.parts();
        let call = one.deed.call();
        let holder = &self.agent.holder;
        let sent = holder.present_attempt(&service(), &call, one.id, now());
        let sent = sent.unwrap().with_approvals(one.approval.clone()).unwrap();
        format!("{verb} {word} {number} {}", sent.to_text())
    }

    /// No budget is passed, no approval used twice, no attempt done twice; refusals are of these.
    pub fn check(&self, expected: &[&str]) {
        let books = self.books();
        assert!(books.first.values().all(|times| *times == 1));
        let (posts, money, publishings) = books.spent();
        assert!(posts <= POSTS, "{posts}");
        assert!(money <= MONEY, "{money}");
        let different: HashSet<_> = publishings.iter().collect();
        assert_eq!(
            different.len(),
            publishings.len(),
            "an approval was used twice"
        );
        let codes: BTreeSet<_> = books.codes.keys().map(String::as_str).collect();
        let expected: BTreeSet<_> = expected.iter().copied().collect();
        assert!(codes.is_subset(&expected), "{:?}", books.codes);
    }

    /// As [`check`](Self::check); and what could be spent is spent, each approval used.
    pub fn check_exactly(&self, expected: &[&str]) {
        self.check(expected);
        let (posts, money, publishings) = self.books().spent();
        let all = (POSTS, MONEY, self.approvals.len());
        assert_eq!(
            (posts, money, publishings.len()),
            all,
            "{:?}",
            self.books().codes
        );
    }

    /// No presentation that was admitted is admitted at another verifier.
    pub fn replay_all(&self, expected: &[&str]) {
        let admitted = std::mem::take(&mut self.books().admitted);
        assert!(!admitted.is_empty());
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    let mut client = Client::new(self.fleet);
                    while let Some(one) = admitted.get(next.fetch_add(1, Ordering::Relaxed)) {
                        for other in (0..COUNT).filter(|it| *it != one.by) {
                            let answer = client.ask(other, &one.line);
                            assert!(expected.contains(&answer.as_str()), "{answer}");
                        }
                    }
                });
            }
        });
    }

    pub fn codes(&self) -> BTreeMap<String, usize> {
        self.books().codes.clone()
    }

    pub fn ticket(&self) -> &str {
        &self.agent.stop
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

impl Books {
    fn spent(&self) -> (i64, i64, Vec<i64>) {
        let (mut posts, mut money, mut publishings) = (0, 0, Vec::new());
        for deed in self.done.values() {
            match deed {
                Deed::Post(_) => posts += 1,
                Deed::Pay(amount) => money += amount,
                Deed::Publish(number) => publishings.push(*number),
            }
        }
        (posts, money, publishings)
    }
}

/// Connections to all verifiers.
pub struct Client<'a> {
    fleet: &'a Fleet,
    connections: [Option<Connection>; COUNT],
}

impl<'a> Client<'a> {
    pub fn new(fleet: &'a Fleet) -> Self {
        let connections = [const { None }; COUNT];
        Self { fleet, connections }
    }

    pub fn ask(&mut self, verifier: usize, line: &str) -> String {
        let connection = &mut self.connections[verifier];
        if connection.is_none() {
            *connection = self.fleet.connect(verifier);
        }
        let answer = connection.as_mut().and_then(|it| it.ask(line));
        if answer.is_none() {
            *connection = None;
        }
        answer.unwrap_or_else(|| "lost".to_owned())
    }
}

pub fn attempt(deed: Deed) -> Attempt {
    let id = AttemptId::random().unwrap();
    let approval = None;
    Attempt { id, deed, approval }
}
