//! A desk, its gate, and agents.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Service, Task};
use bailiwick::catalog::{Catalog, NoAttributes, Notary};
use bailiwick::clock::{Clock, SystemClock, Timestamp};
use bailiwick::gate::{Gate, Permit};
use bailiwick::guard::{ByCatalog, Guard};
use bailiwick::keys::{
    ApproverKey, HolderKey, IssuerKey, IssuerPublicKey, KeyRing, NoteKey, Root, RootKeyId,
};
use bailiwick::ledger::{
    AsyncLedger, ForgetfulLedger, Ledger, LedgerError, Refund, Refunded, Settled, Settlement,
};
use bailiwick::mint::{Issuer, Minted};
use bailiwick::note::{NoteBook, NoteSigner, NoteSigners};
use bailiwick::present::{Holder, Presenter};
use bailiwick::scope::{
    ApprovalRule, Budget, Capability, Condition, Label, Matcher, Pattern, Requirement, Scope,
    ScopeBuilder,
};
use bailiwick::verify::Verifier;
use serde_json::{Value, json};

/// The service of the table.
pub const SERVICE: &str = "desk.example";

/// What its tools and routes do.
pub const CATALOG: &str = include_str!("desk.toml");

/// The label that the catalog notes under.
const NOTED: &str = "card:names";

/// The service's side of one run: what it trusts, and where it counts. It can be carried to another process, as text.
#[derive(Clone, Debug)]
pub struct Desk {
    root: IssuerPublicKey,
    start: Timestamp,
    folder: PathBuf,
}

/// A desk, and those who have tokens for it.
pub struct World {
    /// The service's side.
    pub desk: Desk,
    issuer: Issuer,
    person: ApproverKey,
}

impl World {
    /// A desk that counts in this folder, which must be empty.
    pub fn new(folder: &Path) -> Self {
        let key = IssuerKey::generate().unwrap();
        let minute = Duration::from_secs(60);
        let desk = Desk {
            root: key.public_key(),
            start: SystemClock.now().saturating_sub(minute),
            folder: folder.to_owned(),
        };
        File::create_new(desk.acts_file()).unwrap();
        let notes = NoteKey::generate().unwrap().to_pkcs8_pem().unwrap();
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .create_new(true)
            .write(true)
            .open(desk.note_key_file());
        file.as_mut().unwrap().write_all(notes.as_bytes()).unwrap();
        Self {
            desk,
            issuer: Issuer::new(key, RootKeyId::new(1)),
            person: ApproverKey::generate().unwrap(),
        }
    }

    /// An agent that the table is written for. It keeps notes.
    pub fn agent(&self) -> Presenter {
        let holder = self.holder(&self.issuer, self.scope());
        Presenter::from(holder).with_notes(Arc::new(NoteBook::new()))
    }

    /// The same, with a token that has ended.
    pub fn late(&self) -> Holder {
        let ended = self.desk.start.saturating_add(Duration::from_secs(30));
        self.holder(&self.issuer, self.scope().not_after(ended))
    }

    /// The same, with a token for another service.
    pub fn elsewhere(&self) -> Holder {
        let other: Service = "bank.example".parse().unwrap();
        self.holder(&self.issuer, rights().audience(other).not_after(self.end()))
    }

    /// The same, with a token of an issuer that nobody knows.
    pub fn stranger(&self) -> Holder {
        let issuer = Issuer::new(IssuerKey::generate().unwrap(), RootKeyId::new(1));
        self.holder(&issuer, self.scope())
    }

    fn end(&self) -> Timestamp {
        self.desk.start.saturating_add(Duration::from_secs(900))
    }

    fn scope(&self) -> ScopeBuilder {
        let approved = ApprovalRule::any_of([self.person.public_key()]).unwrap();
        let approved = Condition::Approval(approved);
        let publish = Capability::operation("note.publish", "box/*").unwrap();
        let answers = Pattern::any().operation("mail.answer").unwrap();
        rights()
            .allow_with(publish, approved.clone())
            .require(Requirement::new(answers, approved).when_tainted())
            .audience(SERVICE.parse().unwrap())
            .not_after(self.end())
    }

    fn holder(&self, issuer: &Issuer, scope: ScopeBuilder) -> Holder {
        let key = HolderKey::generate().unwrap();
        let minted = self.mint(issuer, scope, &key);
        Holder::new(minted.token, key).unwrap()
    }

    fn mint(&self, issuer: &Issuer, scope: ScopeBuilder, key: &HolderKey) -> Minted {
        // Each a task of its own, so that nobody spends what another one has.
        let id = format!("t-{}", key.public_key());
        let task = Task::new(&id, "work at the desk", "ada@example.com", "helper").unwrap();
        let (scope, public) = (scope.build().unwrap(), key.public_key());
        issuer.mint(&task, scope, &public, self.desk.start).unwrap()
    }
}

