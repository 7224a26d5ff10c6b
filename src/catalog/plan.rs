//! From a call to what it does.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::attributes::{Asked, Attributes};
use super::bind::{Bound, Given, bind};
use super::catalog::Catalog;
use super::error::MapError;
use super::http::Body;
use super::kind::read_members;
use super::spec::OperationSpec;
use crate::action::{
    Action, Call, DirectCall, HttpCall, Key, Mapped, Service, ToolCall, Tree, Value,
};
use crate::decide::MAX_ACTIONS;

impl Catalog {
    /// What a call does. Of an HTTP request, the body is needed: the call has its digest alone.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code.
    ///
    /// # Security
    ///
    /// Map the very call that was received, and execute what the permit says. Within
    /// [`Gate::admit_with`](crate::gate::Gate::admit_with), who proves nothing is told nothing.
    pub fn map(
        &self,
        call: &Call,
        body: Option<Body<'_>>,
        attributes: &impl Attributes,
    ) -> Result<Mapped, MapError> {
        match call {
            Call::Tool(call) => self.map_tool(call, attributes),
            Call::Http(call) => self.map_http(call, body.unwrap_or_default(), attributes),
            Call::Direct(call) => self.map_direct(call, attributes),
        }
    }

    /// What a tool call does.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code.
    pub fn map_tool(
        &self,
        call: &ToolCall,
        attributes: &impl Attributes,
    ) -> Result<Mapped, MapError> {
        self.plan_tool(call)?.complete(attributes)
    }

    /// What an HTTP request does.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code; also when the body is not the one that the call is about.
    pub fn map_http(
        &self,
        call: &HttpCall,
        body: Body<'_>,
        attributes: &impl Attributes,
    ) -> Result<Mapped, MapError> {
        self.plan_http(call, body)?.complete(attributes)
    }

    /// What an operation in the service's own words does: its name, resource and other arguments are those of the catalog.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code.
    pub fn map_direct(
        &self,
        call: &DirectCall,
        attributes: &impl Attributes,
    ) -> Result<Mapped, MapError> {
        self.plan_direct(call)?.complete(attributes)
    }

    /// As [`map_tool`](Self::map_tool), for a service that must wait for its attributes.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code.
    pub fn plan_tool(&self, call: &ToolCall) -> Result<Plan<'_>, MapError> {
        let mut plan = Plan::new(&self.service);
        let root = call.arguments().root();
        let mut used: BTreeSet<&Key> = BTreeSet::new();
        for spec in self.operations_of(call.name()) {
            let Some(route) = &spec.tool else { continue };
            let mut given = Given::new();
            for key in spec.arguments.keys() {
                let source = route.source(key);
                used.insert(source);
                let value = root.get(source.as_str()).map(Cow::Borrowed);
                given.extend(value.map(|value| (key, value)));
            }
            plan.add(spec, &given)?;
        }
        if plan.actions.is_empty() {
            return Err(MapError::unmapped("tool", call.name().as_str()));
        }
        match root.iter().find(|(key, _)| !used.contains(key)) {
            Some((key, _)) => Err(MapError::unknown(key.as_str())),
            None => Ok(plan),
        }
    }

    /// As [`map_direct`](Self::map_direct), for a service that must wait for its attributes.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code.
    pub fn plan_direct(&self, call: &DirectCall) -> Result<Plan<'_>, MapError> {
        let unmapped = || MapError::unmapped("operation", call.operation().as_str());
        let spec = self.operation(call.operation()).ok_or_else(unmapped)?;
        let taken = spec.resource.take(call.resource(), spec.rest_is_path());
        let resource = || MapError::unmapped("resource", &call.resource().to_string());
        let mut given = Given::new();
        for (key, text) in taken.ok_or_else(resource)? {
            let kind = spec.one_of(key).ok_or_else(resource)?;
            let mut value = kind.wire_value(&text).ok_or_else(resource)?;
            if spec.each.as_ref() == Some(key) {
                value = Value::List(vec![value]);
            }
            given.insert(key, Cow::Owned(value));
        }
        for (key, value) in call.arguments().root().iter() {
            let known = spec.arguments.get_key_value(key);
            let (ours, _) = known.ok_or_else(|| MapError::unknown(key.as_str()))?;
            if given.contains_key(ours) {
                return Err(MapError::unknown(key.as_str()));
            }
            given.insert(ours, Cow::Borrowed(value));
        }
        let mut plan = Plan::new(&self.service);
        plan.add(spec, &given)?;
        Ok(plan)
    }
}

