//! Which actions a deny entry or a requirement speaks of.

use super::capability::unique;
use super::{Capability, Constraint, Matcher, OperationPattern, ResourcePattern, ScopeError};
use crate::action::Effect;

/// Which actions a deny entry or a requirement speaks of. Unlike a [`Capability`] it **matches
/// when in doubt**: it is open, every `*` means any element, and a path that is absent or of
/// another type matches ([`Constraint::if_present`] says that absence does not), as does a label
/// that nothing was noted under. Each constraint is judged by itself, and one definite no decides.
///
/// ```
/// use bailiwick::scope::{Matcher, Pattern};
/// // Every action that sends to a list with anybody outside, or to no list at all.
/// let outside = Pattern::any().operation("mail.send")?.argument("to.*", Matcher::text("*@evil.com")?)?;
/// assert!(Pattern::any().operation("mail send").is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Pattern {
    operation: Option<OperationPattern>,
    effect: Option<Effect>,
    resource: Option<ResourcePattern>,
    arguments: Vec<Constraint>,
    attributes: Vec<Constraint>,
}

impl Pattern {
    /// Every action; narrow it from here.
    pub fn any() -> Self {
        Self::default()
    }

    /// Only this operation (`forum.read`) or this sub-tree (`forum.*`).
    ///
    /// # Errors
    ///
    /// [`ScopeError::OperationPattern`].
    pub fn operation(self, operation: &str) -> Result<Self, ScopeError> {
        Ok(self.with_operation(operation.parse()?))
    }

    /// Only these operations.
    pub fn with_operation(mut self, operation: OperationPattern) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Only actions with this effect.
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// Only these resources.
    ///
    /// # Errors
    ///
    /// [`ScopeError::ResourcePattern`].
    pub fn resource(self, resource: &str) -> Result<Self, ScopeError> {
        Ok(self.with_resource(resource.parse()?))
    }

    /// Only these resources.
    pub fn with_resource(mut self, resource: ResourcePattern) -> Self {
        self.resource = Some(resource);
        self
    }

    /// Not where the argument at `path` definitely fails `matcher`.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`], [`ScopeError::Duplicate`].
    pub fn argument(self, path: &str, matcher: Matcher) -> Result<Self, ScopeError> {
        self.with_argument(Constraint::new(path, matcher)?)
    }

    /// Not where the attribute at `path` definitely fails `matcher`.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`], [`ScopeError::Duplicate`].
    pub fn attribute(self, path: &str, matcher: Matcher) -> Result<Self, ScopeError> {
        self.with_attribute(Constraint::new(path, matcher)?)
    }

    /// One more constraint on the arguments. What only a capability can say (`optional`, `some`)
    /// is dropped.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Duplicate`] if the very constraint stands here already.
    pub fn with_argument(mut self, constraint: Constraint) -> Result<Self, ScopeError> {
        self.arguments
            .push(unique(constraint.in_doubt(), &self.arguments)?);
        Ok(self)
    }

    /// One more constraint on the attributes. What only a capability can say is dropped.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Duplicate`] if the very constraint stands here already.
    pub fn with_attribute(mut self, constraint: Constraint) -> Result<Self, ScopeError> {
        self.attributes
            .push(unique(constraint.in_doubt(), &self.attributes)?);
        Ok(self)
    }

    /// The operations, if they are named.
    pub fn operation_pattern(&self) -> Option<&OperationPattern> {
        self.operation.as_ref()
    }

    /// The effect, if it is named.
    pub fn effect(&self) -> Option<Effect> {
        self.effect
    }

    /// The resources, if they are named.
    pub fn resource_pattern(&self) -> Option<&ResourcePattern> {
        self.resource.as_ref()
    }

    /// The constraints on arguments.
    pub fn arguments(&self) -> &[Constraint] {
        &self.arguments
    }

    /// The constraints on attributes.
    pub fn attributes(&self) -> &[Constraint] {
        &self.attributes
    }

    /// Whether it matches every action.
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

/// A condition that is written on an `allow` line is a requirement with that line's pattern.
///
/// It reads no label: what an agent does not show would turn a requirement off, so it applies whatever was noted.
impl From<&Capability> for Pattern {
    fn from(capability: &Capability) -> Self {
        let mut pattern = Self {
            operation: capability.target().operation().cloned(),
            effect: capability.target().effect(),
            resource: Some(capability.resource().clone()),
            ..Self::default()
        };
        let add = |to: &mut Vec<Constraint>, from: &[Constraint]| {
            let reads_label = |it: &&Constraint| matches!(it.matcher(), Matcher::From(_));
            let plain = from.iter().filter(|it| !reads_label(it)).cloned();
            for constraint in plain.map(Constraint::in_doubt) {
                if !to.contains(&constraint) {
                    to.push(constraint);
                }
            }
        };
        add(&mut pattern.arguments, capability.arguments());
        add(&mut pattern.attributes, capability.attributes());
        pattern
    }
}
