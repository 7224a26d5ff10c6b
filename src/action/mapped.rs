//! What a service says that a call does.

use super::action::Action;

/// What a service says that a call does: its actions, and whether it reads what is untrusted.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::action::{Action, Effect};
/// use bailiwick::gate::Mapped;
/// let read = Action::new("mail".parse()?, "mail.read".parse()?, Effect::Read, "inbox/7".parse()?);
/// assert!(!Mapped::from(vec![read.clone()]).reads_untrusted());
/// // Anybody may have written that mail.
/// assert!(Mapped::from(vec![read]).reading_untrusted().reads_untrusted());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    actions: Vec<Action>,
    untrusted: bool,
}

impl Mapped {
    /// Says that what the call gives back was written by whoever. From then on the task is tainted,
    /// and requirements apply that say `when_tainted`; also to the other actions of this call.
    pub fn reading_untrusted(mut self) -> Self {
        self.untrusted = true;
        self
    }

    /// The actions.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The actions, given away.
    pub(crate) fn into_actions(self) -> Vec<Action> {
        self.actions
    }

    /// Whether it reads what is untrusted.
    pub fn reads_untrusted(&self) -> bool {
        self.untrusted
    }
}

impl From<Vec<Action>> for Mapped {
    fn from(actions: Vec<Action>) -> Self {
        Self {
            actions,
            untrusted: false,
        }
    }
}

impl From<Action> for Mapped {
    fn from(action: Action) -> Self {
        Self::from(vec![action])
    }
}
