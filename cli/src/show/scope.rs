//! Scopes, in the words of a task file.

use bailiwick::action::{Decimal, quoted};
use bailiwick::scope::{
    Bounds, Budget, Capability, Closure, Condition, Constraint, Matcher, Measure, Pattern,
    Presence, Quantifier, Requirement, Scope, When,
};
use serde_json::{Map, Value, json};

use super::value::{inline, members_inline, scalar};
use crate::answer::Page;

/// Stands where something is that this program cannot show: better than leaving it out.
const NEWER: &str = "something newer than this program";

/// What a scope says. What it does not say is left out.
pub(crate) fn scope(scope: &Scope) -> Value {
    let mut said = Map::new();
    let mut say = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            said.insert(key.to_owned(), value);
        }
    };
    say(
        "not_before",
        scope.window().not_before().map(|it| json!(it)),
    );
    say("not_after", scope.window().not_after().map(|it| json!(it)));
    say("audience", scope.audience().map(|it| json!(it)));
    say("max_depth", scope.max_depth().map(|it| json!(it)));
    say(
        "allow",
        scope
            .allow()
            .map(|all| all.iter().map(capability).collect()),
    );
    let deny: Vec<Value> = scope.deny().iter().map(|it| pattern(it).into()).collect();
    say("deny", (!deny.is_empty()).then(|| deny.into()));
    let require: Vec<Value> = scope.require().iter().map(requirement).collect();
    say("require", (!require.is_empty()).then(|| require.into()));
    said.into()
}

fn capability(it: &Capability) -> Value {
    let mut said = Map::new();
    let target = it.target();
    if let Some(operation) = target.operation() {
        said.insert("operation".to_owned(), json!(operation.to_string()));
    }
    if let Some(effect) = target.effect() {
        said.insert("effect".to_owned(), json!(effect.as_str()));
    }
    said.insert("resource".to_owned(), json!(it.resource().to_string()));
    constraints(&mut said, it.arguments(), it.attributes());
    if it.closure() == Closure::Open {
        said.insert("open_arguments".to_owned(), json!(true));
    }
    said.into()
}

/// What a pattern names.
pub(crate) fn pattern(it: &Pattern) -> Map<String, Value> {
    let mut said = Map::new();
    if let Some(operation) = it.operation_pattern() {
        said.insert("operation".to_owned(), json!(operation.to_string()));
    }
    if let Some(effect) = it.effect() {
        said.insert("effect".to_owned(), json!(effect.as_str()));
    }
    if let Some(resource) = it.resource_pattern() {
        said.insert("resource".to_owned(), json!(resource.to_string()));
    }
    constraints(&mut said, it.arguments(), it.attributes());
    said
}

fn requirement(it: &Requirement) -> Value {
    let mut said = pattern(it.pattern());
    match it.condition() {
        Condition::Approval(rule) => {
            let groups = rule
                .groups()
                .iter()
                .map(|group| json!({ "at_least": group.threshold(), "of": group.approvers() }));
            said.insert("approval".to_owned(), groups.collect());
        }
        Condition::Budget(of) => {
            said.insert("budget".to_owned(), budget(of));
        }
        Condition::Signature => {
            said.insert("signature".to_owned(), json!(true));
        }
        _ => drop(said.insert(NEWER.to_owned(), json!(true))),
    }
    if it.when() == When::Tainted {
        said.insert("when_tainted".to_owned(), json!(true));
    }
    said.into()
}

fn budget(it: &Budget) -> Value {
    let mut said = match it.measure() {
        Measure::Uses => json!({ "uses": it.cap() }),
        Measure::Int(path) => json!({ "sum": path.to_string(), "at_most": it.cap() }),
        Measure::Decimal(path, scale) => {
            let cap = Decimal::new(*scale, it.cap()).map(|it| it.to_string());
            let cap = cap.unwrap_or_else(|_| it.cap().to_string());
            json!({ "sum": path.to_string(), "at_most": { "decimal": cap } })
        }
    };
    if let Some(said) = said.as_object_mut() {
        said.insert("name".to_owned(), json!(it.name().to_string()));
        if let Some(window) = it.window() {
            said.insert("each".to_owned(), json!(format!("{}s", window.as_secs())));
        }
    }
    said
}

