//! What a service says that a call does.

use super::effect::Effect;
use super::operation::Operation;
use super::resource::Resource;
use super::service::Service;
use super::tree::Tree;

/// What a [`Call`](super::Call) does, in the words of the service that is about to do it. This is what is decided on.
///
/// ```
/// use bailiwick::action::{Action, Effect, Operation, Resource, Service, Tree, Value};
///
/// let publish = Action::new(
///     Service::parse("forum")?,
///     Operation::parse("forum.publish")?,
///     Effect::Publish,
///     Resource::parse("forum/thread/42")?,
/// )
/// .with_arguments(Tree::from_pairs([("text", "It depends.")])?)
/// .with_attributes(Tree::from_pairs([("visibility", "internal")])?);
///
/// assert_eq!(publish.effect(), Effect::Publish);
/// assert_eq!(publish.arguments().root().get("text"), Some(&Value::from("It depends.")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// The resource and the attributes come from what the service is about to execute and from its own look-ups, never
/// from the caller's text alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    service: Service,
    operation: Operation,
    effect: Effect,
    resource: Resource,
    arguments: Tree,
    attributes: Tree,
}

impl Action {
    /// An action without arguments and attributes.
    #[must_use]
    pub const fn new(
        service: Service,
        operation: Operation,
        effect: Effect,
        resource: Resource,
    ) -> Action {
        Action {
            service,
            operation,
            effect,
            resource,
            arguments: Tree::empty(),
            attributes: Tree::empty(),
        }
    }

    /// The same action with these arguments.
    #[must_use]
    pub fn with_arguments(self, arguments: Tree) -> Action {
        Action { arguments, ..self }
    }

    /// The same action with these attributes of what it touches.
    #[must_use]
    pub fn with_attributes(self, attributes: Tree) -> Action {
        Action { attributes, ..self }
    }

    /// Who is about to do it.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// What is done.
    #[must_use]
    pub const fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What trace it leaves.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// What it touches.
    #[must_use]
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// What the tool receives.
    #[must_use]
    pub const fn arguments(&self) -> &Tree {
        &self.arguments
    }

    /// What the service knows of what is touched.
    #[must_use]
    pub const fn attributes(&self) -> &Tree {
        &self.attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_an_action_serializes_as_text() {
        let action = Action::new(
            Service::parse("https://forum.example").unwrap(),
            Operation::parse("forum.read").unwrap(),
            Effect::Read,
            Resource::parse("forum/thread/42").unwrap(),
        );
        let parts = (
            action.service(),
            action.operation(),
            action.effect(),
            action.resource(),
            action.resource().segments().last(),
        );
        assert_eq!(
            serde_json::to_string(&parts).unwrap(),
            r#"["https://forum.example","forum.read","read","forum/thread/42","42"]"#
        );
    }

    #[test]
    fn arguments_and_attributes_are_kept_apart() {
        let tree = Tree::from_pairs([("a", 1)]).unwrap();
        let action = Action::new(
            Service::parse("s").unwrap(),
            Operation::parse("o").unwrap(),
            Effect::Read,
            Resource::parse("r").unwrap(),
        );
        let with_arguments = action.clone().with_arguments(tree.clone());
        assert_eq!(with_arguments.arguments(), &tree);
        assert_eq!(with_arguments.attributes(), &Tree::empty());
        let with_attributes = action.with_attributes(tree.clone());
        assert_eq!(with_attributes.attributes(), &tree);
        assert_eq!(with_attributes.arguments(), &Tree::empty());
        assert_ne!(with_arguments, with_attributes);
    }
}
