//! `arguments.text = { max_len = 4000 }`.

use toml::de::DeValue;

use super::constant::{End, constant, end, scale};
use super::context::Context;
use super::noted::noted;
use super::trial;
use super::vocabulary::{In, Vocabulary};
use super::wanted::{Choice, can_match};
use crate::document::{Name, Node, Table};
use crate::manifest::ManifestError;
use crate::manifest::slot::{Slot, Values};
use crate::manifest::template::{ConstraintTemplate, Ends, MatcherTemplate};
use crate::scope::{Bounds, Matcher, Path, Presence, Quantifier, ScopeError};

/// Where constraints stand: what absence means differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// In a capability.
    Grant,
    /// In a deny entry or a requirement.
    Match,
}

/// More are no rule that a person reads, and comparing them costs the square of their number.
const MAX_CONSTRAINTS: usize = 64;
pub(super) const MAX_CHOICES: usize = 256;

/// Constraints on arguments or on attributes, in the order of their paths.
pub(super) fn constraints(
    node: Node<'_, '_>,
    side: Side,
    tree: In,
    context: &Context<'_, '_>,
    vocabulary: &Vocabulary<'_>,
) -> Vec<ConstraintTemplate> {
    let table = node.table();
    match table.as_ref().map_or(1, |table| table.members().len()) {
        0 => {
            node.mark
                .fail("constraints_empty", "an empty table constrains nothing");
        }
        1..=MAX_CONSTRAINTS => {}
        _ => {
            let message = format!("a rule has at most {MAX_CONSTRAINTS} of these");
            node.mark.fail("too_many", message);
            return Vec::new();
        }
    }
    let members = table.iter().flat_map(Table::members);
    let mut found = Vec::new();
    for (path, node) in members {
        let constraints = at_path(path, node, side, context);
        if let Some(one) = constraints.first() {
            let matchers = || constraints.iter().map(|constraint| &constraint.matcher);
            vocabulary.at(path.mark, tree, &one.path, |kind| {
                matchers().all(|matcher| can_match(kind, matcher, Choice::All, context))
            });
        }
        found.extend(constraints);
    }
    found
}

fn at_path(
    path: Name<'_, '_>,
    node: Node<'_, '_>,
    side: Side,
    context: &Context<'_, '_>,
) -> Vec<ConstraintTemplate> {
    let parsed = path.parse::<Path>("path_malformed");
    let (matchers, presence, quantifier) = match node.raw() {
        DeValue::Table(_) => {
            let Some(mut table) = node.table() else {
                return Vec::new();
            };
            let matchers = matchers(&mut table, side, context);
            let presence = presence(&mut table, side);
            let quantifier = match side {
                Side::Grant => quantifier(&mut table, matchers.len()),
                Side::Match => Quantifier::Every,
            };
            table.finish();
            (matchers, presence, quantifier)
        }
        _ => (bare(node, context), Presence::Required, Quantifier::Every),
    };
    let Some(parsed) = parsed else {
        return Vec::new();
    };
    let constraint = |matcher| ConstraintTemplate {
        path: parsed.clone(),
        presence,
        quantifier,
        matcher,
    };
    let constraints: Vec<_> = matchers.into_iter().map(constraint).collect();
    for constraint in &constraints {
        trial(
            node.mark,
            "matcher_invalid",
            &constraint.fill(&Values::new()),
        );
    }
    constraints
}

/// A bare value means equality.
fn bare(node: Node<'_, '_>, context: &Context<'_, '_>) -> Vec<MatcherTemplate> {
    if let DeValue::String(text) = node.raw()
        && text.contains('*')
    {
        let noted = node.mark.fail(
            "wildcard",
            "a bare text is compared as it is, and this has a `*`",
        );
        noted
            .help("write { like = \"…\" } for a pattern, or { equals = \"…\" } for this very text");
        return Vec::new();
    }
    let constant = constant(node, None, context);
    constant.map(MatcherTemplate::Equals).into_iter().collect()
}

