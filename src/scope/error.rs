//! What a scope refuses to say.

use std::time::Duration;

/// Why something is not part of a scope. Widening, contradiction and doubt are refused when a
/// scope is written, not when it is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// Not an operation, nor a sub-tree of operations.
    #[error("`{}` is neither an operation nor a sub-tree such as `forum.*`", .0.escape_debug())]
    OperationPattern(String),
    /// Not a resource pattern.
    #[error("`{}` is not a resource pattern", .0.escape_debug())]
    ResourcePattern(String),
    /// Not a path.
    #[error("`{}` is not a path that can be used here", .0.escape_debug())]
    Path(String),
    /// Not a text with exactly one `*`.
    #[error("`{}` does not have exactly one `*`", .0.escape_debug())]
    Wildcard(String),
    /// Not a label.
    #[error("`{}` is not a label", .0.escape_debug())]
    Label(String),
    /// Not a budget name.
    #[error("`{}` is not the name of a budget", .0.escape_debug())]
    BudgetName(String),
    /// Nothing lies in the range.
    #[error("the range is empty: its least value is over its greatest")]
    EmptyRange,
    /// The range has no end.
    #[error("the range has neither a least nor a greatest value")]
    UnboundedRange,
    /// No decimal has this scale.
    #[error("no decimal has scale {0}")]
    Scale(u8),
    /// The choices are not one or more different values of one type.
    #[error("choices must be different values of one type: {0}")]
    Choices(&'static str),
    /// `some` speaks of a list.
    #[error("`some` needs a `*` in its path, and `{}` has none", .0.escape_debug())]
    SomeWithoutList(String),
    /// `if_present` stands in a capability.
    #[error("`if_present` at `{}` does not belong into a capability", .0.escape_debug())]
    IfPresent(String),
    /// The very same thing stands twice.
    #[error("`{}` stands twice", .0.escape_debug())]
    Duplicate(String),
    /// The approvers make no sense.
    #[error("approvers cannot be used: {0}")]
    Approvers(&'static str),
    /// A budget's cap is below 1.
    #[error("a budget of {0} lets nothing through")]
    Cap(i64),
    /// A budget's window is not a whole number of seconds.
    #[error("a budget's window is 1 to 4294967295 whole seconds, not {0:?}")]
    Window(Duration),
    /// `allow = []`: leave it out of a later block, or grant something.
    #[error("an empty allow list grants nothing")]
    EmptyAllow,
    /// A deny entry that names nothing.
    #[error("a deny entry that names nothing denies everything")]
    EmptyDeny,
    /// An empty list of audiences.
    #[error("an empty audience list admits no service")]
    EmptyAudience,
    /// The window ends before it starts.
    #[error("the time window ends before it starts")]
    EmptyWindow,
    /// More than the format carries.
    #[error("{what}: {found} are more than {limit}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many.
        found: usize,
        /// The most.
        limit: usize,
    },
}
