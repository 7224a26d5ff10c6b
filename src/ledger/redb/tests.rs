use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::*;
use crate::ledger::suite::{Desk, World, compare_with_the_model};
use crate::ledger::{Receipt, Spend, Spends};

/// A directory that goes with the test.
struct Directory(std::path::PathBuf);

impl Directory {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bailiwick-ledger-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Ledgers in files, and a clock that stands where it is set.
struct Disk {
    directory: Directory,
    files: AtomicU64,
    now: Mutex<Timestamp>,
    options: RedbOptions,
}

fn disk_with(options: RedbOptions) -> Disk {
    Disk {
        directory: Directory::new(),
        files: AtomicU64::new(0),
        now: Mutex::new(Timestamp::from_unix_millis(1_800_000_000_250).unwrap()),
        options,
    }
}

fn disk() -> Disk {
    disk_with(RedbLedger::options())
}

impl Disk {
    fn open(&self, options: &RedbOptions) -> RedbLedger {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.open_again(options)
    }

    /// The file that was created last.
    fn open_again(&self, options: &RedbOptions) -> RedbLedger {
        let number = self.files.load(Ordering::Relaxed);
        let path = self.directory.0.join(format!("{number}.redb"));
        options.open(path, self.now()).unwrap()
    }
}

impl World for Disk {
    type Ledger = RedbLedger;

    fn start(&self) -> RedbLedger {
        self.open(&self.options)
    }

    fn start_small(&self, entries: usize) -> Option<RedbLedger> {
        Some(self.open(&self.options.clone().capacity(entries)))
    }

    fn start_forgetful(&self) -> Option<RedbLedger> {
        Some(self.start())
    }

    fn start_acknowledged(&self) -> Option<RedbLedger> {
        Some(self.open(&self.options.clone().acknowledge_reset()))
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn pass(&self, time: Duration) {
        let mut now = self.now.lock().unwrap();
        *now = *now + time;
    }

    fn set_clock(&self, now: Timestamp) -> bool {
        *self.now.lock().unwrap() = now;
        true
    }

    fn unit(&self) -> Duration {
        Duration::from_secs(60)
    }
}

mod waiting {
    crate::ledger::suite::suite_of!(super::disk);
}

mod prompt {
    fn prompt() -> super::Disk {
        super::disk_with(super::RedbLedger::options().prompt())
    }

