//! A directory with keys and texts that are always the same.

use std::fmt::Display;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Action, Call, Effect, Service, Task, Tree};
use bailiwick::approve::{Directory, DirectoryEntry};
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::Gate;
use bailiwick::keys::dangerous::{
    approver_key_from_seed, directory_key_from_seed, holder_key_from_seed, issuer_key_from_seed,
    note_key_from_seed, revocation_key_from_seed,
};
use bailiwick::keys::{KeyRing, Root, RootKeyId};
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::mint::Issuer;
use bailiwick::note::NoteSigner;
use bailiwick::present::Holder;
use bailiwick::scope::{Capability, Label, Matcher, Scope};
use bailiwick::verify::Verifier;

/// The directory. It goes when this is dropped.
pub(crate) struct World(PathBuf);

impl World {
    /// Where nothing is yet.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap().keep())
    }

    pub(crate) fn new() -> Self {
        let world = Self::empty();
        macro_rules! key {
            ($name:literal, $key:expr) => {{
                let key = $key;
                world.key($name, &key.to_pkcs8_pem().unwrap(), &key.public_key());
                key
            }};
        }
        key!("root", issuer_key_from_seed(&[1; 32]));
        key!("agent", holder_key_from_seed(&[2; 32]));
        key!("scout", holder_key_from_seed(&[3; 32]));
        let ada = key!("ada", approver_key_from_seed(&[4; 32])).public_key();
        key!("security", revocation_key_from_seed(&[5; 32]));
        let grace = key!("grace", approver_key_from_seed(&[6; 32])).public_key();
        let directory = key!("directory", directory_key_from_seed(&[7; 32]));

        let entries = [
            DirectoryEntry::active(ada, "Ada".parse().unwrap()),
            DirectoryEntry::revoked(grace, "Grace".parse().unwrap()),
        ];
        let (from, until) = (at("2026-11-21T08:00:00Z"), at("2026-11-22T08:00:00Z"));
        let signed = Directory::sign(&directory, 1, from, until, entries).unwrap();
        std::fs::write(world.0.join("approvers.bin"), signed.as_bytes()).unwrap();
        world.texts();
        world
    }

    fn key(&self, name: &str, pem: &str, public: &dyn Display) {
        let path = self.0.join(format!("{name}.key"));
        std::fs::write(&path, pem).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        self.write(&format!("{name}.pub"), &public.to_string());
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    /// What a service and an agent say to one another: a presentation, and a note of two values.
    fn texts(&self) {
        let (start, now) = (at("2026-11-21T09:00:00Z"), at("2026-11-21T09:01:00Z"));
        let end = start + Duration::from_secs(900);
        let (issuer, agent) = (
            issuer_key_from_seed(&[1; 32]),
            holder_key_from_seed(&[2; 32]),
        );
        let calendar: Service = "calendar.example".parse().unwrap();
        let label = Label::new("calendar:attendees").unwrap();
        let from = Matcher::from_label("calendar:attendees").unwrap();
        let send = Capability::operation("mail.send", "mail/outbox").unwrap();
        let scope = Scope::builder()
            .allow(Capability::operation("calendar.read", "calendar/event/24").unwrap())
            .allow(send.argument("to", from).unwrap())
            .audience(calendar.clone())
            .not_after(end)
            .build()
            .unwrap();
        let task = Task::new("t-9", "tell the attendees", "ada@example.com", "helper").unwrap();
        let root = Root::new(RootKeyId::new(1), issuer.public_key(), start..end);
        let token = Issuer::new(issuer, root.id()).mint(&task, scope, &agent.public_key(), start);
        let agent = Holder::new(token.unwrap().token, agent).unwrap();

        let call = Call::tool("read_event".parse().unwrap(), Tree::empty());
        let sent = agent.present(&calendar, &call, now).unwrap();
        let verifier = Verifier::new(calendar.clone(), KeyRing::new([root]).unwrap());
        let gate = Gate::new(verifier, ForgetfulLedger::started_at(start))
            .with_clock(Arc::new(FixedClock::new(now)));
        let (read, event) = (
            "calendar.read".parse().unwrap(),
            "calendar/event/24".parse().unwrap(),
        );
        let read = Action::new(calendar, read, Effect::Read, event);
        let permit = gate
            .admit(&sent.to_text(), &call, read)
            .unwrap()
            .first()
            .unwrap();
        let signer = NoteSigner::new(note_key_from_seed(&[8; 32]));
        let values = ["ann@example.com", "bob\u{202e}\nvalue \"eve@example.com\""];
        let note = signer.sign(&permit, &label, values, now).unwrap();
        self.write("note", &note.to_text());
        let at = "$.attendees[*]".parse().unwrap();
        self.write("detached", &note.detach(at).to_text());
        let shown = note.open(["ann@example.com"]).unwrap();
        self.write("presentation", &sent.with_notes([shown]).unwrap().to_text());
    }

    /// What a command prints, on both outputs, and how it ends if that is not with 0. There is no terminal.
    pub(crate) fn shell(&self, command: &str) -> String {
        let ended = self
            .command(&["setsid", "--wait", "sh", "-c"])
            .arg(format!("exec 2>&1\n{command}"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        printed(&ended.stdout, ended.status)
    }

    /// The same at a terminal, where somebody says yes when they are asked.
    pub(crate) fn shell_with_person(&self, command: &str) -> String {
        let mut running = self
            .command(&["script", "--quiet", "--return", "--command"])
            .args([command, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut person, mut screen) = (
            running.stdin.take().unwrap(),
            running.stdout.take().unwrap(),
        );
        let (mut seen, mut byte) = (Vec::new(), [0]);
        while screen.read(&mut byte).unwrap() == 1 {
            seen.extend(byte.iter().filter(|byte| **byte != b'\r'));
            if seen.ends_with(b"[y/N] ") {
                person.write_all(b"y\n").unwrap();
            }
        }
        printed(&seen, running.wait().unwrap())
    }

    /// Bounded in time, in this directory, with nothing of the environment.
    fn command(&self, args: &[&str]) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_bailiwick"));
        let old = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{old}", program.parent().unwrap().display());
        let mut command = Command::new("timeout");
        command
            .args(["--foreground", "--kill-after=1", "20"])
            .args(args)
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", path)
            .env("LC_ALL", "C.UTF-8");
        command
    }
}

fn printed(out: &[u8], status: ExitStatus) -> String {
    let mut printed = String::from_utf8(out.to_vec()).unwrap();
    if !printed.is_empty() && !printed.ends_with('\n') {
        printed.push('\n');
    }
    match status.code() {
        Some(0) => {}
        Some(code) => printed.push_str(&format!("? {code}\n")),
        None => printed.push_str("? killed\n"),
    }
    printed
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}
