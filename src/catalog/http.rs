//! From an HTTP request to what it does.

use std::borrow::Cow;
use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::bind::Given;
use super::catalog::Catalog;
use super::error::MapError;
use super::plan::Plan;
use super::routes::{HttpRoute, Source};
use super::spec::OperationSpec;
use super::wire::{decoded, fields};
use crate::action::{HttpCall, Key, Tree, Value, preview_text};

/// The body of a request, whole, and what it says that it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Body<'a> {
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl Catalog {
    /// As [`map_http`](Self::map_http), for a service that must wait for its attributes.
    ///
    /// # Errors
    ///
    /// [`MapError`], with a stable code.
    pub fn plan_http(&self, call: &HttpCall, body: Body<'_>) -> Result<Plan<'_>, MapError> {
        // What is mapped is what the proof covers.
        if <[u8; 32]>::from(Sha256::digest(body.bytes)) != *call.body_sha256() {
            return Err(MapError::BodyMismatch);
        }
        let unmapped =
            || MapError::unmapped("route", &format!("{} {}", call.method(), call.path()));
        let raw: Vec<&str> = call
            .path()
            .strip_prefix('/')
            .ok_or_else(unmapped)?
            .split('/')
            .collect();
        canonical(&raw)?;
        let matching: Vec<_> = self
            .operations()
            .filter_map(|spec| {
                let route = spec
                    .http
                    .as_ref()
                    .filter(|it| it.method() == call.method())?;
                Some((spec, route, route.path.matched(&raw)?))
            })
            .collect();
        if matching.is_empty() {
            return Err(unmapped());
        }
        let query = call.query().map(Query::read).transpose()?;
        let wants_body = matching.iter().any(|(_, route, _)| route.body.is_some());
        let members = read_body(body, wants_body)?;
        let mut plan = Plan::new(&self.service);
        let mut used = Used::default();
        for (spec, route, taken) in matching {
            let mut given = Given::new();
            for (key, segments) in taken {
                let text: Result<Vec<_>, _> = segments.iter().map(|it| decoded(it)).collect();
                let path = route.path.is_rest(key) && is_path(spec, key);
                let root = if path { "/" } else { "" };
                given.insert(
                    key,
                    Cow::Owned(wire(spec, key, &format!("{root}{}", text?.join("/")))?),
                );
            }
            used.take(spec, route, &mut given, query.as_ref(), &members)?;
            plan.add(spec, &given)?;
        }
        used.everything(query.as_ref(), &members)?;
        match plan.is_empty() {
            true => Err(unmapped()),
            false => Ok(plan),
        }
    }
}

fn is_path(spec: &OperationSpec, key: &Key) -> bool {
    let kind = spec.arguments.get(key).map(|parameter| parameter.kind());
    kind == Some(&super::kind::Type::Path)
}

/// A value of its type, out of text.
fn wire(spec: &OperationSpec, key: &Key, text: &str) -> Result<Value, MapError> {
    let kind = spec.arguments.get(key).map(|parameter| parameter.kind());
    let value = kind.and_then(|kind| kind.wire_value(text));
    value.ok_or_else(|| MapError::ArgumentMistyped {
        argument: preview_text(key.as_str()),
        expected: kind.map(ToString::to_string).unwrap_or_default(),
        found: format!("`{}`", preview_text(text)),
    })
}

/// Every segment must be in its one spelling, whatever route it is of. The last may be empty: a slash at the end counts.
fn canonical(segments: &[&str]) -> Result<(), MapError> {
    let last = segments.len().saturating_sub(1);
    for (index, segment) in segments.iter().enumerate() {
        if !(segment.is_empty() && index == last) {
            decoded(segment)?;
        }
    }
    Ok(())
}

/// The fields of a query, each once.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Result<Self, MapError> {
        let fields = fields(query)?;
        let mut seen = BTreeSet::new();
        match fields.iter().find(|(name, _)| !seen.insert(name)) {
            Some((name, _)) => Err(MapError::ArgumentRepeated {
                argument: preview_text(name),
            }),
            None => Ok(Self(fields)),
        }
    }

    fn get(&self, name: &Key) -> Option<&str> {
        let mut fields = self.0.iter();
        let found = fields.find(|(field, _)| field == name.as_str());
        found.map(|(_, value)| value.as_str())
    }
}

/// A JSON object where a route takes one, and nothing where none does.
fn read_body(body: Body<'_>, wanted: bool) -> Result<Tree, MapError> {
    if !wanted {
        return match body.bytes {
            [] => Ok(Tree::empty()),
            _ => Err(MapError::BodyMalformed("the route takes none".to_owned())),
        };
    }
    if !body.content_type.is_some_and(is_json) {
        let why = "the content type is not application/json";
        return Err(MapError::BodyMalformed(why.to_owned()));
    }
    Ok(Tree::from_json_slice(body.bytes)?)
}

fn is_json(content_type: &str) -> bool {
    let (media, parameter) = match content_type.split_once(';') {
        Some((media, parameter)) => (media.trim_end(), Some(parameter.trim())),
        None => (content_type, None),
    };
    let utf8 = |it: &str| it.eq_ignore_ascii_case("charset=utf-8");
    media.eq_ignore_ascii_case("application/json") && parameter.is_none_or(utf8)
}

/// Which fields and members operations took.
#[derive(Default)]
struct Used<'a> {
    query: BTreeSet<&'a Key>,
    body: BTreeSet<&'a Key>,
}

impl<'a> Used<'a> {
    fn take(
        &mut self,
        spec: &'a OperationSpec,
        route: &'a HttpRoute,
        given: &mut Given<'a>,
        query: Option<&Query>,
        members: &'a Tree,
    ) -> Result<(), MapError> {
        for key in spec.arguments.keys() {
            let value = match route.source(key) {
                Source::Path | Source::Nowhere => None,
                Source::Query(field) => {
                    self.query.insert(field);
                    let text = query.and_then(|query| query.get(field));
                    text.map(|text| wire(spec, key, text))
                        .transpose()?
                        .map(Cow::Owned)
                }
                Source::Body(member) => {
                    self.body.insert(member);
                    members.root().get(member.as_str()).map(Cow::Borrowed)
                }
            };
            given.extend(value.map(|value| (key, value)));
        }
        Ok(())
    }

    /// Refuses what no operation took.
    fn everything(&self, query: Option<&Query>, members: &Tree) -> Result<(), MapError> {
        let unknown =
            |used: &BTreeSet<&Key>, name: &str| !used.iter().any(|it| it.as_str() == name);
        let mut names = query.map(|query| query.0.iter()).into_iter().flatten();
        if let Some((name, _)) = names.find(|(name, _)| unknown(&self.query, name)) {
            return Err(MapError::unknown(name));
        }
        match members
            .root()
            .iter()
            .find(|(key, _)| unknown(&self.body, key.as_str()))
        {
            Some((key, _)) => Err(MapError::unknown(key.as_str())),
            None => Ok(()),
        }
    }
}
