//! `revoke`: tasks, holders, principals, roots, blocks and approvers.

use bailiwick::action::{Principal, TaskId};
use bailiwick::clock::Timestamp;
use bailiwick::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey};
use bailiwick::revoke::{BlockId, Revocation};
use clap::Args;

use super::kill_list::KillList;
use crate::answer::Answer;
use crate::failure::{Failure, Outcome};

/// Revoke on the signed list, or sign the same list again
#[derive(Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    list: KillList,
    /// Of which root: the public key of an issuer
    #[arg(long, value_name = "KEY")]
    root: Option<IssuerPublicKey>,
    /// A task of the root
    #[arg(long, value_name = "ID", requires = "root")]
    task: Vec<TaskId>,
    /// Everything that the root signed for somebody
    #[arg(long, value_name = "NAME", requires = "root")]
    principal: Vec<Principal>,
    /// Everything that the root signed before a moment
    #[arg(long, value_name = "TIME", requires = "root")]
    issued_before: Option<Timestamp>,
    /// Everything that the root ever signed
    #[arg(long, requires = "root")]
    whole_root: bool,
    /// An agent's public key, with all that it handed on
    #[arg(long, value_name = "KEY")]
    holder: Vec<HolderPublicKey>,
    /// A block, by its id as `bailiwick inspect` shows it, with all below it
    #[arg(long, value_name = "ID", value_parser = block)]
    block: Vec<BlockId>,
    /// An approver's public key
    #[arg(long, value_name = "KEY")]
    approver: Vec<ApproverPublicKey>,
}

fn block(text: &str) -> Result<BlockId, String> {
    let malformed = || "write 64 hex digits in small letters".to_owned();
    let digest: bailiwick::action::ActionDigest = text.parse().map_err(|_| malformed())?;
    Ok(BlockId::from_bytes(*digest.as_bytes()))
}

impl Revoke {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let entries = self.entries();
        if entries.is_empty() && (self.list.release || self.root.is_some()) {
            let what = "nothing is named";
            return Err(Failure::new(
                "nothing_named",
                what,
                "name a --task, --holder or another; see --help",
            ));
        }
        self.list.change(entries, now)
    }

    fn entries(&self) -> Vec<Revocation> {
        let mut entries = Vec::new();
        if let Some(root) = self.root {
            let tasks = self.task.iter().cloned();
            entries.extend(tasks.map(|task| Revocation::Task { root, task }));
            let principals = self.principal.iter().cloned();
            entries.extend(principals.map(|principal| Revocation::Principal { root, principal }));
            entries.extend(
                self.issued_before
                    .map(|time| Revocation::IssuedBefore { root, time }),
            );
            entries.extend(self.whole_root.then_some(Revocation::Root(root)));
        }
        entries.extend(self.holder.iter().copied().map(Revocation::Holder));
        entries.extend(self.block.iter().copied().map(Revocation::Block));
        entries.extend(self.approver.iter().copied().map(Revocation::Approver));
        entries
    }
}
