//! What a catalog says of one operation.

use std::collections::BTreeMap;

use super::field::NoteField;
use super::kind::{Misread, Type, Why};
use super::routes::{HttpRoute, ToolRoute};
use super::template::Template;
use crate::action::{Effect, Key, Operation, Value};
use crate::scope::Label;

/// What a catalog says of one operation.
///
/// ```
/// use bailiwick::action::Effect;
/// use bailiwick::catalog::{HttpRoute, OperationSpec, Parameter, ToolRoute, Type};
///
/// let archive = OperationSpec::new("mail.archive".parse()?, Effect::Write, "mail/{folder}/{id}".parse()?)
///     .argument("folder".parse()?, Parameter::required(Type::Text).or("inbox"))
///     .argument("id".parse()?, Parameter::required(Type::Text))
///     .argument("note".parse()?, Parameter::optional(Type::Text))
///     .attribute("owner".parse()?, Parameter::required(Type::Email))
///     .undone_by("mail.restore".parse()?)
///     .tool(ToolRoute::new("archive_mail".parse()?).argument("mail_id".parse()?, "id".parse()?))
///     .http(HttpRoute::new("POST", "/mail/{folder}/{id}/archive".parse()?)?.query("why".parse()?, "note".parse()?));
/// assert_eq!(archive.effect(), Effect::Write);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationSpec {
    pub(super) operation: Operation,
    pub(super) effect: Effect,
    pub(super) resource: Template,
    pub(super) arguments: BTreeMap<Key, Parameter>,
    pub(super) each: Option<Key>,
    pub(super) attributes: BTreeMap<Key, Parameter>,
    pub(super) undo: Undo,
    pub(super) untrusted: bool,
    pub(super) notes: BTreeMap<Label, NoteField>,
    pub(super) tool: Option<ToolRoute>,
    pub(super) http: Option<HttpRoute>,
}

/// Whether an operation can be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undo {
    /// Nobody said.
    #[default]
    Unknown,
    /// By this operation.
    By(Operation),
    /// By none.
    Irreversible,
}

impl OperationSpec {
    /// An operation without arguments that nothing reaches yet.
    #[must_use]
    pub fn new(operation: Operation, effect: Effect, resource: Template) -> Self {
        Self {
            operation,
            effect,
            resource,
            arguments: BTreeMap::new(),
            each: None,
            attributes: BTreeMap::new(),
            undo: Undo::Unknown,
            untrusted: false,
            notes: BTreeMap::new(),
            tool: None,
            http: None,
        }
    }

    /// Adds an argument. What [`resource`](Self::resource) names goes there, and is no argument of the action.
    #[must_use]
    pub fn argument(mut self, name: Key, parameter: Parameter) -> Self {
        self.arguments.insert(name, parameter);
        self
    }

    /// Gives one action for each element of this argument, which must be a list. An empty list is refused.
    #[must_use]
    pub fn each(mut self, name: Key) -> Self {
        self.each = Some(name);
        self
    }

    /// Adds what the service knows of what is touched, and the caller never says.
    #[must_use]
    pub fn attribute(mut self, name: Key, parameter: Parameter) -> Self {
        self.attributes.insert(name, parameter);
        self
    }

    /// Says which operation undoes it.
    #[must_use]
    pub fn undone_by(mut self, operation: Operation) -> Self {
        self.undo = Undo::By(operation);
        self
    }

    /// Says that nothing undoes it.
    #[must_use]
    pub fn irreversible(mut self) -> Self {
        self.undo = Undo::Irreversible;
        self
    }

    /// Says that what it reads was written by whoever:
    /// [`Mapped::reading_untrusted`](crate::gate::Mapped::reading_untrusted).
    #[must_use]
    pub fn reading_untrusted(mut self) -> Self {
        self.untrusted = true;
        self
    }

    /// Notes the values of this field of its answer under this label: see [`Notary`](super::Notary).
    #[must_use]
    pub fn note(mut self, label: Label, field: NoteField) -> Self {
        self.notes.insert(label, field);
        self
    }

    /// Says by which tool it is reached.
    #[must_use]
    pub fn tool(mut self, route: ToolRoute) -> Self {
        self.tool = Some(route);
        self
    }

