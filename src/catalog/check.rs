//! What operations must hold together, however they were written down.

use std::collections::BTreeSet;

use super::catalog::Catalog;
use super::kind::Type;
use super::spec::{OperationSpec, Parameter, Presence, Undo};
use crate::action::{Key, Operation, preview_text};
use crate::scope::Label;

mod reach;

/// Something that is wrong with an operation of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(super) operation: Operation,
    pub(super) place: Place,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Where in an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Operation,
    Resource,
    Undo,
    Argument(Key),
    Attribute(Key),
    Note(Label),
    Tool,
    ToolArgument(Key),
    Http,
    Path,
    Query(Key),
    Body(Key),
}

impl Problem {
    /// The stable code, as of a [`Finding`](super::Finding).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Of which operation.
    #[must_use]
    pub const fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What is wrong, on one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Why operations are no catalog: all that is wrong with them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", shown(.problems))]
pub struct CatalogError {
    pub(super) problems: Vec<Problem>,
}

impl CatalogError {
    /// What is wrong.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

fn shown(problems: &[Problem]) -> String {
    let line =
        |problem: &Problem| format!("operation `{}`: {}", problem.operation, problem.message);
    problems.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// All that is wrong.
pub(super) fn check(operations: &[OperationSpec]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    for spec in operations {
        let mut own = Checked {
            spec,
            problems: &mut problems,
        };
        if !names.insert(&spec.operation) {
            own.fail(
                Place::Operation,
                "operation_twice",
                "the operation is there twice",
            );
        }
        own.all();
    }
    for spec in operations {
        let missing = match &spec.undo {
            Undo::By(operation) => Some(operation).filter(|it| !names.contains(it)),
            _ => None,
        };
        if let Some(operation) = missing {
            let message = format!("operation `{operation}` is not in the catalog");
            let mut own = Checked {
                spec,
                problems: &mut problems,
            };
            own.fail(Place::Undo, "operation_unknown", &message);
        }
    }
    reach::routes(operations, &mut problems);
    problems
}

struct Checked<'a> {
    spec: &'a OperationSpec,
    problems: &'a mut Vec<Problem>,
}

impl Checked<'_> {
    fn fail(&mut self, place: Place, code: &'static str, message: &str) {
        self.problems.push(Problem {
            operation: self.spec.operation.clone(),
            place,
            code,
            message: message.to_owned(),
        });
    }

    fn all(&mut self) {
        self.resource();
        self.parameters();
        self.each();
        self.notes();
        self.tool();
        self.http();
    }

    /// What a resource names must be there always, and be text of one spelling.
    fn resource(&mut self) {
        let spec = self.spec;
        for key in spec.resource.parameters() {
            let name = preview_text(key.as_str());
            let Some(parameter) = spec.arguments.get(key) else {
                let message = format!("`{{{name}}}` is no argument of the operation");
                self.fail(Place::Resource, "parameter_unknown", &message);
                continue;
            };
            let place = || Place::Argument(key.clone());
            if *parameter.presence() == Presence::Optional {
                let message =
                    format!("argument `{name}` is in the resource, and cannot be optional");
                self.fail(place(), "resource_optional", &message);
            }
            let rest = spec.resource.rest() == Some(key);
            let fits = |kind: &Type| {
                if rest {
                    kind.fits_rest()
                } else {
                    kind.fits_segment()
                }
            };
            if let Some(kind) = spec.one_of(key).filter(|kind| !fits(kind)) {
                let kinds = if rest {
                    "text or path"
                } else {
                    "text, integer or enum"
                };
                let message = format!(
                    "argument `{name}` is in the resource, and must be of type {kinds}, not {}",
                    kind.name()
                );
                self.fail(place(), "resource_type", &message);
            }
        }
    }

    fn parameters(&mut self) {
        let spec = self.spec;
        let (most, many) = (
            Catalog::MAX_ARGUMENTS,
            spec.arguments.len().max(spec.attributes.len()),
        );
        if many > most {
            let message = format!("there are more than {most} arguments or attributes");
            self.fail(Place::Operation, "arguments_too_many", &message);
        }
        for (key, parameter) in &spec.arguments {
            self.parameter(|| Place::Argument(key.clone()), parameter);
        }
        for (key, parameter) in &spec.attributes {
            self.parameter(|| Place::Attribute(key.clone()), parameter);
        }
    }

    fn parameter(&mut self, place: impl Fn() -> Place, parameter: &Parameter) {
        if parameter.kind().levels() > Type::MAX_LEVELS {
            let message = format!("types lie more than {} levels deep", Type::MAX_LEVELS);
            self.fail(place(), "type_too_deep", &message);
        } else if let Some((default, kind)) = wrong_default(parameter) {
            let message = format!("default `{default}` is not {kind}");
            self.fail(place(), "default_mistyped", &message);
        }
    }

    fn each(&mut self) {
        let Some(key) = &self.spec.each else { return };
        let kind = self.spec.arguments.get(key);
        let fits = |it: &Parameter| {
            matches!(it.kind(), Type::List(_)) && *it.presence() == Presence::Required
        };
        if !kind.is_some_and(fits) {
            let message = format!(
                "`each` is for a list that is required, and `{}` is none",
                preview_text(key.as_str())
            );
            self.fail(Place::Argument(key.clone()), "each_no_list", &message);
        }
    }
}

impl Checked<'_> {
    fn notes(&mut self) {
        let most = Catalog::MAX_NOTES;
        if self.spec.notes.len() > most {
            let message = format!("there are more than {most} fields to note");
            self.fail(Place::Operation, "notes_too_many", &message);
        }
        for (label, field) in &self.spec.notes {
            let place = || Place::Note(label.clone());
            if label.object().is_some() {
                let message = "a label names an object, which the answer is to say";
                self.fail(place(), "label_bound", message);
            }
            if let Some((at, _)) = &field.each
                && at.join(&field.values).is_none()
            {
                let message = "`each` and `values` are too long together";
                self.fail(place(), "path_too_long", message);
            }
        }
    }
}

/// The first default that is not of its type, also inside objects.
fn wrong_default(parameter: &Parameter) -> Option<(String, String)> {
    match parameter.kind() {
        Type::List(items) => wrong_default(&Parameter::optional((**items).clone())),
        Type::Object(fields) => fields.values().find_map(wrong_default),
        _ => None,
    }
    .or_else(|| match parameter.presence() {
        Presence::Default(default) => {
            let wrong = parameter.kind().exact(default).is_err();
            wrong.then(|| (default.preview(), parameter.kind().to_string()))
        }
        _ => None,
    })
}
