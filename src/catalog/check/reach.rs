//! What must hold of the ways by which operations are reached.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, Place, Problem};
use crate::action::{Key, preview_text};
use crate::catalog::kind::Type;
use crate::catalog::routes::{HttpRoute, Source};
use crate::catalog::spec::{OperationSpec, Presence};

/// One path must mean one route, whatever order a router looks in.
pub(super) fn routes(operations: &[OperationSpec], problems: &mut Vec<Problem>) {
    let mut seen: Vec<(&OperationSpec, &HttpRoute)> = Vec::new();
    for spec in operations {
        let Some(route) = &spec.http else { continue };
        let rival = seen.iter().find(|(_, other)| {
            other.method == route.method
                && other.path.overlaps(&route.path)
                && !other.path.same_shape(&route.path)
        });
        if let Some((other, rival)) = rival {
            let message = format!(
                "one path can be both `{}` and `{}` of `{}`",
                route.path, rival.path, other.operation
            );
            let mut own = Checked { spec, problems };
            own.fail(Place::Path, "route_ambiguous", &message);
        }
        seen.push((spec, route));
    }
}

impl Checked<'_> {
    pub(super) fn tool(&mut self) {
        let Some(route) = &self.spec.tool else { return };
        self.names(&route.arguments, Place::ToolArgument, |theirs, ours| {
            route.source(ours) == theirs
        });
        let arguments = self.spec.arguments.keys();
        let sources = arguments.map(|key| (route.source(key), key));
        self.once(sources, Place::Tool);
    }

    pub(super) fn http(&mut self) {
        let Some(route) = &self.spec.http else { return };
        for key in route.path.parameters() {
            if !self.spec.arguments.contains_key(key) {
                let name = preview_text(key.as_str());
                let message = format!("`{{{name}}}` is no argument of the operation");
                self.fail(Place::Path, "parameter_unknown", &message);
            }
        }
        self.names(&route.query, Place::Query, |theirs, ours| {
            route.source(ours) == Source::Query(theirs)
        });
        if let Some(members) = &route.body {
            self.names(members, Place::Body, |theirs, ours| {
                route.source(ours) == Source::Body(theirs)
            });
        }
        self.sources(route);
        let members = self
            .spec
            .arguments
            .keys()
            .filter_map(|key| match route.source(key) {
                Source::Body(member) => Some((member, key)),
                _ => None,
            });
        self.once(members, Place::Http);
    }

    /// Every argument must come from somewhere, and fit there.
    fn sources(&mut self, route: &HttpRoute) {
        for (key, parameter) in &self.spec.arguments {
            let (name, kind) = (preview_text(key.as_str()), parameter.kind());
            let fits = match route.source(key) {
                Source::Path if route.path.is_rest(key) => kind.fits_rest(),
                Source::Path => kind.fits_wire() && *kind != Type::Path,
                Source::Query(_) => kind.fits_wire(),
                Source::Body(_) => true,
                Source::Nowhere if *parameter.presence() == Presence::Required => {
                    let message = format!("argument `{name}` is in neither path, query nor body");
                    self.fail(Place::Http, "argument_unreachable", &message);
                    continue;
                }
                Source::Nowhere => true,
            };
            if !fits {
                let kind = kind.name();
                let message =
                    format!("argument `{name}` is of type {kind}, which cannot stand there");
                self.fail(Place::Http, "argument_misplaced", &message);
            }
        }
    }

    /// What others call arguments must lead to arguments, and be where these come from.
    fn names(
        &mut self,
        names: &BTreeMap<Key, Key>,
        place: impl Fn(Key) -> Place,
        is_source: impl Fn(&Key, &Key) -> bool,
    ) {
        for (theirs, ours) in names {
            let name = preview_text(ours.as_str());
            let (code, message) = match self.spec.arguments.contains_key(ours) {
                false => (
                    "argument_unknown",
                    format!("`{name}` is no argument of the operation"),
                ),
                true if is_source(theirs, ours) => continue,
                true => (
                    "argument_twice",
                    format!("argument `{name}` comes from elsewhere"),
                ),
            };
            self.fail(place(theirs.clone()), code, &message);
        }
    }

    /// What others say once must not be two arguments.
    fn once<'k>(&mut self, sources: impl Iterator<Item = (&'k Key, &'k Key)>, place: Place) {
        let mut seen = BTreeSet::new();
        for (theirs, ours) in sources {
            if !seen.insert(theirs) {
                let message = format!(
                    "`{}` would be argument `{}` and another one too",
                    preview_text(theirs.as_str()),
                    preview_text(ours.as_str())
                );
                self.fail(place.clone(), "argument_twice", &message);
            }
        }
    }
}