    crate::ledger::suite::suite_of!(prompt);
}

#[test]
fn random_commands_come_out_as_in_the_model_and_a_restart_remembers() {
    let disk = disk();
    let restart = |ledger| {
        drop(ledger);
        disk.open_again(&disk.options)
    };
    compare_with_the_model(&disk, 25, restart, true);
}

fn desk(disk: &Disk) -> Desk<'_, Disk> {
    Desk::open(disk)
}

/// The same ledger after it was closed.
fn reopened<'d>(mut desk: Desk<'d, Disk>, disk: &'d Disk) -> Desk<'d, Disk> {
    drop(desk.ledger);
    desk.ledger = disk.open_again(&disk.options);
    desk
}

#[test]
fn a_restart_remembers_everything_that_was_used() {
    let disk = disk();
    let desk_before = desk(&disk);
    let mut one = desk_before.paying([desk_before.spend("mail", 1, 2)]);
    one.approvals = vec![desk_before.approval(1)];
    one.taint.marks = true;
    let receipt = desk_before.first(&one);
    let given_back = desk_before.paying([desk_before.spend("pay", 5, 5)]);
    let refund = desk_before.refund_of(&given_back, desk_before.first(&given_back));
    assert_eq!(desk_before.refund(&refund), Ok(5));

    disk.pass(Duration::from_secs(10));
    let desk = reopened(desk_before, &disk);
    assert_eq!(desk.code(&one), "ledger_reset");
    let again = Settled::Again(receipt);
    assert_eq!(desk.settle(&desk.retry(&one)), Ok(again));
    let code = desk.code(&desk.approved(&one.approvals));
    assert_eq!(code, "approval_used");
    let mut asking = desk.settlement();
    asking.taint.assumes_clean = true;
    assert_eq!(desk.code(&asking), "tainted");
    assert_eq!(desk.pay("mail", 1, 2), "first");
    assert_eq!(desk.pay("mail", 1, 2), "budget_exceeded");
    assert_eq!(desk.refund(&refund), Err("nothing_to_refund"));
    assert_eq!(desk.pay("pay", 5, 5), "first");
    let refund = desk.refund_of(&one, receipt);
    assert_eq!(desk.refund(&refund), Ok(1));
    assert_eq!(desk.pay("mail", 1, 2), "first");
}

#[test]
fn an_attempt_that_is_settled_anew_for_nothing_stands_in_the_file_once() {
    let disk = disk();
    let desk = desk(&disk);
    let mut one = desk.paying([desk.spend("mail", 1, 2)]);
    let refund = desk.refund_of(&one, desk.first(&one));
    assert_eq!(desk.refund(&refund), Ok(1));

    disk.pass(Duration::from_secs(10));
    one.spends = Spends::none();
    one.attempt.until = one.attempt.until + Duration::from_secs(10);
    let anew = desk.retry(&one);
    let refund = desk.refund_of(&anew, desk.first(&anew));
    assert_eq!(desk.refund(&refund), Ok(0));
    let desk = reopened(desk, &disk);
    assert_eq!(desk.refund(&refund), Err("nothing_to_refund"));
}

#[test]
fn a_clean_end_writes_what_was_really_spent() {
    let disk = disk_with(RedbLedger::options().prompt());
    let desk = desk(&disk);
    for _ in 0..500 {
        assert_eq!(desk.pay("mail", 1, 1_000_000), "first");
    }
    let desk = reopened(desk, &disk);
    assert_eq!(desk.pay("mail", 999_500, 1_000_000), "first");
    assert_eq!(desk.pay("mail", 1, 1_000_000), "budget_exceeded");
}

#[test]
fn what_has_ended_leaves_the_file() {
    let disk = disk();
    let desk = desk(&disk);
    let mut one = desk.paying([Spend {
        ends: Some(disk.now() + Duration::from_secs(60)),
        ..desk.spend("mail", 1, 9)
    }]);
    one.approvals = vec![desk.approval(1)];
    one.approvals[0].until = disk.now() + Duration::from_secs(60);
    one.attempt.until = disk.now() + Duration::from_secs(60);
    desk.first(&one);
    let desk = reopened(desk, &disk);
    assert_eq!(desk.ledger.len(), 3);
    disk.pass(Duration::from_secs(120));
    desk.first(&desk.settlement());
    let desk = reopened(desk, &disk);
    assert_eq!(desk.ledger.len(), 0);
}

#[test]
fn what_has_ended_does_not_come_back_with_a_clock_that_is_set_back() {
    let disk = disk();
    let desk = desk(&disk);
    let start = disk.now();
    let mut one = desk.approved(&[desk.approval(1)]);
    one.approvals[0].until = start + Duration::from_secs(60);
    desk.first(&one);
    disk.pass(Duration::from_secs(120));
    let mut free = desk.settlement();
    free.proof.issued = disk.now();
    desk.first(&free);
    disk.set_clock(start + Duration::from_secs(10));
    let desk = reopened(desk, &disk);
    let fresh = disk.now() + Duration::from_secs(200);
    let mut again = desk.approved(&one.approvals);
    again.proof.issued = fresh;
    assert_eq!(desk.code(&again), "ledger_reset");
    // Nor is a proof taken that may have been claimed.
    let mut replay = desk.settlement();
    replay.proof = free.proof;
    assert_eq!(desk.code(&replay), "ledger_reset");

    // Unless somebody says that the clock is right.
    drop(desk.ledger);
    let trusting = RedbLedger::options().trust_clock();
    let desk = Desk::of(&disk, disk.open_again(&trusting));
    assert_eq!(desk.code(&desk.settlement()), "first");
}

#[test]
fn a_new_file_may_stand_in_place_of_a_lost_one_until_somebody_says_otherwise() {
    let disk = disk();
    let desk = desk(&disk);
    let mut old = desk.paying([desk.spend("mail", 1, 9)]);
    old.token_issued = disk.now();
    assert_eq!(desk.code(&old), "ledger_reset");
    disk.pass(Duration::from_secs(100));
    let desk = reopened(desk, &disk);
    old.proof = desk.proof();
    assert_eq!(desk.code(&old), "ledger_reset");
    drop(desk.ledger);
    let acknowledging = RedbLedger::options().acknowledge_reset();
    drop(disk.open_again(&acknowledging));
    // It is said once.
    let desk = Desk::of(&disk, disk.open_again(&disk.options));
    old.proof = desk.proof();
    assert_eq!(desk.code(&old), "first");
}

#[test]
fn a_file_is_open_once() {
    let disk = disk();
    let _ledger = disk.start();
    let path = disk.directory.0.join("1.redb");
    let error = RedbLedger::options().open(&path, disk.now()).unwrap_err();
    assert_eq!(error, RedbError::InUse);
    assert_eq!(error.code(), "ledger_in_use");
}

const HEADER: ::redb::TableDefinition<'_, &str, u64> =
    ::redb::TableDefinition::new("bailiwick-ledger");
const ENTRIES: ::redb::TableDefinition<'_, &[u8; 24], &[u8]> =
    ::redb::TableDefinition::new("entries");

/// Why a ledger is not opened after this was done to its file.
fn refusal(spoil: impl FnOnce(&::redb::WriteTransaction)) -> RedbError {
    let disk = disk();
    drop(disk.start());
    let path = disk.directory.0.join("1.redb");
    let database = ::redb::Database::open(&path).unwrap();
    let write = database.begin_write().unwrap();
    spoil(&write);
    write.commit().unwrap();
    drop(database);
    RedbLedger::options().open(&path, disk.now()).unwrap_err()
}

#[test]
fn a_file_of_another_version_or_another_program_is_refused() {
    let error = refusal(|write| {
        let mut header = write.open_table(HEADER).unwrap();
        header.insert("format", 2).unwrap();
    });
    let (found, known) = (2, 1);
    assert_eq!(error, RedbError::Version { found, known });
    assert_eq!(error.code(), "ledger_version");
    let error = refusal(|write| {
        write.delete_table(HEADER).unwrap();
    });
    assert_eq!(error, RedbError::Foreign);

    let directory = Directory::new();
    let path = directory.0.join("letter.txt");
    std::fs::write(&path, "Dear Ada, ".repeat(1_000)).unwrap();
    let error = RedbLedger::options().open(&path, Timestamp::MIN);
    assert_eq!(error.unwrap_err().code(), "ledger_foreign");
    assert!(std::fs::read(&path).unwrap().starts_with(b"Dear Ada"));
}

#[test]
fn a_damaged_file_is_refused() {
    let missing = |name: &'static str| {
        refusal(move |write| {
            let mut header = write.open_table(HEADER).unwrap();
            header.remove(name).unwrap();
        })
    };
    for name in ["format", "since", "seen"] {
        assert_eq!(missing(name).code(), "ledger_corrupt", "{name}");
    }
    let error = refusal(|write| {
        let mut header = write.open_table(HEADER).unwrap();
        header.insert("seen", u64::MAX - 1).unwrap();
    });
    assert_eq!(error.code(), "ledger_corrupt");
    let error = refusal(|write| {
        let mut entries = write.open_table(ENTRIES).unwrap();
        entries.insert(&[0; 24], &[99][..]).unwrap();
    });
    assert_eq!(error.code(), "ledger_corrupt");
    let error = refusal(|write| {
        let mut entries = write.open_table(ENTRIES).unwrap();
        entries.insert(&[0; 24], &[2][..]).unwrap();
        let mut later = [0; 24];
        later[7] = 1;
        entries.insert(&later, &[2][..]).unwrap();
    });
    let twice = "an entry is there twice".to_owned();
    assert_eq!(error, RedbError::Corrupt(twice));
}

