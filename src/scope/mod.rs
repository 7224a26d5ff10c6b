//! What may be done: patterns, constraints, conditions, and the evaluator.
//!
//! In come scopes (from a token's blocks, a root's ceiling, a service's house rules), the actions
//! of one call, and what is known beside them; out comes a [`Verdict`]. Nothing is touched: no
//! clock, no store, no allocation where the verdict is to allow.
//!
//! # The exact meaning
//!
//! **A constraint speaks of the value at its path**, and each is judged by itself, in order.
//!
//! *Strictly* (capabilities): a key step wants an object, a `*` step a list; another type on the
//! way does not match. A decimal and any other number are scalars, never objects. Where a key is
//! absent on the way, the constraint holds exactly if it is optional; null is not absence. Every
//! element of every list must match; under `some` at least one of the innermost list, all of the
//! outer ones. An empty list matches exactly if the same pattern has a count for the same list
//! path that allows 0 (and the constraint is not `some` of that very list: of nothing, none is
//! some).
//!
//! *Closed* capabilities: every object that stands at a proper prefix of a constrained path,
//! the root included, has no member but those that some constraint of the capability names there.
//!
//! *In doubt* (deny entries, requirements): whatever is of another type than the path or the
//! matcher expects matches, as does a decimal of another scale and a label under which nothing was
//! noted. Absence matches unless the constraint says `if_present`. Any element of any list that
//! matches in doubt is enough; an empty list matches exactly if the same pattern has a count for
//! it that allows 0. Such patterns are open.
//!
//! **Whatever matches strictly matches in doubt.**
//!
//! A budget without a pattern counts every action. Its amount must be an `integer`, or a `decimal`
//! of its scale, above 0.

#[cfg(test)]
mod arbitrary;
mod bounds;
mod capability;
mod case;
mod closed;
mod constraint;
mod context;
mod doubt;
mod error;
mod evaluate;
mod explain;
mod label;
mod lists;
mod matcher;
mod noted;
mod operation;
mod path;
mod pattern;
mod reason;
mod requirement;
mod resource;
mod scalar;
#[allow(clippy::module_inception)]
mod scope;
mod strict;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod wording;

pub use bounds::{Bounds, DecimalRange, IntRange};
pub use capability::{Capability, Closure, Target};
pub(crate) use case::amount;
pub(crate) use closed::{next, unnamed};
pub use constraint::{Constraint, Presence, Quantifier};
pub use context::{Context, Layers, Origin, Possession, Seen, Spending, Spent};
pub(crate) use doubt::{decides, may_hold, pattern_matches};
pub use error::ScopeError;
pub use evaluate::{Due, DueKind, Dues, Verdict, evaluate};
pub use label::{BudgetName, Label};
pub(crate) use lists::{EmptyLists, is_innermost};
pub use matcher::Matcher;
pub use operation::OperationPattern;
pub(crate) use operation::OperationView;
pub use path::{Path, Step};
pub use pattern::Pattern;
pub use reason::{Clause, Missing, Reason, ReasonCode};
pub use requirement::{ApprovalRule, ApproverGroup, Budget, Condition, Measure, Requirement, When};
pub use resource::{ResourcePattern, SegmentPattern, Tail};
pub(crate) use scalar::ScalarType;
pub use scalar::{Choices, Scalar};
pub use scope::{Scope, ScopeBuilder, Window};
pub(crate) use strict::{holds, satisfies};
pub use text::TextPattern;
