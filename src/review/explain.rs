//! Why one case is allowed or refused, hop by hop.

use std::fmt;

use super::case::Case;
use crate::scope::{Layers, Origin, Reason};

/// What each scope says of one case. See [`explain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    hops: Vec<Hop>,
}

/// What one scope says of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hop {
    /// Whose scope it is.
    pub origin: Origin,
    /// Why it refuses; nothing if it allows.
    pub reasons: Vec<Reason>,
}

/// Explains why layers allow or refuse a case, with the reasons that the evaluator gives.
///
/// ```
/// use bailiwick::action::{Action, Effect};
/// use bailiwick::clock::Timestamp;
/// use bailiwick::review::{Case, explain};
/// use bailiwick::scope::{Capability, Layers, Scope};
/// let reads = |resource| Scope::builder().allow(Capability::operation("forum.read", resource)?).build();
/// let blocks = [reads("forum/**")?, reads("forum/thread/42")?];
/// let thread = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Read, "forum/thread/43".parse()?);
/// let case = Case::new(thread, Timestamp::from_unix_seconds(1_800_000_000)?);
///
/// let explanation = explain(&Layers::blocks(&blocks), &case);
/// assert!(!explanation.is_allowed());
/// assert_eq!(
///     explanation.to_string(),
///     "block 0 allows it\n\
///      block 1 refuses it: resource `forum/thread/43` is outside `forum/thread/42` of block 1",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(layers: &Layers<'_>, case: &Case) -> Explanation {
    let mut hops: Vec<Hop> = layers
        .iter()
        .map(|(origin, _)| Hop {
            origin,
            reasons: Vec::new(),
        })
        .collect();
    for reason in case.reasons(layers) {
        let own = hops.iter_mut().find(|hop| hop.origin == reason.origin);
        if let Some(hop) = own {
            hop.reasons.push(reason);
        }
    }
    Explanation { hops }
}

impl Explanation {
    /// What each scope says, in the order of the layers.
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// Whether every scope allows it, and there is a block that grants anything.
    pub fn is_allowed(&self) -> bool {
        let is_block = |hop: &Hop| matches!(hop.origin, Origin::Block(_));
        self.hops.iter().any(is_block) && self.hops.iter().all(|hop| hop.reasons.is_empty())
    }
}

/// One line for a scope that allows, one for each reason of one that refuses.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        for Hop { origin, reasons } in &self.hops {
            if reasons.is_empty() {
                lines.push(format!("{origin} allows it"));
            }
            let refusals = reasons
                .iter()
                .map(|it| format!("{origin} refuses it: {it}"));
            lines.extend(refusals);
        }
        f.write_str(&lines.join("\n"))
    }
}
