//! Approvals: a person, or a program, says yes to exactly these actions.
//!
//! A gate that wants an approval answers with an [`ApprovalRequest`]. The agent signs it
//! ([`Holder::ask`](crate::present::Holder::ask)) and sends its text to whoever may approve. There an
//! [`Approver`] verifies it before anything is shown, shows every argument in full, and answers with
//! an [`Approval`] or a [`Declined`]. The agent keeps a [`Waiting`] until it is [`WaitState::Approved`],
//! and [presents](crate::present::Presentation::with_approvals) the approvals beside its proof.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use std::time::Duration;
//! # use bailiwick::{action::*, approve::*, clock::Timestamp, keys::*, mint::*, present::*, revoke::*, scope::*, verify::*};
//! # let now = Timestamp::from_unix_seconds(1_800_000_000)?;
//! # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
//! # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
//! # let ring = KeyRing::new([Root::new(RootKeyId::new(1), issuer.public_key(), now..end)])?;
//! // The reviewer of replies is a program: it approves a text without an e-mail address in it.
//! let reviewer = Approver::new(ApproverKey::generate()?, ring.clone());
//! let review = |text: &str| -> Result<Answer, Box<dyn std::error::Error>> {
//!     let asked = reviewer.open(text, now)?;
//!     let harmless = asked.actions().iter().all(|action| {
//!         let text = action.arguments().get("text").and_then(Value::as_text);
//!         text.is_some_and(|text| !text.contains('@'))
//!     });
//!     Ok(if harmless {
//!         reviewer.approve(&asked, Duration::from_secs(300), now)?.into()
//!     } else {
//!         reviewer.decline(&asked, now)?.into()
//!     })
//! };
//!
//! // The token grants publishing with the reviewer's approval alone.
//! let publish = Capability::operation("forum.publish", "forum/thread/42")?;
//! let approval = Condition::Approval(ApprovalRule::any_of([reviewer.public_key()])?);
//! # let forum: Service = "forum.example".parse()?;
//! let scope = Scope::builder().allow_with(publish, approval)
//! #   .audience(forum.clone()).not_after(end).build()?;
//! # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
//! # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
//! # let agent = Holder::new(token, agent)?;
//! # let verifier = Verifier::new(forum.clone(), ring);
//! # let call = Call::tool("publish".parse()?, Tree::empty());
//! # let verified = verifier.verify(&agent.present(&forum, &call, now)?.to_text(), &call, now, &RevocationSet::default())?;
//! # let reply = |text: &str| -> Result<Action, Box<dyn std::error::Error>> {
//! #     Ok(Action::new(forum.clone(), "forum.publish".parse()?, Effect::Publish, "forum/thread/42".parse()?)
//! #         .with_arguments(Tree::from_pairs([("text", text)])?))
//! # };
//! # let request = |text: &str| -> Result<_, Box<dyn std::error::Error>> {
//! #     Ok(ApprovalRequest::new(&verified, vec![reply(text)?], Duration::from_secs(600))?)
//! # };
//! // The agent asks for what the service wants approved.
//! let mut waiting = Waiting::new(agent.ask(&request("It depends.")?, now)?);
//! waiting.receive(review(&waiting.request().to_text())?, now)?;
//! assert!(matches!(waiting.state(now), WaitState::Approved(_)));
//!
//! let mut waiting = Waiting::new(agent.ask(&request("Ask ada@example.com.")?, now)?);
//! waiting.receive(review(&waiting.request().to_text())?, now)?;
//! assert!(matches!(waiting.state(now), WaitState::Denied { .. }));
//! # Ok(())
//! # }
//! ```
//!
//! A [`Directory`] says who the approvers are, and which of them are revoked. What is approved once
//! is used once: the ledger sees to that, not this room.
//!
//! In come requests, answers and a time; out go texts that are signed. This room touches the key that
//! it is handed, and the randomness of the operating system.

mod answer;
mod answered;
mod approval;
mod approver;
mod approvers;
mod ask;
mod asked;
mod collected;
mod contents;
mod declined;
mod directory;
mod error;
mod request;
mod rules;
mod show;
#[cfg(test)]
mod tests;
mod waiting;

pub use answer::{Answer, AnswerTextError};
pub use approval::{Approval, ApprovalWireError};
pub use approver::{ApproveError, Approver};
pub use approvers::{ApproverStanding, Approvers};
pub use ask::{AskError, SignedRequest};
pub use asked::VerifiedRequest;
pub use collected::Collected;
pub use contents::{NewRequestError, RequestContentsError};
pub use declined::Declined;
pub use directory::{Directory, DirectoryEntry, DirectoryError, EntryState, SignedDirectory};
pub use error::{RequestError, RequestWireError};
pub use request::{ApprovalRequest, RequestId};
pub(crate) use rules::is_in_chain;
pub use waiting::{AnswerError, Missing, ResumeError, WaitState, Waiting};
