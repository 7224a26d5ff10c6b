//! Which labels a scope reads.

use super::{Capability, Constraint, Label, Matcher, Pattern, Requirement, Scope};

impl Scope {
    /// The labels under which values must be noted for a capability to grant them.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &Label> {
        let capabilities = self.allow().unwrap_or_default().iter();
        capabilities.flat_map(|it: &Capability| labels(it.arguments(), it.attributes()))
    }

    /// The labels that decide whether a deny entry or a requirement applies.
    ///
    /// A holder chooses what it presents, so a note says that a value was given, and none ever says
    /// that another was not. By these labels nothing noted may be taken for the whole truth.
    pub(crate) fn labels_in_doubt(&self) -> impl Iterator<Item = &Label> {
        let required = self.require().iter().map(Requirement::pattern);
        let patterns = self.deny().iter().chain(required);
        patterns.flat_map(|it: &Pattern| labels(it.arguments(), it.attributes()))
    }
}

fn labels<'a>(
    arguments: &'a [Constraint],
    attributes: &'a [Constraint],
) -> impl Iterator<Item = &'a Label> {
    let constraints = arguments.iter().chain(attributes);
    constraints.filter_map(|constraint| match constraint.matcher() {
        Matcher::From(label) => Some(label),
        _ => None,
    })
}
