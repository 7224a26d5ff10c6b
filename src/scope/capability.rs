//! One kind of action that is granted.

use super::{Constraint, Matcher, OperationPattern, Presence, ResourcePattern, ScopeError};
use crate::action::Effect;

/// One kind of action that is granted: an operation, an effect, or both, on a resource, with
/// constraints on arguments and attributes.
///
/// A capability that constrains any argument is closed: an argument that it does not name is
/// refused, at the root and in every object on a constrained path, unless it is
/// [open](Self::open_arguments). One that constrains none leaves the arguments free. Attributes
/// are never closed.
///
/// ```
/// use bailiwick::scope::{Capability, Matcher};
/// let send = Capability::operation("mail.send", "outbox/*")?
///     .argument("to.*", Matcher::text("*@corp.com")?)?
///     .optional_argument("subject", Matcher::text_length(0, 200)?)?;
/// assert!(Capability::operation("Mail.Send", "outbox/*").is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Capability {
    target: Target,
    resource: ResourcePattern,
    arguments: Vec<Constraint>,
    closure: Closure,
    attributes: Vec<Constraint>,
}

/// The kind of action: an operation, an effect, or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Operations, whatever their effect.
    Operation(OperationPattern),
    /// An effect, whatever the operation.
    Effect(Effect),
    /// Operations, and only with this effect.
    Both(OperationPattern, Effect),
}

impl Target {
    /// The operations, if they are named.
    pub fn operation(&self) -> Option<&OperationPattern> {
        match self {
            Self::Operation(operation) | Self::Both(operation, _) => Some(operation),
            Self::Effect(_) => None,
        }
    }

    /// The effect, if it is named.
    pub fn effect(&self) -> Option<Effect> {
        match self {
            Self::Effect(effect) | Self::Both(_, effect) => Some(*effect),
            Self::Operation(_) => None,
        }
    }
}

/// Whether arguments that a capability does not name are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closure {
    /// They are refused wherever any argument is constrained.
    Closed,
    /// They are let through.
    Open,
}

impl Capability {
    /// The actions of `target` on `resource`.
    pub fn new(target: Target, resource: ResourcePattern) -> Self {
        Self {
            target,
            resource,
            arguments: Vec::new(),
            closure: Closure::Closed,
            attributes: Vec::new(),
        }
    }

    /// An operation (`forum.read`) or a sub-tree of them (`forum.*`) on a resource pattern.
    ///
    /// # Errors
    ///
    /// [`ScopeError::OperationPattern`] and [`ScopeError::ResourcePattern`].
    pub fn operation(operation: &str, resource: &str) -> Result<Self, ScopeError> {
        Ok(Self::new(
            Target::Operation(operation.parse()?),
            resource.parse()?,
        ))
    }

    /// Every operation with this effect on a resource pattern.
    ///
    /// # Errors
    ///
    /// [`ScopeError::ResourcePattern`].
    pub fn effect(effect: Effect, resource: &str) -> Result<Self, ScopeError> {
        Ok(Self::new(Target::Effect(effect), resource.parse()?))
    }

    /// Narrows to actions that also have this effect.
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.target = match self.target {
            Target::Operation(operation) | Target::Both(operation, _) => {
                Target::Both(operation, effect)
            }
            Target::Effect(_) => Target::Effect(effect),
        };
        self
    }

    /// The argument at `path` must be present and satisfy `matcher`.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`].
    pub fn argument(self, path: &str, matcher: Matcher) -> Result<Self, ScopeError> {
        self.with_argument(Constraint::new(path, matcher)?)
    }

    /// The argument at `path` may be absent, and must satisfy `matcher` if it is not.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`].
    pub fn optional_argument(self, path: &str, matcher: Matcher) -> Result<Self, ScopeError> {
        self.with_argument(Constraint::new(path, matcher)?.optional())
    }

    /// The attribute at `path` must be present and satisfy `matcher`.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`].
    pub fn attribute(self, path: &str, matcher: Matcher) -> Result<Self, ScopeError> {
        self.with_attribute(Constraint::new(path, matcher)?)
    }

    /// One more constraint on the arguments.
    ///
    /// # Errors
    ///
    /// [`ScopeError::IfPresent`]: in a capability it is `optional` that speaks of absence.
    /// [`ScopeError::Duplicate`] if the very constraint stands here already.
    pub fn with_argument(mut self, constraint: Constraint) -> Result<Self, ScopeError> {
        self.arguments.push(strict(constraint, &self.arguments)?);
        Ok(self)
    }

    /// One more constraint on the attributes.
    ///
    /// # Errors
    ///
    /// As [`Capability::with_argument`].
    pub fn with_attribute(mut self, constraint: Constraint) -> Result<Self, ScopeError> {
        self.attributes.push(strict(constraint, &self.attributes)?);
        Ok(self)
    }

    /// Lets arguments through that it does not name.
    pub fn open_arguments(mut self) -> Self {
        self.closure = Closure::Open;
        self
    }

    /// The kind of action.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The resources.
    pub fn resource(&self) -> &ResourcePattern {
        &self.resource
    }

    /// The constraints on arguments.
    pub fn arguments(&self) -> &[Constraint] {
        &self.arguments
    }

    /// Whether arguments that it does not name are refused. Without a constraint on an argument
    /// nothing is named and nothing is refused: then this is [`Closure::Open`].
    pub fn closure(&self) -> Closure {
        if self.arguments.is_empty() {
            Closure::Open
        } else {
            self.closure
        }
    }

    /// The constraints on attributes.
    pub fn attributes(&self) -> &[Constraint] {
        &self.attributes
    }

    /// One meaning, one spelling: what is open anyway is not said to be.
    pub(super) fn normalize(&mut self) {
        self.closure = self.closure();
    }
}

fn strict(constraint: Constraint, others: &[Constraint]) -> Result<Constraint, ScopeError> {
    if constraint.presence() == Presence::IfPresent {
        return Err(ScopeError::IfPresent(constraint.path().to_string()));
    }
    unique(constraint, others)
}

pub(super) fn unique(
    constraint: Constraint,
    others: &[Constraint],
) -> Result<Constraint, ScopeError> {
    if others.contains(&constraint) {
        return Err(ScopeError::Duplicate(constraint.path().to_string()));
    }
    Ok(constraint)
}