/// Reads all notes but the secret one, sends short texts to two boxes, files one note; writes to those whom a card names; reads
/// mail and answers.
fn rights() -> ScopeBuilder {
    let allow = |operation, resource| Capability::operation(operation, resource).unwrap();
    let send = |to| {
        let short = || Matcher::text_length(1, 20).unwrap();
        let colours = Matcher::one_of(["red", "blue"]).unwrap();
        let send = allow("note.send", to).argument("text", short()).unwrap();
        let send = send.optional_argument("subject", short()).unwrap();
        send.optional_argument("tags.*", colours).unwrap()
    };
    let named = Matcher::from_label(NOTED).unwrap();
    let once = Condition::Budget(Budget::uses("filed", 1).unwrap());
    Scope::builder()
        .allow(allow("note.read", "note/*"))
        .allow(send("box/ada"))
        .allow(send("box/grace"))
        .allow_with(allow("note.file", "note/*"), once)
        .allow(allow("card.read", "card/*"))
        .allow(
            allow("card.write", "box/card")
                .argument("to", named)
                .unwrap(),
        )
        .allow(allow("mail.*", "mail/*"))
        .deny(Pattern::any().resource("note/secret").unwrap())
}

impl Desk {
    /// As text, for [`from_args`](Self::from_args) in another process.
    pub fn to_args(&self) -> [String; 3] {
        let folder = self.folder.to_str().unwrap().to_owned();
        [self.root.to_string(), self.start.to_string(), folder]
    }

    /// The desk of another process.
    pub fn from_args(args: &[String]) -> Self {
        let [root, start, folder] = args else {
            panic!("a root, a time, a folder")
        };
        Self {
            root: root.parse().unwrap(),
            start: start.parse().unwrap(),
            folder: folder.into(),
        }
    }

    /// Its one root, as the guard programs read it.
    pub fn roots_toml(&self) -> String {
        let day = Duration::from_secs(86_400);
        let (from, until) = (
            self.start.saturating_sub(day),
            self.start.saturating_add(day),
        );
        let (root, signer) = (self.root, self.note_signer().public_key());
        let key = self.note_key_file();
        format!(
            "[[root]]\nid = 1\nkey = \"{root}\"\nfrom = \"{from}\"\nuntil = \"{until}\"\n\
             [notes]\nkey = {key:?}\n[note_signers]\n\"{NOTED}\" = [\"{signer}\"]\n"
        )
    }

    /// A gate of this desk, with a ledger that can be down.
    pub fn gate(&self) -> Gate<Store> {
        let day = Duration::from_secs(86_400);
        let valid = self.start.saturating_sub(day)..self.start.saturating_add(day);
        let root = Root::new(RootKeyId::new(1), self.root, valid);
        let ring = KeyRing::new([root]).unwrap();
        // Older than every token: nothing can be forgotten.
        let began = self.start.saturating_sub(Duration::from_secs(600));
        let store = Store {
            ledger: Arc::new(ForgetfulLedger::started_at(began)),
            down: self.down_file(),
        };
        let noted = Label::new(NOTED).unwrap();
        let signers = NoteSigners::new().with(noted, self.note_signer().public_key());
        let verifier = Verifier::new(SERVICE.parse().unwrap(), ring).with_note_signers(signers);
        Gate::new(verifier, store)
    }

    /// A guard of this desk, which knows its catalog.
    pub fn guard(&self) -> Guard<Store, ByCatalog> {
        let guard = Guard::new(self.gate(), ByCatalog::new(self.catalog(), NoAttributes));
        guard.with_notary(self.notary())
    }

    /// What signs its notes.
    pub fn notary(&self) -> Notary {
        Notary::new(self.catalog(), self.note_signer())
    }

    fn note_signer(&self) -> NoteSigner {
        let pem = fs::read_to_string(self.note_key_file()).unwrap();
        NoteSigner::new(NoteKey::from_pkcs8_pem(&pem).unwrap())
    }

    /// What it answers to every call that it acts on.
    pub fn answer() -> Value {
        json!({ "names": ["ann"] })
    }

    /// What its tools and routes do.
    pub fn catalog(&self) -> Catalog {
        Catalog::parse("desk.toml", CATALOG).unwrap()
    }

    /// Acts, by a permit.
    pub fn act(&self, _: &Permit) {
        self.act_unasked();
    }

    /// Acts, as a service does that knows nothing of permits.
    pub fn act_unasked(&self) {
        let mut acts = OpenOptions::new()
            .append(true)
            .open(self.acts_file())
            .unwrap();
        acts.write_all(b".").unwrap();
    }

    /// How often it has acted.
    pub fn acts(&self) -> usize {
        fs::read(self.acts_file()).unwrap().len()
    }

    /// Takes its store away, or brings it back.
    pub fn store_is_down(&self, down: bool) {
        match down {
            true => drop(File::create(self.down_file()).unwrap()),
            false => fs::remove_file(self.down_file()).unwrap(),
        }
    }

    fn acts_file(&self) -> PathBuf {
        self.folder.join("acts")
    }

    fn note_key_file(&self) -> PathBuf {
        self.folder.join("note.pem")
    }

    fn down_file(&self) -> PathBuf {
        self.folder.join("down")
    }
}

/// A ledger that is down while there is a file that says so.
#[derive(Clone)]
pub struct Store {
    ledger: Arc<ForgetfulLedger>,
    down: PathBuf,
}

impl Store {
    fn up(&self) -> Result<&ForgetfulLedger, LedgerError> {
        match self.down.exists() {
            true => Err(LedgerError::Unavailable("it is down".to_owned())),
            false => Ok(&self.ledger),
        }
    }
}

impl Ledger for Store {
    fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        self.up()?.settle(settlement)
    }

    fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        self.up()?.refund(refund)
    }
}

impl AsyncLedger for Store {
    async fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        Ledger::settle(self, settlement)
    }

    async fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        Ledger::refund(self, refund)
    }
}