/// What a call does, before the service says what it knows: for look-ups that are waited for.
///
/// ```
/// use bailiwick::action::{Call, Tree};
/// use bailiwick::catalog::{Catalog, MapError};
/// use bailiwick::gate::Mapped;
///
/// # async fn owner_of(_resource: &bailiwick::action::Resource) -> Result<Tree, MapError> { Ok(Tree::empty()) }
/// async fn map(catalog: &Catalog, call: &Call) -> Result<Mapped, MapError> {
///     let Call::Tool(call) = call else { return Err(MapError::not_found("tool")) };
///     let plan = catalog.plan_tool(call)?;
///     let mut known = Vec::new();
///     for asked in plan.asks() {
///         known.push(owner_of(asked.resource()).await?);
///     }
///     plan.complete_with(known)
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a plan is not yet what is decided on"]
pub struct Plan<'c> {
    service: &'c Service,
    actions: Vec<(&'c OperationSpec, Bound)>,
}

impl<'c> Plan<'c> {
    pub(super) const fn new(service: &'c Service) -> Self {
        let actions = Vec::new();
        Self { service, actions }
    }

    /// Whether the call is of no operation so far.
    pub(super) fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Adds what an operation does.
    pub(super) fn add(
        &mut self,
        spec: &'c OperationSpec,
        given: &Given<'_>,
    ) -> Result<(), MapError> {
        let room = MAX_ACTIONS.saturating_sub(self.actions.len());
        if room == 0 {
            return Err(MapError::TooManyActions { max: MAX_ACTIONS });
        }
        let bound = bind(spec, given, room)?;
        self.actions
            .extend(bound.into_iter().map(|bound| (spec, bound)));
        Ok(())
    }

    /// What attributes are asked for: each action whose operation declares any, in order.
    pub fn asks(&self) -> impl Iterator<Item = Asked<'_>> {
        let declared = |(spec, _): &&(&OperationSpec, Bound)| !spec.attributes.is_empty();
        self.actions
            .iter()
            .filter(declared)
            .map(|(spec, (resource, arguments))| Asked {
                spec,
                resource,
                arguments,
            })
    }

    /// Adds what the service knows.
    ///
    /// # Errors
    ///
    /// [`MapError`] when the look-up fails, or does not say exactly what the catalog declares.
    pub fn complete(self, attributes: &impl Attributes) -> Result<Mapped, MapError> {
        let known: Result<_, _> = self.asks().map(|asked| attributes.look_up(asked)).collect();
        self.complete_with(known?)
    }

    /// Adds what the service knows: one tree for each of [`asks`](Self::asks), in that order.
    ///
    /// # Errors
    ///
    /// [`MapError`] when these do not say exactly what the catalog declares.
    pub fn complete_with(self, known: Vec<Tree>) -> Result<Mapped, MapError> {
        let mut known = known.into_iter();
        let untrusted = self.actions.iter().any(|(spec, _)| spec.untrusted);
        let mut actions = Vec::with_capacity(self.actions.len());
        for (spec, (resource, arguments)) in self.actions {
            let attributes = match spec.attributes.is_empty() {
                true => Tree::empty(),
                false => declared(spec, known.next().unwrap_or_default())?,
            };
            let action = Action::new(
                self.service.clone(),
                spec.operation.clone(),
                spec.effect,
                resource,
            );
            actions.push(action.with_arguments(arguments).with_attributes(attributes));
        }
        if known.next().is_some() {
            let why = "there are more than were asked for";
            return Err(MapError::attributes_unavailable(why));
        }
        let mapped = Mapped::from(actions);
        Ok(if untrusted {
            mapped.reading_untrusted()
        } else {
            mapped
        })
    }
}

/// The attributes as the catalog declares them: all of them, and no others.
fn declared(spec: &OperationSpec, known: Tree) -> Result<Tree, MapError> {
    let read = read_members(&spec.attributes, known.root());
    let read = read.map_err(|(name, misread)| misread.of_attribute(&spec.operation, &name))?;
    Tree::new(read).map_err(|error| MapError::attributes_unavailable(&error.to_string()))
}
