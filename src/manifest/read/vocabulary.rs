//! What the catalogs of a task's services know.

use super::Source;
use super::context::unknown;
use crate::action::{Effect, Service, preview_text};
use crate::catalog::{Catalog, OperationSpec, Type};
use crate::document::Mark;
use crate::manifest::Lock;
use crate::manifest::slot::Slot;
use crate::manifest::template::ResourceTemplate;
use crate::scope::{OperationPattern, Path, Step};

/// The operations that something may speak of.
#[derive(Clone, Default)]
pub(super) struct Vocabulary<'c> {
    /// `None` if nothing is known of them: then nothing is noted.
    known: Option<Vec<&'c OperationSpec>>,
    is_pinned: bool,
}

/// Which tree of an action.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    Arguments,
    Attributes,
}

impl<'c> Vocabulary<'c> {
    /// All operations of these services, each of which must have a catalog, and the one that is pinned, if any are.
    pub(super) fn of(source: Source<'_, 'c>, services: &[(Mark<'_, '_>, Service)]) -> Self {
        let Some(catalogs) = source.catalogs() else {
            return Self::default();
        };
        let mut known = Some(Vec::new());
        for (mark, service) in services {
            let own: Vec<_> = catalogs
                .iter()
                .filter(|catalog| catalog.service() == service)
                .collect();
            if own.is_empty() {
                let message = format!("there is no catalog of `{service}`");
                mark.fail("catalog_missing", message);
                known = None;
            }
            if let Some(lock) = source.lock() {
                own.iter().for_each(|catalog| pinned(*mark, catalog, lock));
            }
            let operations = own.into_iter().flat_map(|catalog| catalog.operations());
            known = known.map(|mut known| {
                known.extend(operations);
                known
            });
        }
        Self {
            known,
            is_pinned: source.lock().is_some(),
        }
    }

    /// Whether these are the operations that were reviewed.
    pub(super) const fn is_pinned(&self) -> bool {
        self.is_pinned
    }

    /// The operations, if they are known.
    pub(super) fn operations(&self) -> Option<&[&'c OperationSpec]> {
        self.known.as_deref()
    }

    /// Those of a pattern.
    pub(super) fn named(&self, mark: Mark<'_, '_>, pattern: &OperationPattern) -> Self {
        self.narrow(
            |spec| pattern.matches(spec.operation()),
            |all| {
                let message = format!("no operation `{pattern}` is in the catalog");
                let names = all.iter().map(|spec| spec.operation().as_str());
                let name = pattern.to_string();
                let _: Option<()> = unknown(mark, "operation_unknown", message, &name, names);
            },
        )
    }

    /// Those of an effect.
    pub(super) fn with_effect(&self, mark: Mark<'_, '_>, effect: Effect) -> Self {
        self.narrow(
            |spec| spec.effect() == effect,
            |all| {
                let (name, message) = (effect.as_str(), "in the catalog");
                let message = match all {
                    [one] => {
                        let own = one.effect().as_str();
                        format!("`{}` is `{own}` {message}, not `{name}`", one.operation())
                    }
                    _ => format!("no such operation is `{name}` {message}"),
                };
                mark.fail("effect_contradicts", message);
            },
        )
    }

    /// Those that could touch such a resource.
    pub(super) fn touching(&self, mark: Mark<'_, '_>, resource: &ResourceTemplate) -> Self {
        let segments: Vec<_> = resource
            .segments
            .iter()
            .map(|segment| match segment {
                Slot::Fixed(segment) => Some(segment),
                Slot::Parameter(_) => None,
            })
            .collect();
        self.narrow(
            |spec| spec.resource().meets(&segments, resource.tail),
            |all| {
                let message = "no such operation touches a resource of this form";
                let noted = mark.fail("resource_unreachable", message);
                if let [one] = all {
                    noted.help(format!(
                        "`{}` touches `{}`",
                        one.operation(),
                        preview_text(&one.resource().to_string())
                    ));
                }
            },
        )
    }

