//! An action as a person writes it, or a call with the catalog that says what it does.

use std::path::PathBuf;

use bailiwick::action::{Action, Call, Object, Operation, Resource, Service, Tree, Value};
use bailiwick::catalog::{Asked, Body, MapError};
use clap::Args;

use super::catalog;
use crate::failure::{Failure, OrFail as _, Outcome, coded};
use crate::io::Text;

/// What is asked for.
#[derive(Args)]
pub(crate) struct Wish {
    /// An action as JSON: service, operation, effect, resource, arguments, attributes. The text itself, a file, or `-`. With
    /// --catalog, which knows service and effect, these may be left out
    #[arg(long, value_name = "JSON")]
    action: Option<Text>,
    /// A call as JSON: `{"tool": …, "arguments": …}`, or `{"method": …, "path": …, "query": …, "body": …}`; attributes beside it
    #[arg(
        long,
        value_name = "JSON",
        conflicts_with = "action",
        requires = "catalog"
    )]
    call: Option<Text>,
    /// The catalog of the service
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
}

const FORM: &str =
    r#"write {"service": "…", "operation": "…", "effect": "…", "resource": "…", "arguments": {…}}"#;
const CALL_FORM: &str = r#"write {"tool": "…", "arguments": {…}} or {"method": "…", "path": "/…"}"#;

impl Wish {
    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.action.is_none() && self.call.is_none()
    }

    /// The actions, of one service.
    pub(crate) fn actions(&self) -> Outcome<(Service, Vec<Action>)> {
        let catalog = self.catalog.as_deref().map(catalog::read).transpose()?;
        let (text, form) = match (&self.action, &self.call) {
            (Some(action), _) => (action.read()?, FORM),
            (None, Some(call)) => (call.read()?, CALL_FORM),
            (None, None) => return Err(Failure::new("action_missing", "there is no action", FORM)),
        };
        let tree = Tree::from_json_slice(text.as_bytes()).or_fail("action_malformed", form)?;
        let mut said = Said {
            members: tree.root().clone(),
            taken: Vec::new(),
            form,
        };
        let Some(catalog) = catalog else {
            let action = said.action()?;
            said.nothing_else()?;
            return Ok((action.service().clone(), vec![action]));
        };
        let body = said.text("body")?;
        let call = if self.call.is_some() {
            said.call(body.as_deref())?
        } else {
            said.direct()?
        };
        let attributes = said.tree("attributes")?;
        if self.call.is_none() {
            // Said once more, which is good as long as it is the same.
            said.service_is(catalog.service())?;
            said.text("effect")?;
        }
        said.nothing_else()?;
        let look_up = |_: Asked<'_>| Ok::<_, MapError>(attributes.clone());
        let body = Body {
            content_type: body.as_ref().map(|_| "application/json"),
            bytes: body.as_deref().unwrap_or_default().as_bytes(),
        };
        let mapped = coded!(
            catalog.map(&call, Some(body), &look_up),
            "call it as the catalog says"
        )?;
        Ok((catalog.service().clone(), mapped.actions().to_vec()))
    }
}

/// A JSON object whose members are taken one by one.
struct Said {
    members: Object,
    taken: Vec<&'static str>,
    form: &'static str,
}

impl Said {
    fn action(&mut self) -> Outcome<Action> {
        let form = self.form;
        let service: Service = self
            .needed("service")?
            .parse()
            .or_fail("action_malformed", form)?;
        let operation: Operation = self
            .needed("operation")?
            .parse()
            .or_fail("action_malformed", form)?;
        let effect = self
            .needed("effect")?
            .parse()
            .or_fail("action_malformed", form)?;
        let resource: Resource = self
            .needed("resource")?
            .parse()
            .or_fail("action_malformed", form)?;
        Ok(Action::new(service, operation, effect, resource)
            .with_arguments(self.tree("arguments")?)
            .with_attributes(self.tree("attributes")?))
    }

    fn direct(&mut self) -> Outcome<Call> {
        let form = self.form;
        let operation = self
            .needed("operation")?
            .parse()
            .or_fail("action_malformed", form)?;
        let resource = self
            .needed("resource")?
            .parse()
            .or_fail("action_malformed", form)?;
        Ok(Call::direct(operation, resource, self.tree("arguments")?))
    }

    fn call(&mut self, body: Option<&str>) -> Outcome<Call> {
        let form = self.form;
        if let Some(tool) = self.text("tool")? {
            let tool = tool.parse().or_fail("action_malformed", form)?;
            return Ok(Call::tool(tool, self.tree("arguments")?));
        }
        let (method, path) = (self.needed("method")?, self.needed("path")?);
        let query = self.text("query")?;
        let body = body.unwrap_or_default().as_bytes();
        Call::http(&method, &path, query.as_deref(), body).or_fail("action_malformed", form)
    }

    fn service_is(&mut self, service: &Service) -> Outcome<()> {
        match self.text("service")? {
            Some(other) if other != service.as_str() => {
                let what =
                    format!("the action is of service `{other}`, the catalog of `{service}`");
                Err(Failure::new(
                    "service_mismatch",
                    what,
                    "give the catalog of that service",
                ))
            }
            _ => Ok(()),
        }
    }

    fn member(&mut self, key: &'static str) -> Option<Value> {
        self.taken.push(key);
        self.members.get(key).cloned()
    }

    fn text(&mut self, key: &'static str) -> Outcome<Option<String>> {
        match self.member(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.malformed(format!("`{key}` is no text"))),
        }
    }

    fn needed(&mut self, key: &'static str) -> Outcome<String> {
        let text = self.text(key)?;
        text.ok_or_else(|| self.malformed(format!("`{key}` is missing")))
    }

    fn tree(&mut self, key: &'static str) -> Outcome<Tree> {
        match self.member(key) {
            None => Ok(Tree::empty()),
            Some(Value::Object(object)) => Tree::new(object).or_fail("action_malformed", self.form),
            Some(_) => Err(self.malformed(format!("`{key}` is no object"))),
        }
    }

    /// A misspelt member would otherwise be a question about another action.
    fn nothing_else(&self) -> Outcome<()> {
        let mut keys = self.members.iter().map(|(key, _)| key.as_str());
        match keys.find(|key| !self.taken.contains(key)) {
            Some(key) => Err(self.malformed(format!("`{key}` does not belong there"))),
            None => Ok(()),
        }
    }

    fn malformed(&self, what: String) -> Failure {
        Failure::new("action_malformed", what, self.form)
    }
}
