//! Catalogs in TOML.

use std::collections::BTreeMap;

use super::catalog::Catalog;
use super::check::{Place, check};
use super::routes::{HttpRoute, PathPattern, ToolRoute};
use super::spec::{OperationSpec, Undo};
use super::template::Template;
use crate::action::{Effect, Key, Operation, Service};
use crate::document::{Findings, Mark, Name, Node, Report, Table};

mod note;
mod parameter;

use note::notes;
use parameter::{parameter, parameters};

pub(super) fn parse(file_name: &str, text: &str) -> Result<Catalog, Findings> {
    let report = Report::new(file_name, text);
    let catalog = read(&report);
    report.finish(catalog)
}

fn read(report: &Report<'_>) -> Option<Catalog> {
    let table = report.parse()?;
    let mut root = report.root(&table);
    let service = root.require("service");
    let service = service.and_then(|node| node.parse::<Service>("service_malformed"));
    let operations = root.require("operation").and_then(Node::table);
    root.finish();

    let mut places = Places::default();
    let (mut specs, mut all) = (Vec::new(), true);
    for (index, (name, node)) in operations?.members().enumerate() {
        if index == Catalog::MAX_OPERATIONS {
            let message = format!("there are more than {} operations", Catalog::MAX_OPERATIONS);
            name.mark.fail("operations_too_many", message);
            return None;
        }
        match operation(name, node, &mut places) {
            Some(spec) => specs.push(spec),
            None => all = false,
        }
    }
    for problem in check(&specs) {
        // It may be one that was not read.
        if all || problem.code != "operation_unknown" {
            let mark = places.get(&problem.operation, &problem.place);
            let mark = mark.unwrap_or_else(|| report.mark(0..0));
            mark.fail(problem.code, problem.message);
        }
    }
    // What is wrong was noted just now, so that the reasons are not needed again.
    Catalog::of(service?, specs).ok().filter(|_| all)
}

/// Where in the file an operation says what.
#[derive(Default)]
struct Places<'r, 'd>(BTreeMap<Operation, BTreeMap<Place, Mark<'r, 'd>>>);

impl<'r, 'd> Places<'r, 'd> {
    fn get(&self, operation: &Operation, place: &Place) -> Option<Mark<'r, 'd>> {
        let places = self.0.get(operation)?;
        places
            .get(place)
            .or_else(|| places.get(&Place::Operation))
            .copied()
    }
}

type Marks<'r, 'd> = BTreeMap<Place, Mark<'r, 'd>>;

fn operation<'r, 'd>(
    name: Name<'r, 'd>,
    node: Node<'r, 'd>,
    places: &mut Places<'r, 'd>,
) -> Option<OperationSpec> {
    let operation = name.parse::<Operation>("operation_malformed");
    let mut table = node.table()?;
    let mut marks = Marks::from([(Place::Operation, name.mark)]);
    let effect = table.require("effect");
    let effect = effect.and_then(|node| node.parse::<Effect>("effect_unknown"));
    let resource = table.require("resource").and_then(|node| {
        marks.insert(Place::Resource, node.mark);
        node.parse::<Template>("resource_malformed")
    });
    let undo = undo(&mut table, &mut marks);
    let untrusted = or_default(table.take("untrusted"), Node::boolean);
    let arguments = or_default(table.take("arguments"), |node| {
        let members = node.table()?.members();
        let read = members.map(|(name, node)| {
            let key = name.parse::<Key>("argument_malformed")?;
            marks.insert(Place::Argument(key.clone()), name.mark);
            let (parameter, each) = parameter(node, true)?;
            Some((key, parameter, each))
        });
        // All are read, so that all that is wrong is found.
        read.collect::<Vec<_>>()
            .into_iter()
            .collect::<Option<Vec<_>>>()
    });
    let attributes = or_default(table.take("attributes"), |node| {
        parameters(node, |key, mark| {
            marks.insert(Place::Attribute(key), mark);
        })
    });
    let notes = or_default(table.take("notes"), |node| {
        notes(node, |label, mark| {
            marks.insert(Place::Note(label), mark);
        })
    });
    let tool = or_default(table.take("mcp"), |node| tool(node, &mut marks).map(Some));
    let http = or_default(table.take("http"), |node| http(node, &mut marks).map(Some));
    table.finish();

    let operation = operation?;
    places.0.insert(operation.clone(), marks);
    let mut spec = OperationSpec::new(operation, effect?, resource?);
    for (key, parameter, each) in arguments? {
        if each && let Some(other) = spec.each.replace(key.clone()) {
            let mark = places.get(&spec.operation, &Place::Argument(key));
            let message = format!(
                "`each` is of `{}` already",
                crate::action::preview_text(other.as_str())
            );
            mark?.fail("each_twice", message);
            return None;
        } else {
            spec.arguments.insert(key, parameter);
        }
    }
    spec.attributes = attributes?;
    spec.undo = undo?;
    spec.untrusted = untrusted?;
    spec.notes = notes?;
    spec.tool = tool?;
    spec.http = http?;
    Some(spec)
}

