//! An issuer, an agent, and a directory with the files of a guard.

#![allow(dead_code, reason = "each test binary uses another part of this")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bailiwick::action::{Service, Task};
use bailiwick::clock::{Clock, SystemClock, Timestamp};
use bailiwick::keys::{ApproverKey, HolderKey, IssuerKey, IssuerPublicKey, NoteKey, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::scope::{
    ApprovalRule, Capability, Condition, Matcher, Pattern, Requirement, Scope, ScopeBuilder,
};
use tokio::process::Command;

/// A directory of one test. It goes when this is dropped.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bailiwick-guard-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The files of a guard with this catalog, whose roots say more: it trusts who grants an agent these rights.
    pub(crate) fn granting(
        &self,
        service: &Service,
        catalog: &str,
        scope: ScopeBuilder,
        roots: &str,
    ) -> Granted {
        let granted = grant(service, scope);
        self.write("catalog.toml", catalog);
        self.roots(&granted.issuer, roots);
        granted
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A file that only its owner reads.
    pub(crate) fn secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.write(name, text);
        mode(&path, 0o600);
        path
    }

    /// The files of a guard that signs what its catalog notes, and takes those notes under this label.
    pub(crate) fn note_signer(&self, label: &str) -> String {
        let key = NoteKey::generate().unwrap();
        self.secret("note.pem", &key.to_pkcs8_pem().unwrap());
        let public = key.public_key();
        format!("[notes]\nkey = \"note.pem\"\n[note_signers]\n\"{label}\" = [\"{public}\"]\n")
    }

    /// A guard with its files.
    pub(crate) fn guard(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (option, file) in [
            ("--catalog", "catalog.toml"),
            ("--roots", "roots.toml"),
            ("--ledger", "spent.redb"),
        ] {
            command.arg(option).arg(self.path(file));
        }
        command.kill_on_drop(true);
        command
    }

    /// The file of one trusted root.
    pub(crate) fn roots(&self, issuer: &IssuerPublicKey, more: &str) -> PathBuf {
        let (from, until) = (from_now(-3600), from_now(3600));
        let text = format!(
            "[[root]]\nid = 1\nkey = \"{issuer}\"\nfrom = \"{from}\"\nuntil = \"{until}\"\n{more}"
        );
        self.write("roots.toml", &text)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// So many seconds from now.
pub(crate) fn from_now(seconds: i64) -> Timestamp {
    let now = SystemClock.now();
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { now - by } else { now + by }
}

/// Reads lists, and shares with those whom one named.
pub(crate) fn shares_with_those_named() -> ScopeBuilder {
    let to = Matcher::from_label("lists:people").unwrap();
    let share = Capability::operation("lists.share", "shares").unwrap();
    let share = share.argument("to", to).unwrap();
    Scope::builder()
        .allow(Capability::operation("lists.read", "lists/*").unwrap())
        .allow(share)
}

/// Reads lists, and shares with anybody until what it reads may say with whom.
pub(crate) fn shares_until_tainted() -> ScopeBuilder {
    let person = ApproverKey::generate().unwrap().public_key();
    let asked = Condition::Approval(ApprovalRule::any_of([person]).unwrap());
    let share = Pattern::any().operation("lists.share").unwrap();
    Scope::builder()
        .allow(Capability::operation("lists.*", "**").unwrap())
        .require(Requirement::new(share, asked).when_tainted())
}

pub(crate) struct Granted {
    pub(crate) holder: Arc<Holder>,
    pub(crate) issuer: IssuerPublicKey,
    pub(crate) stop: String,
}

/// A task that began a minute ago, for an agent with a key of its own.
pub(crate) fn grant(service: &Service, scope: ScopeBuilder) -> Granted {
    let (issuer, agent) = (
        IssuerKey::generate().unwrap(),
        HolderKey::generate().unwrap(),
    );
    let key = issuer.public_key();
    let (start, end) = (from_now(-60), from_now(900));
    let scope = scope
        .audience(service.clone())
        .not_after(end)
        .build()
        .unwrap();
    let task = Task::new("t-1", "look after the notes", "ada@example.com", "helper").unwrap();
    let minted = Issuer::new(issuer, RootKeyId::new(1))
        .mint(&task, scope, &agent.public_key(), start)
        .unwrap();
    Granted {
        holder: Arc::new(Holder::new(minted.token, agent).unwrap()),
        issuer: key,
        stop: minted.stop.to_text(),
    }
}
