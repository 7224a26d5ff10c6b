//! What the service knows, and the caller never says.

use super::error::MapError;
use super::spec::OperationSpec;
use crate::action::{Resource, Tree};

/// What attributes are asked for: what an action of the call touches, before they are added.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub(super) spec: &'a OperationSpec,
    pub(super) resource: &'a Resource,
    pub(super) arguments: &'a Tree,
}

impl<'a> Asked<'a> {
    /// What the catalog says of the operation.
    #[must_use]
    pub const fn operation(&self) -> &'a OperationSpec {
        self.spec
    }

    /// What it touches.
    #[must_use]
    pub const fn resource(&self) -> &'a Resource {
        self.resource
    }

    /// Its arguments.
    #[must_use]
    pub const fn arguments(&self) -> &'a Tree {
        self.arguments
    }
}

/// What the service knows of what an action touches: a closure, or [`NoAttributes`].
///
/// Values are written as a caller would write them: the catalog's types read them.
///
/// ```
/// use bailiwick::action::Tree;
/// use bailiwick::catalog::{Asked, Attributes, MapError};
///
/// fn owners() -> impl Attributes {
///     |asked: Asked<'_>| {
///         let owner = match asked.resource().to_string().as_str() {
///             "mail/inbox/7" => "ada@example.com",
///             other => return Err(MapError::not_found(other)),
///         };
///         Tree::from_pairs([("owner", owner)]).map_err(|error| MapError::attributes_unavailable(&error.to_string()))
///     }
/// }
/// # owners();
/// ```
///
/// # Security
///
/// Never take them from the call: scopes take them for what is true of what is touched.
pub trait Attributes {
    /// The attributes of one action. Asked only of operations whose catalog declares any.
    ///
    /// # Errors
    ///
    /// [`MapError`], which refuses the call.
    fn look_up(&self, asked: Asked<'_>) -> Result<Tree, MapError>;
}

impl<F: Fn(Asked<'_>) -> Result<Tree, MapError>> Attributes for F {
    fn look_up(&self, asked: Asked<'_>) -> Result<Tree, MapError> {
        self(asked)
    }
}

/// For a service whose catalog declares no attributes. Where it does, the call is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAttributes;

impl Attributes for NoAttributes {
    fn look_up(&self, _: Asked<'_>) -> Result<Tree, MapError> {
        Ok(Tree::empty())
    }
}