    /// Says by which HTTP route it is reached.
    #[must_use]
    pub fn http(mut self, route: HttpRoute) -> Self {
        self.http = Some(route);
        self
    }

    /// Its name.
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
    pub const fn resource(&self) -> &Template {
        &self.resource
    }

    /// What callers say, by name; what the resource takes is here too.
    pub fn arguments(&self) -> impl Iterator<Item = (&Key, &Parameter)> {
        self.arguments.iter()
    }

    /// What an action of it has as an argument, if it has it: not what the resource takes, and one element of what
    /// [`each`](Self::each) names.
    #[must_use]
    pub fn argument_type(&self, name: &str) -> Option<&Type> {
        let (key, _) = self
            .arguments
            .iter()
            .find(|(key, _)| key.as_str() == name)?;
        let in_resource = self.resource.parameters().any(|parameter| parameter == key);
        if in_resource { None } else { self.one_of(key) }
    }

    /// What the service says, by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&Key, &Parameter)> {
        self.attributes.iter()
    }

    /// Whether it can be undone.
    #[must_use]
    pub const fn undo(&self) -> &Undo {
        &self.undo
    }

    /// Whether what it reads was written by whoever.
    #[must_use]
    pub const fn reads_untrusted(&self) -> bool {
        self.untrusted
    }

    /// The fields of its answer that are noted, by label.
    pub fn notes(&self) -> impl Iterator<Item = (&Label, &NoteField)> {
        self.notes.iter()
    }

    /// By which tool it is reached.
    #[must_use]
    pub const fn tool_route(&self) -> Option<&ToolRoute> {
        self.tool.as_ref()
    }

    /// By which HTTP route it is reached.
    #[must_use]
    pub const fn http_route(&self) -> Option<&HttpRoute> {
        self.http.as_ref()
    }

    /// The type that one action has at a parameter.
    pub(super) fn one_of(&self, key: &Key) -> Option<&Type> {
        let kind = self.arguments.get(key)?.kind();
        match kind {
            Type::List(items) if self.each.as_ref() == Some(key) => Some(items),
            kind => Some(kind),
        }
    }

    /// Whether the last segments of its resource come from a path.
    pub(super) fn rest_is_path(&self) -> bool {
        let kind = self.resource.rest().and_then(|key| self.one_of(key));
        kind == Some(&Type::Path)
    }
}

/// An argument, an attribute or a member of an object: its type, and whether it may be left out.
///
/// ```
/// use bailiwick::catalog::{Parameter, Presence, Type};
///
/// let copies = Parameter::required(Type::Integer).or(1);
/// assert_eq!(copies.kind(), &Type::Integer);
/// assert_eq!(copies.presence(), &Presence::Default(1.into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    kind: Type,
    presence: Presence,
}

/// Whether something may be left out. Where it may, null is the same as leaving it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    #[default]
    Required,
    /// It may be absent.
    Optional,
    /// It is this value then, written as a caller would write it.
    Default(Value),
}

impl Parameter {
    /// What must be there.
    #[must_use]
    pub const fn required(kind: Type) -> Self {
        let presence = Presence::Required;
        Self { kind, presence }
    }

    /// What may be absent.
    #[must_use]
    pub const fn optional(kind: Type) -> Self {
        let presence = Presence::Optional;
        Self { kind, presence }
    }

    /// The same with a value for when it is left out: the one that the tool takes then.
    #[must_use]
    pub fn or(self, default: impl Into<Value>) -> Self {
        let presence = Presence::Default(default.into());
        Self { presence, ..self }
    }

    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> &Type {
        &self.kind
    }

    /// Whether it may be left out.
    #[must_use]
    pub const fn presence(&self) -> &Presence {
        &self.presence
    }

    /// The exact value, or none where it is left out and may be.
    pub(super) fn resolve(&self, given: Option<&Value>) -> Result<Option<Value>, Misread> {
        let given = match (given, &self.presence) {
            (None, Presence::Required) => return Err(Misread::new(Why::Missing)),
            (None | Some(Value::Null), Presence::Optional) => return Ok(None),
            (None | Some(Value::Null), Presence::Default(default)) => default,
            (Some(given), _) => given,
        };
        self.kind.exact(given).map(Some)
    }
}
