//! A script with its keys and arguments.

use std::sync::LazyLock;

use ::redis::Cmd;

use super::super::EntryKey;

pub(super) static SETTLE: LazyLock<Script> =
    LazyLock::new(|| Script::of(include_str!("settle.lua")));
pub(super) static OPEN: LazyLock<Script> = LazyLock::new(|| Script::of(include_str!("open.lua")));
pub(super) static REFUND: LazyLock<Script> =
    LazyLock::new(|| Script::of(include_str!("refund.lua")));

/// A script, and the name that a server gives it.
pub(super) struct Script {
    text: &'static str,
    name: String,
}

impl Script {
    fn of(text: &'static str) -> Self {
        let name = ::redis::Script::new(text).get_hash().to_owned();
        Self { text, name }
    }

    /// Makes it known to a server.
    pub(super) fn load(&self) -> Cmd {
        let mut command = ::redis::cmd("SCRIPT");
        command.arg("LOAD").arg(self.text);
        command
    }
}

/// How many shards there are: of a cluster, each is in one slot.
pub(super) const SHARDS: usize = 256;

/// Where all entries of a task are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard(pub(super) u8);

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Proof,
    Attempt,
    Taint,
    Approval,
    Budget,
}

impl Shard {
    pub(super) fn of(task: &EntryKey) -> Self {
        let [first, ..] = task.as_bytes();
        Self(*first)
    }

    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).map(Self)
    }

    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The key of its epoch.
    pub(super) fn epoch(self) -> Vec<u8> {
        format!("bw1:{{{:02x}}}:e", self.0).into_bytes()
    }

    /// The key of an entry.
    pub(super) fn key(self, kind: Kind, entry: &EntryKey) -> Vec<u8> {
        let mut key = self.epoch();
        key.pop();
        key.push(match kind {
            Kind::Proof => b'p',
            Kind::Attempt => b'a',
            Kind::Taint => b't',
            Kind::Approval => b'g',
            Kind::Budget => b'b',
        });
        key.extend_from_slice(entry.as_bytes());
        key
    }
}

/// A script with its keys and arguments, but for the first arguments of some.
pub(super) struct Request {
    pub(super) shard: Shard,
    pub(super) script: &'static Script,
    pub(super) keys: Vec<Vec<u8>>,
    pub(super) args: Vec<Vec<u8>>,
}

impl Request {
    /// By the name of the script, with these first arguments.
    pub(super) fn command(&self, first: &[&str]) -> Cmd {
        self.finish("EVALSHA", &self.script.name, first)
    }

    /// With the text of the script, which the server keeps then.
    pub(super) fn command_with_text(&self, first: &[&str]) -> Cmd {
        self.finish("EVAL", self.script.text, first)
    }

    fn finish(&self, name: &str, script: &str, first: &[&str]) -> Cmd {
        let mut command = ::redis::cmd(name);
        command.arg(script).arg(self.keys.len());
        command.arg(self.keys.as_slice());
        command.arg(first).arg(self.args.as_slice());
        command
    }
}

/// Opens a shard; the server's identity is yet to come.
pub(super) fn open(shard: Shard, durable: bool, acknowledge: bool) -> Request {
    let flag = |it| if it { b"1".to_vec() } else { b"0".to_vec() };
    Request {
        shard,
        script: &OPEN,
        keys: vec![shard.epoch()],
        args: vec![flag(durable), flag(acknowledge)],
    }
}
