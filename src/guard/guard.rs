//! A gate that knows what tools do.

use std::fmt;
use std::sync::Arc;

use super::{HeldGuard, Tools};
use crate::action::{Call, ToolCall, ToolName};
use crate::catalog::{Notary, Noting};
use crate::gate::{Admission, Gate, Permit, Refusal};
use crate::ledger::{AsyncLedger, Ledger};
use crate::present::Presenter;
use crate::verify::Verified;

/// A gate that knows what tools do: the service's half of every adapter for agents. Cheap to clone.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::{sync::Arc, time::Duration};
/// # use bailiwick::{action::*, clock::*, gate::*, guard::*, keys::*, ledger::*, mint::*, present::*, scope::*, verify::*};
/// # let start = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let clock = Arc::new(FixedClock::new(Timestamp::from_unix_seconds(1_800_000_060)?));
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), start..end);
/// # let scope = Scope::builder().allow(Capability::operation("mail.read", "inbox/*")?)
/// #     .audience("mail.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "tidy the inbox", "ada@example.com", "helper")?;
/// # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), start)?.token;
/// # let holder = Holder::new(token, agent)?;
/// # let mail: Service = "mail.example".parse()?;
/// # let gate = Gate::new(Verifier::new(mail.clone(), KeyRing::new([root])?), ForgetfulLedger::started_at(start))
/// #     .with_clock(clock.clone());
/// let tools = |call: &ToolCall, _: &Verified| -> Result<Action, Unmapped> {
///     let of = |operation: &str, effect| {
///         let Some(Value::Text(id)) = call.arguments().get("id") else {
///             return Err(Unmapped::because("`id` is missing"));
///         };
///         let mail = Resource::from_segments(["inbox", id.as_str()]).map_err(Unmapped::because)?;
///         let operation = operation.parse().map_err(Unmapped::because)?;
///         Ok(Action::new("mail.example".parse().map_err(Unmapped::because)?, operation, effect, mail))
///     };
///     match call.name().as_str() {
///         "read_mail" => of("mail.read", Effect::Read),
///         "delete_mail" => of("mail.delete", Effect::Delete),
///         _ => Err(Unmapped::because("no such tool")),
///     }
/// };
/// let guard = Guard::new(gate, tools);
///
/// // In a service, what arrived is admitted. In the agent's process, the guard holds the token too:
/// let guard = guard.held_by(holder).with_clock(clock);
/// let seven = Tree::from_pairs([("id", "7")])?;
/// let read = guard.run("read_mail", seven.clone(), |permit| permit.actions()[0].resource().to_string());
/// assert_eq!(read?, "inbox/7");
///
/// let deleted = guard.run("delete_mail", seven, |_| unreachable!());
/// assert_eq!(deleted.unwrap_err().code(), "operation_not_granted");
/// # Ok(())
/// # }
/// ```
pub struct Guard<L, T> {
    gate: Arc<Gate<L>>,
    tools: Arc<T>,
    notary: Option<Notary>,
}

impl<L, T> Guard<L, T> {
    /// The gate.
    pub fn gate(&self) -> &Gate<L> {
        &self.gate
    }

    /// Signs what this notary's catalog notes of the tools' answers.
    pub fn with_notary(mut self, notary: Notary) -> Self {
        self.notary = Some(notary);
        self
    }

    /// What is to be noted of the answer to this permit, if anything is. To be asked before a tool takes the permit.
    pub fn expect(&self, permit: &Permit) -> Option<Noting> {
        self.notary.as_ref()?.expect(permit)
    }
}

impl<L, T: Tools> Guard<L, T> {
    /// Guards the tools that these words describe.
    pub fn new(gate: impl Into<Arc<Gate<L>>>, tools: impl Into<Arc<T>>) -> Self {
        Self {
            gate: gate.into(),
            tools: tools.into(),
            notary: None,
        }
    }

    /// Together with the token of one task, for tools that run beside the agent.
    pub fn held_by(&self, holder: impl Into<Presenter>) -> HeldGuard<L, T> {
        HeldGuard::new(self.clone(), holder.into())
    }

    /// Who asks, where the answer depends on the token and nothing is done: a list of tools.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if the presentation proves nothing.
    pub fn identify(&self, presentation: &str, call: &ToolCall) -> Result<Verified, Refusal> {
        self.gate.identify(presentation, &Call::Tool(call.clone()))
    }

    /// Whether some call of this tool could be permitted to them.
    pub fn offers(&self, tool: &ToolName, verified: &Verified) -> bool {
        self.tools.offers(tool, verified)
    }
}

impl<L: Ledger, T: Tools> Guard<L, T> {
    /// Admits a call of a tool, or says why not.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code.
    pub fn admit(&self, presentation: &str, call: &ToolCall) -> Result<Admission, Refusal> {
        let does = |verified: &Verified| self.tools.map(call, verified);
        self.gate
            .admit_with(presentation, &Call::Tool(call.clone()), does)
    }
}

impl<L: AsyncLedger, T: Tools> Guard<L, T> {
    /// As [`admit`](Self::admit), with a ledger that is waited for.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code.
    pub async fn admit_async(
        &self,
        presentation: &str,
        call: &ToolCall,
    ) -> Result<Admission, Refusal> {
        let does = |verified: Verified| std::future::ready(self.tools.map(call, &verified));
        let whole = Call::Tool(call.clone());
        self.gate.admit_async_with(presentation, &whole, does).await
    }
}

impl<L, T> Clone for Guard<L, T> {
    fn clone(&self) -> Self {
        Self {
            gate: self.gate.clone(),
            tools: self.tools.clone(),
            notary: self.notary.clone(),
        }
    }
}

impl<L, T> fmt::Debug for Guard<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("gate", &self.gate)
            .finish_non_exhaustive()
    }
}