/// What is left out is empty; what is wrong is none.
fn or_default<'r, 'd, T: Default>(
    node: Option<Node<'r, 'd>>,
    read: impl FnOnce(Node<'r, 'd>) -> Option<T>,
) -> Option<T> {
    node.map_or_else(|| Some(T::default()), read)
}

fn undo<'r, 'd>(table: &mut Table<'r, 'd>, marks: &mut Marks<'r, 'd>) -> Option<Undo> {
    let (by, irreversible) = (table.take("undo"), table.take("irreversible"));
    if let Some(by) = by {
        marks.insert(Place::Undo, by.mark);
    }
    let irreversible_said = irreversible.map(Node::boolean);
    match (by, irreversible_said) {
        (None, None | Some(Some(false))) => Some(Undo::Unknown),
        (None, Some(Some(true))) => Some(Undo::Irreversible),
        (Some(by), None) => by.parse("operation_malformed").map(Undo::By),
        (Some(by), Some(_)) => {
            by.mark.fail(
                "undo_twice",
                "`undo` and `irreversible` cannot both be there",
            );
            None
        }
        (None, Some(None)) => None,
    }
}

fn tool<'r, 'd>(node: Node<'r, 'd>, marks: &mut Marks<'r, 'd>) -> Option<ToolRoute> {
    let mut table = node.table()?;
    marks.insert(Place::Tool, node.mark);
    let tool = table
        .require("tool")
        .and_then(|node| node.parse("tool_malformed"));
    let arguments = or_default(table.take("arguments"), |node| {
        names(node, Place::ToolArgument, marks)
    });
    table.finish();
    Some(ToolRoute {
        tool: tool?,
        arguments: arguments?,
    })
}

fn http<'r, 'd>(node: Node<'r, 'd>, marks: &mut Marks<'r, 'd>) -> Option<HttpRoute> {
    let mut table = node.table()?;
    marks.insert(Place::Http, node.mark);
    let method = table.require("method");
    let method = method.and_then(|node| Some((node.mark, node.text()?)));
    let path = table.require("path").and_then(|node| {
        marks.insert(Place::Path, node.mark);
        node.parse::<PathPattern>("path_malformed")
    });
    let query = or_default(table.take("query"), |node| names(node, Place::Query, marks));
    let body = or_default(table.take("body"), |node| {
        names(node, Place::Body, marks).map(Some)
    });
    table.finish();
    let (mark, method) = method?;
    // Whether the method is one does not hang on the path.
    let any = PathPattern::root();
    let route = HttpRoute::new(method, path.clone().unwrap_or(any));
    let route = route.map_err(|error| {
        mark.fail("method_malformed", error.to_string());
    });
    path?;
    Some(HttpRoute {
        query: query?,
        body: body?,
        ..route.ok()?
    })
}

/// What others call arguments.
fn names<'r, 'd>(
    node: Node<'r, 'd>,
    place: impl Fn(Key) -> Place,
    marks: &mut Marks<'r, 'd>,
) -> Option<BTreeMap<Key, Key>> {
    let members = node.table()?.members();
    let read = members.map(|(name, node)| {
        let theirs = name.parse::<Key>("argument_malformed");
        let ours = node.parse::<Key>("argument_malformed");
        let theirs = theirs?;
        marks.insert(place(theirs.clone()), node.mark);
        Some((theirs, ours?))
    });
    read.collect::<Vec<_>>().into_iter().collect()
}