/// A disk that fails, or hangs, from some moment on.
#[derive(Debug, Default)]
struct Failing {
    memory: ::redb::backends::InMemoryBackend,
    fails: Arc<AtomicBool>,
    hangs: Arc<AtomicBool>,
}

impl ::redb::StorageBackend for Failing {
    fn len(&self) -> std::io::Result<u64> {
        self.memory.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.memory.read(offset, out)
    }

    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.memory.set_len(len)
    }

    fn sync_data(&self) -> std::io::Result<()> {
        while self.hangs.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if self.fails.load(Ordering::SeqCst) {
            return Err(std::io::Error::other("no space\nleft"));
        }
        self.memory.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.memory.write(offset, data)
    }
}

type Switch = Arc<AtomicBool>;

/// A ledger on such a disk, with the switches that make it fail and hang.
fn on_a_bad_disk(disk: &Disk) -> (RedbLedger, Switch, Switch) {
    let backend = Failing::default();
    let (fails, hangs) = (Arc::clone(&backend.fails), Arc::clone(&backend.hangs));
    let database = ::redb::Database::builder().create_with_backend(backend);
    let file = File::of(database.unwrap());
    let ledger = disk.options.open_file(file, disk.now()).unwrap();
    (ledger, fails, hangs)
}

#[test]
fn after_a_failed_commit_nothing_is_settled_any_more() {
    let disk = disk();
    let (ledger, fails, _) = on_a_bad_disk(&disk);
    let desk = Desk::of(&disk, ledger);
    let one = desk.approved(&[desk.approval(1)]);
    desk.first(&one);
    fails.store(true, Ordering::SeqCst);
    let failed = desk
        .settle(&desk.approved(&[desk.approval(2)]))
        .unwrap_err();
    assert_eq!(failed.code(), "ledger_unavailable");
    assert!(!failed.to_string().contains('\n'), "{failed}");
    fails.store(false, Ordering::SeqCst);
    assert_eq!(desk.code(&desk.settlement()), "ledger_unavailable");
    let refund = desk.refund_of(&one, desk_receipt(&one, &disk));
    assert_eq!(desk.refund(&refund), Err("ledger_unavailable"));
}

