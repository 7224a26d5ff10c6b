//! What the sends of one request have in common.

use http::Extensions;
use sha2::{Digest as _, Sha256};

use crate::action::Call;
use crate::present::{AttemptId, NoRandomness};

/// What the sends of one request have in common: kept among its extensions, so that a clone of it
/// that is sent again is the same attempt, and charged once.
///
/// A layer that retries clones a request before ours sees it: begin the attempt before that layer.
///
/// ```
/// use bailiwick::http::Attempt;
///
/// let mut request = http::Request::new(());
/// let attempt = Attempt::begin(request.extensions_mut())?;
/// let mut again = request.clone();
/// assert_eq!(Attempt::begin(again.extensions_mut())?, attempt);
/// # Ok::<(), bailiwick::present::NoRandomness>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt(AttemptId);

impl Attempt {
    /// The attempt that these extensions are of, or a fresh one, which is from now on.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn begin(extensions: &mut Extensions) -> Result<Self, NoRandomness> {
        if let Some(begun) = extensions.get::<Self>() {
            return Ok(*begun);
        }
        let attempt = Self(AttemptId::random()?);
        extensions.insert(attempt);
        Ok(attempt)
    }

    /// An attempt that was begun elsewhere: by an agent that remembers it over a restart.
    pub const fn of(id: AttemptId) -> Self {
        Self(id)
    }

    /// The attempt as a service sees it. A ledger takes one for one call, and a redirect makes
    /// another call of the same request: each call has its own, and the same one each time.
    pub fn id_for(&self, call: &Call) -> AttemptId {
        let digest = Sha256::new()
            .chain_update(b"bailiwick attempt")
            .chain_update(self.0.as_bytes())
            .chain_update(call.digest().as_bytes())
            .finalize();
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        AttemptId::from_bytes(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_of_an_attempt_has_one_id_of_its_own() {
        let call = |path| Call::http("GET", path, None, b"").unwrap();
        let [one, two] = [1, 2].map(|byte| Attempt::of(AttemptId::from_bytes([byte; 16])));
        assert_eq!(one.id_for(&call("/a")), one.id_for(&call("/a")));
        assert_ne!(one.id_for(&call("/a")), one.id_for(&call("/b")));
        assert_ne!(one.id_for(&call("/a")), two.id_for(&call("/a")));
    }
}
