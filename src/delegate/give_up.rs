//! Giving up, for the rest of a task.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::DelegateError;
use crate::action::Effect;
use crate::keys::{HolderKey, KeyError};
use crate::present::{Holder, Presenter};
use crate::scope::{Pattern, Scope};

/// Why nothing was given up: what could be done before can be done still.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DropError {
    /// Somebody else has the key too, or the holder with it, and could go on using it.
    #[error("the key is shared, so that it cannot be destroyed")]
    Shared,
    /// There was no randomness for a new key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token cannot be handed on to the new key.
    #[error(transparent)]
    Delegate(#[from] DelegateError),
}

impl DropError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shared => "key_shared",
            Self::Key(_) => "no_randomness",
            Self::Delegate(error) => error.code(),
        }
    }
}

impl Holder {
    /// Gives up whatever has one of these effects, for good: the token is handed on to a new key that may do everything
    /// else, and the old key is destroyed.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bailiwick::{action::*, clock::*, keys::*, mint::*, present::*, scope::*};
    /// # let (now, key) = (Timestamp::from_unix_seconds(1_800_000_000)?, HolderKey::generate()?);
    /// # let scope = Scope::builder().allow(Capability::operation("forum.*", "forum/**")?).max_depth(2)
    /// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
    /// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
    /// # let issuer = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1));
    /// # let token = issuer.mint(&task, scope, &key.public_key(), now)?.token;
    /// let mut holder = Holder::new(token, key)?;
    /// // From here on, strangers' texts are read.
    /// holder.drop_effects([Effect::Send, Effect::Publish])?;
    ///
    /// // A key that somebody else has too would not be destroyed.
    /// let key = std::sync::Arc::new(HolderKey::generate()?);
    /// # let scope = Scope::builder().allow(Capability::operation("forum.*", "forum/**")?)
    /// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
    /// # let token = issuer.mint(&task, scope, &key.public_key(), now)?.token;
    /// let mut shared = Holder::new(token, key.clone())?;
    /// assert_eq!(shared.drop_effects([Effect::Send]).unwrap_err().code(), "key_shared");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`DropError`]: then nothing was given up.
    ///
    /// # Security
    ///
    /// It is a measure of the runtime, against its own model: it holds as far as nobody kept a copy of the old key or a
    /// presentation that is still fresh, and an issuer can mint the task anew. What services enforce is taint:
    /// [`Requirement::when_tainted`](crate::scope::Requirement::when_tainted). Delegates that were made before keep what
    /// they had.
    pub fn drop_effects(
        &mut self,
        effects: impl IntoIterator<Item = Effect>,
    ) -> Result<(), DropError> {
        if !self.owns_key() {
            return Err(DropError::Shared);
        }
        let (unverified, key) = (self.token().unverified(), HolderKey::generate()?);
        let task = unverified.info().task();
        let name = unverified
            .delegates()
            .last()
            .unwrap_or_else(|| task.agent());
        let effects: BTreeSet<_> = effects.into_iter().collect();
        let denied = effects.into_iter().map(|it| Pattern::any().with_effect(it));
        let scope = Scope::denying(denied.collect());
        let token = self.delegate(&key.public_key(), name.clone(), scope)?;
        self.replace(token, key);
        Ok(())
    }
}

impl Presenter {
    /// As [`Holder::drop_effects`], here and in all clones: in every adapter that presents this token.
    ///
    /// # Errors
    ///
    /// [`DropError`]: then nothing was given up. A [`holder`](Self::holder) that somebody keeps shares the key, and so does a
    /// token source, which would mint the task anew.
    pub fn drop_effects(&self, effects: impl IntoIterator<Item = Effect>) -> Result<(), DropError> {
        self.change(|holder| {
            Arc::get_mut(holder)
                .ok_or(DropError::Shared)?
                .drop_effects(effects)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{agent, hand_on, holder, mint, now, scope, verify};

    #[test]
    fn what_was_given_up_is_gone_and_the_rest_stays() {
        let mut holder = holder(scope());
        let old = holder.public_key();
        holder
            .drop_effects([Effect::Send, Effect::Publish, Effect::Send])
            .unwrap();
        assert_ne!(holder.public_key(), old);
        let contents = holder.token().unverified();
        let denied: Vec<_> = contents.scopes()[1]
            .deny()
            .iter()
            .map(Pattern::effect)
            .collect();
        assert_eq!(denied, [Some(Effect::Publish), Some(Effect::Send)]);
        assert_eq!(contents.delegates(), ["helper".parse().unwrap()]);
        assert!(verify(&holder, now()).is_ok());
        // And more, later, as whoever one is by then.
        let mut scout = hand_on(&holder, 2, Scope::builder());
        scout.drop_effects([Effect::Delete]).unwrap();
        let names = scout.token().unverified().delegates().to_vec();
        assert_eq!(
            names,
            ["helper", "scout", "scout"].map(|name| name.parse().unwrap())
        );
    }

    #[test]
    fn nothing_is_given_up_while_somebody_else_has_the_key() {
        let key = Arc::new(agent(1));
        let mut shared = Holder::new(mint(scope()), key.clone()).unwrap();
        let code = |dropped: Result<(), DropError>| dropped.unwrap_err().code();
        assert_eq!(code(shared.drop_effects([Effect::Send])), "key_shared");
        assert_eq!(shared.token().block_count(), 1);
        let presenter = Presenter::from(holder(scope()));
        let kept = presenter.holder();
        assert_eq!(code(presenter.drop_effects([Effect::Send])), "key_shared");
        drop(kept);
        let clone = presenter.clone();
        presenter.drop_effects([Effect::Send]).unwrap();
        assert_eq!(clone.holder().token().block_count(), 2);
    }

    #[test]
    fn who_may_not_hand_on_cannot_give_up() {
        let mut last = holder(scope().max_depth(0));
        let old = last.public_key();
        let error = last.drop_effects([Effect::Send]).unwrap_err();
        assert_eq!(error.code(), "depth_exceeded");
        assert_eq!(last.public_key(), old);
    }
}