fn constraints(said: &mut Map<String, Value>, arguments: &[Constraint], attributes: &[Constraint]) {
    for (key, all) in [("arguments", arguments), ("attributes", attributes)] {
        if !all.is_empty() {
            said.insert(key.to_owned(), all.iter().map(constraint).collect());
        }
    }
}

fn constraint(it: &Constraint) -> Value {
    let mut said = Map::new();
    let mut say = |key: &str, value: Value| said.insert(key.to_owned(), value);
    say("path", json!(it.path().to_string()));
    let range = |min: Option<Value>, max: Option<Value>, unit: &str| {
        let ends = [("min", min), ("max", max)];
        ends.into_iter()
            .filter_map(move |(end, at)| Some((format!("{end}{unit}"), at?)))
            .collect::<Vec<_>>()
    };
    let said_by = match it.matcher() {
        Matcher::Equals(constant) => vec![("equals".to_owned(), scalar(constant))],
        Matcher::OneOf(choices) => {
            let all = choices.as_slice().iter().map(scalar).collect();
            vec![("one_of".to_owned(), all)]
        }
        Matcher::Int(ints) => range(ints.min().map(Into::into), ints.max().map(Into::into), ""),
        Matcher::Decimal(range_of) => {
            let decimal = |units| {
                let decimal = Decimal::new(range_of.scale(), units).ok()?;
                Some(json!({ "decimal": decimal.to_string() }))
            };
            let units = range_of.units();
            range(
                units.min().and_then(decimal),
                units.max().and_then(decimal),
                "",
            )
        }
        Matcher::Text(like) => vec![("like".to_owned(), json!(like.to_string()))],
        Matcher::TextLength(n) => range(least(n), n.max().map(Into::into), "_len"),
        Matcher::BytesLength(n) => range(least(n), n.max().map(Into::into), "_bytes"),
        Matcher::Count(n) => range(least(n), n.max().map(Into::into), "_count"),
        Matcher::From(label) => vec![("from".to_owned(), json!(label.to_string()))],
        _ => vec![(NEWER.to_owned(), json!(true))],
    };
    for (key, value) in said_by {
        say(&key, value);
    }
    match it.presence() {
        Presence::Required => None,
        Presence::Optional => say("optional", json!(true)),
        Presence::IfPresent => say("if_present", json!(true)),
    };
    if it.quantifier() == Quantifier::Some {
        say("some", json!(true));
    }
    said.into()
}

/// The lower end, if it says something.
fn least(bounds: &Bounds) -> Option<Value> {
    (bounds.min() > 0 || bounds.max().is_none()).then(|| bounds.min().into())
}

/// What [`scope`] gives, as lines: a rule a line, and its constraints below it.
pub(crate) fn scope_lines(page: &mut Page, depth: usize, scope: &Value) {
    let Some(said) = scope.as_object() else {
        return;
    };
    for key in ["not_before", "not_after", "audience", "max_depth"] {
        if let Some(value) = said.get(key) {
            page.field(depth, key, inline(value));
        }
    }
    for key in ["allow", "deny", "require"] {
        let rules = said.get(key).and_then(Value::as_array);
        for rule in rules.into_iter().flatten().filter_map(Value::as_object) {
            rule_lines(page, depth, key, rule);
        }
    }
}

fn rule_lines(page: &mut Page, depth: usize, label: &str, rule: &Map<String, Value>) {
    let (mut head, mut below) = (Map::new(), Vec::new());
    for (key, value) in rule {
        match key.as_str() {
            "arguments" => below.push(("argument", value)),
            "attributes" => below.push(("attribute", value)),
            _ => drop(head.insert(key.clone(), value.clone())),
        }
    }
    let text = match head.is_empty() {
        true => "whatever it is".to_owned(),
        false => members_inline(&head),
    };
    page.field(depth, label, text);
    for (label, constraints) in below {
        for constraint in constraints.as_array().into_iter().flatten() {
            let Some(constraint) = constraint.as_object() else {
                continue;
            };
            let mut rest = constraint.clone();
            let path = rest.remove("path");
            let path = path.as_ref().and_then(Value::as_str).unwrap_or_default();
            let text = format!("{}: {}", quoted(path), members_inline(&rest));
            page.field(depth.saturating_add(1), label, text);
        }
    }
}