fn matchers(
    table: &mut Table<'_, '_>,
    side: Side,
    context: &Context<'_, '_>,
) -> Vec<MatcherTemplate> {
    let mut found = Vec::new();
    let keys = ["equals", "one_of", "min", "max"];
    let [equals, one_of, min, max] = keys.map(|key| table.take(key));
    // A scale is for numbers alone; where there is none, it is an unknown key.
    let scale = match equals
        .or(one_of)
        .or(min)
        .or(max)
        .and_then(|_| table.take("scale"))
    {
        Some(node) => match scale(node) {
            Some(scale) => Some(scale),
            None => return found,
        },
        None => None,
    };
    let mut any = [equals, one_of, min, max].iter().any(Option::is_some);
    if let Some(node) = equals {
        found.extend(constant(node, scale, context).map(MatcherTemplate::Equals));
    }
    if let Some(node) = one_of {
        found.extend(choices(node, scale, context).map(MatcherTemplate::OneOf));
    }
    if min.is_some() || max.is_some() {
        let read = |node: Option<Node<'_, '_>>, which| match node {
            Some(node) => end(node, which, scale, context).map(Some),
            None => Some(None),
        };
        let (min, max) = (read(min, End::Min), read(max, End::Max));
        if let (Some(min), Some(max)) = (min, max) {
            let ends = Ends { min, max };
            found.push(match scale {
                Some(scale) => MatcherTemplate::Decimal(scale, ends),
                None => MatcherTemplate::Int(ends),
            });
        }
    }
    let mut fixed = |matcher: Option<Option<Matcher>>| {
        any |= matcher.is_some();
        found.extend(matcher.flatten().map(MatcherTemplate::Fixed));
    };
    let like = table.take("like");
    fixed(like.map(|node| text(node, |text| Matcher::text(text).and_then(pattern_only))));
    fixed(bounds(table, "min_len", "max_len").map(|bounds| bounds.map(Matcher::TextLength)));
    fixed(bounds(table, "min_bytes", "max_bytes").map(|bounds| bounds.map(Matcher::BytesLength)));
    fixed(bounds(table, "min_count", "max_count").map(|bounds| bounds.map(Matcher::Count)));
    if let Some(node) = table.take("from") {
        any = true;
        if side == Side::Match {
            let message = "what was noted never says that an entry does not apply: the agent chooses what it shows";
            node.mark.fail("from_misplaced", message);
        }
        found.extend(noted(node, context));
    }
    if !any {
        let noted = table
            .mark
            .fail("matcher_missing", "nothing is asked of the value");
        noted.help("a path with dots is one key, in quotes: \"to.domain\"");
    }
    found
}

/// `like` without a `*` would be equality, which has its own key.
fn pattern_only(matcher: Matcher) -> Result<Matcher, ScopeError> {
    match matcher {
        Matcher::Equals(crate::scope::Scalar::Text(text)) => Err(ScopeError::Wildcard(text)),
        matcher => Ok(matcher),
    }
}

fn text(
    node: Node<'_, '_>,
    matcher: impl Fn(&str) -> Result<Matcher, ScopeError>,
) -> Option<Matcher> {
    let text = node.text()?;
    if text.contains(['{', '}']) {
        node.mark
            .fail("braces", "no parameter can stand in a pattern");
        return None;
    }
    let matcher = matcher(text).map_err(ManifestError::from);
    trial(node.mark, "matcher_invalid", &matcher);
    matcher.ok()
}

fn choices(
    node: Node<'_, '_>,
    scale: Option<u8>,
    context: &Context<'_, '_>,
) -> Option<Vec<Slot<crate::scope::Scalar>>> {
    let choices = few(node, MAX_CHOICES)?;
    let choices: Vec<_> = choices.map(|node| constant(node, scale, context)).collect();
    choices.into_iter().collect()
}

/// A list that is not too long.
pub(super) fn few<'r, 'd>(
    node: Node<'r, 'd>,
    most: usize,
) -> Option<impl ExactSizeIterator<Item = Node<'r, 'd>>> {
    let list = node.list()?;
    if list.len() > most {
        let message = format!("there are at most {most} of these");
        node.mark.fail("too_many", message);
        return None;
    }
    Some(list)
}

/// A least and a greatest number of bytes or of elements, if there is one; `None` inside means that something was noted.
fn bounds(
    table: &mut Table<'_, '_>,
    min: &'static str,
    max: &'static str,
) -> Option<Option<Bounds>> {
    let (min, max) = (table.take(min), table.take(max));
    let place = max.or(min)?;
    let read = |node: Option<Node<'_, '_>>| match node {
        Some(node) => number(node).map(Some),
        None => Some(None),
    };
    let (min, max) = (read(min), read(max));
    let (Some(min), Some(max)) = (min, max) else {
        return Some(None);
    };
    let bounds = Bounds::new(min.unwrap_or(0), max).map_err(ManifestError::from);
    trial(place.mark, "matcher_invalid", &bounds);
    Some(bounds.ok())
}

fn number(node: Node<'_, '_>) -> Option<u32> {
    let number = node.integer()?;
    let value = u32::try_from(number).ok();
    if value.is_none() {
        let message = format!("{number} is not from 0 to {}", u32::MAX);
        node.mark.fail("out_of_range", message);
    }
    value
}

fn presence(table: &mut Table<'_, '_>, side: Side) -> Presence {
    let (key, other) = match side {
        Side::Grant => ("optional", Presence::Optional),
        Side::Match => ("if_present", Presence::IfPresent),
    };
    match table.take(key).and_then(Node::boolean) {
        Some(true) => other,
        _ => Presence::Required,
    }
}

fn quantifier(table: &mut Table<'_, '_>, matchers: usize) -> Quantifier {
    let some = table.take("some");
    let Some((node, true)) = some.and_then(|node| Some((node, node.boolean()?))) else {
        return Quantifier::Every;
    };
    // Each is judged by itself: it need not be the same element that satisfies both.
    if matchers > 1 {
        let message = "`some` with several matchers: each may hold for another element";
        node.mark.fail("some_of_several", message);
    }
    Quantifier::Some
}