    /// Notes a path at which none of these operations has something that fits.
    pub(super) fn at(
        &self,
        mark: Mark<'_, '_>,
        tree: In,
        path: &Path,
        fits: impl Fn(&Type) -> bool,
    ) {
        let Some(known) = &self.known else { return };
        let kinds: Vec<_> = known
            .iter()
            .filter_map(|spec| kind_at(spec, tree, path))
            .collect();
        let (code, what) = match tree {
            In::Arguments => ("argument_unknown", "argument"),
            In::Attributes => ("attribute_unknown", "attribute"),
        };
        let shown = preview_text(&path.to_string());
        match kinds.first() {
            None => {
                let message = format!("no {what} `{shown}` is in the catalog");
                let names = known.iter().flat_map(|spec| names(spec, tree));
                let name = path.to_string();
                let _: Option<()> = unknown(mark, code, message, &name, names);
            }
            Some(kind) if !kinds.iter().any(&fits) => {
                let message = format!("{what} `{shown}` is {kind}, which this never matches");
                mark.fail("matcher_mistyped", message);
            }
            Some(_) => {}
        }
    }

    fn narrow(
        &self,
        keep: impl Fn(&OperationSpec) -> bool,
        none: impl FnOnce(&[&OperationSpec]),
    ) -> Self {
        let kept = self.known.as_ref().and_then(|known| {
            let kept: Vec<_> = known.iter().copied().filter(|spec| keep(spec)).collect();
            if kept.is_empty() {
                none(known);
                return None;
            }
            Some(kept)
        });
        Self {
            known: kept,
            is_pinned: self.is_pinned,
        }
    }
}

/// Notes a catalog that is not the one that is pinned.
fn pinned(mark: Mark<'_, '_>, catalog: &Catalog, lock: &Lock) {
    let (service, digest) = (catalog.service(), catalog.digest());
    let noted = match lock.digest_of(service) {
        Some(pinned) if pinned == digest => return,
        Some(pinned) => {
            let message = format!(
                "the catalog of `{service}` has the digest {digest}, and the lock pins {pinned}"
            );
            mark.fail("catalog_changed", message)
        }
        None => {
            let message = format!("the lock does not pin the catalog of `{service}`");
            mark.fail("lock_missing", message)
        }
    };
    noted.help("see what the lines cover now, and pin the catalogs anew");
}

fn names(spec: &OperationSpec, tree: In) -> Vec<&str> {
    match tree {
        In::Arguments => spec
            .arguments()
            .map(|(key, _)| key.as_str())
            .filter(|name| spec.argument_type(name).is_some())
            .collect(),
        In::Attributes => spec.attributes().map(|(key, _)| key.as_str()).collect(),
    }
}

/// What stands at a path of an operation's actions, if anything does.
pub(super) fn kind_at(spec: &OperationSpec, tree: In, path: &Path) -> Option<Type> {
    let (Step::Key(first), rest) = path.steps().split_first()? else {
        return None;
    };
    let kind = match tree {
        In::Arguments => spec.argument_type(first.as_str())?,
        In::Attributes => {
            let mut attributes = spec.attributes();
            attributes.find(|(key, _)| *key == first)?.1.kind()
        }
    };
    rest.iter().try_fold(kind.clone(), step)
}

/// What stands one step further. An address of mail or of a page is an object once it is read.
fn step(kind: Type, step: &Step) -> Option<Type> {
    match (kind, step) {
        (Type::Any, _) => Some(Type::Any),
        (Type::List(items), Step::Each) => Some(*items),
        (Type::Object(fields), Step::Key(key)) => Some(fields.get(key)?.kind().clone()),
        (Type::Email, Step::Key(key)) => match key.as_str() {
            "address" | "domain" => Some(Type::Text),
            _ => None,
        },
        (Type::Url, Step::Key(key)) => match key.as_str() {
            "scheme" | "host" | "query" => Some(Type::Text),
            "port" => Some(Type::Integer),
            "path" => Some(Type::List(Box::new(Type::Text))),
            _ => None,
        },
        _ => None,
    }
}