fn desk_receipt(settlement: &Settlement, disk: &Disk) -> Receipt {
    Receipt {
        decision: settlement.decision,
        at: disk.now(),
    }
}

#[test]
fn what_is_used_is_on_the_disk_before_a_settlement_returns() {
    type Make = fn(&Desk<'_, Disk>) -> Settlement;
    let makes: [(&str, Make); 4] = [
        ("approval", |desk| desk.approved(&[desk.approval(1)])),
        ("budget", |desk| desk.paying([desk.spend("mail", 1, 9)])),
        ("taint", |desk| {
            let mut settlement = desk.settlement();
            settlement.taint.marks = true;
            settlement
        }),
        ("a proof of a time that the disk does not know", |desk| {
            desk.world.pass(Duration::from_secs(9));
            desk.settlement()
        }),
    ];
    for (what, make) in makes {
        for prompt in [false, true] {
            let mut disk = disk();
            disk.options.prompt = prompt;
            let (ledger, _, hangs) = on_a_bad_disk(&disk);
            let desk = Desk::of(&disk, ledger);
            desk.first(&desk.settlement());
            let settlement = make(&desk);
            // What is in no hurry is written before.
            std::thread::sleep(Duration::from_millis(20));
            hangs.store(true, Ordering::SeqCst);
            std::thread::scope(|scope| {
                let first = scope.spawn(|| desk.code(&settlement));
                std::thread::sleep(Duration::from_millis(30));
                assert!(!first.is_finished(), "{what}");
                // A retry waits for what it repeats.
                let retry = scope.spawn(|| desk.code(&desk.retry(&settlement)));
                std::thread::sleep(Duration::from_millis(30));
                assert!(!retry.is_finished(), "{what}");
                hangs.store(false, Ordering::SeqCst);
                assert_eq!(first.join().unwrap(), "first");
                assert_eq!(retry.join().unwrap(), "again");
            });
        }
    }
}

#[test]
fn what_needs_no_disk_does_not_wait_for_it() {
    let disk = disk_with(RedbLedger::options().prompt());
    let (ledger, _, hangs) = on_a_bad_disk(&disk);
    let desk = Desk::of(&disk, ledger);
    for _ in 0..200 {
        assert_eq!(desk.pay("mail", 1, 1_000_000), "first");
    }
    std::thread::sleep(Duration::from_millis(20));
    hangs.store(true, Ordering::SeqCst);
    assert_eq!(desk.code(&desk.settlement()), "first");
    assert_eq!(desk.pay("mail", 1, 1_000_000), "first");
    hangs.store(false, Ordering::SeqCst);
}

#[test]
fn a_future_is_woken_when_its_settlement_is_on_the_disk() {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let disk = disk();
    let (ledger, _, hangs) = on_a_bad_disk(&disk);
    let desk = Desk::of(&disk, ledger);
    let settlement = desk.approved(&[desk.approval(1)]);
    hangs.store(true, Ordering::SeqCst);
    let mut future = std::pin::pin!(AsyncLedger::settle(&desk.ledger, &settlement));
    let waker = Arc::new(Thread(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(future.as_mut().poll(&mut context).is_pending());
    hangs.store(false, Ordering::SeqCst);
    let settled = loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(settled) => break settled,
            std::task::Poll::Pending => std::thread::park_timeout(Duration::from_secs(60)),
        }
    };
    let receipt = desk_receipt(&settlement, &disk);
    assert_eq!(settled, Ok(Settled::First(receipt)));
}
