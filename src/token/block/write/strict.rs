//! Constraints of capabilities: every one must definitely hold.
//!
//! Each constraint is told by itself, in order, as parts that must all hold. A guard comes before what would be an error
//! without it.

use super::chain::{Chain, tried};
use super::place::{Place, member_key, member_key_is_text};
use super::test::{
    affixes, bounds, int_range, is_any_text, is_noted, noted_kind, one_of, tagged, tagged_kind,
};
use crate::action::Key;
use crate::scope::{Constraint, Matcher, Presence, Quantifier, Step};
use crate::token::block::words::{self, kind};
use crate::token::datalog::{Binary, Sink, Term, Unary};

/// One constraint, among all of its tree.
pub(super) fn constraint<S: Sink>(
    sink: &mut S,
    chain: &mut Chain,
    all: &[Constraint],
    constraint: &Constraint,
    tree: &'static str,
) {
    let strict = Strict { all, constraint };
    strict.hold(sink, chain, Place::root(tree, constraint.path()));
}

struct Strict<'c> {
    all: &'c [Constraint],
    constraint: &'c Constraint,
}

impl Strict<'_> {
    fn hold<S: Sink>(&self, sink: &mut S, chain: &mut Chain, place: Place<'_>) {
        match place.next() {
            None => leaf(sink, chain, self.constraint.matcher(), place),
            Some(Step::Key(_)) => self.member(sink, chain, place),
            Some(Step::Each) => self.elements(sink, chain, place),
        }
    }

    fn member<S: Sink>(&self, sink: &mut S, chain: &mut Chain, place: Place<'_>) {
        let optional = self.constraint.presence() == Presence::Optional;
        if !place.is_root() {
            chain.part(sink, |sink| {
                place.kind(sink, Binary::StrictEqual, kind::MAP)
            });
            if optional {
                // A decimal is a map too, without the member: absence inside what is no object must not count.
                chain.part(sink, |sink| {
                    place.member_keys(sink, Binary::All, Binary::StrictEqual)
                });
            }
        }
        if !optional {
            return self.hold(sink, chain, place.member());
        }
        let parens = chain.needs_parens();
        chain.part(sink, |sink| {
            place.has_member(sink);
            sink.unary(Unary::Negate);
            sink.closure(None, |sink| {
                self.hold(sink, &mut Chain::and(), place.member())
            });
            sink.binary(Binary::Or);
            if parens {
                sink.unary(Unary::Parens);
            }
        });
    }

    fn elements<S: Sink>(&self, sink: &mut S, chain: &mut Chain, place: Place<'_>) {
        let innermost = !self
            .constraint
            .path()
            .steps()
            .iter()
            .skip(place.steps().len() + 1)
            .any(|step| *step == Step::Each);
        let some = innermost && self.constraint.quantifier() == Quantifier::Some;
        chain.part(sink, |sink| {
            place.kind(sink, Binary::StrictEqual, kind::LIST)
        });
        if !some && !self.is_counted(place.steps()) {
            chain.part(sink, |sink| place.length(sink, Binary::Greater, 0));
        }
        chain.part(sink, |sink| {
            place.value(sink);
            sink.closure(Some(place.element_name()), |sink| {
                self.hold(sink, &mut Chain::and(), place.element())
            });
            sink.binary(if some { Binary::Any } else { Binary::All });
        });
    }

    /// Whether a count of this list says already what holds for an empty one.
    fn is_counted(&self, list: &[Step]) -> bool {
        self.all.iter().any(|other| match other.matcher() {
            Matcher::Count(bounds) if other.path().steps() == list => {
                bounds.contains(0) || other.quantifier() == Quantifier::Every
            }
            _ => false,
        })
    }
}

fn leaf<S: Sink>(sink: &mut S, chain: &mut Chain, matcher: &Matcher, place: Place<'_>) {
    let is_kind = |sink: &mut S, kind| place.kind(sink, Binary::StrictEqual, kind);
    match matcher {
        Matcher::Equals(scalar) => {
            chain.part(sink, |sink| {
                place.compare(sink, Binary::Equal, scalar.into())
            });
        }
        Matcher::OneOf(choices) => chain.part(sink, |sink| one_of(sink, choices, place)),
        Matcher::Int(range) => chain.part(sink, |sink| {
            tried(sink, false, |sink| {
                int_range(sink, &mut Chain::and(), range, |sink| place.value(sink))
            });
        }),
        Matcher::Decimal(range) => {
            let key = range.scale().into();
            tagged_kind(sink, chain, place, key, kind::INTEGER, Binary::StrictEqual);
            int_range(sink, chain, range.units(), |sink| tagged(sink, place, key));
        }
        Matcher::Text(pattern) if is_any_text(pattern) => {
            chain.part(sink, |sink| is_kind(sink, kind::TEXT));
            chain.part(sink, |sink| place.length(sink, Binary::Greater, 0));
        }
        Matcher::Text(pattern) => chain.part(sink, |sink| {
            tried(sink, false, |sink| {
                affixes(sink, &mut Chain::and(), pattern, |sink| place.value(sink))
            });
        }),
        Matcher::TextLength(length) => {
            chain.part(sink, |sink| is_kind(sink, kind::TEXT));
            bounds(sink, chain, length, place);
        }
        Matcher::BytesLength(length) => {
            chain.part(sink, |sink| is_kind(sink, kind::BYTES));
            bounds(sink, chain, length, place);
        }
        Matcher::Count(count) => {
            chain.part(sink, |sink| is_kind(sink, kind::LIST));
            bounds(sink, chain, count, place);
        }
        Matcher::From(label) => {
            chain.part(sink, |sink| noted_kind(sink, label, Binary::StrictEqual));
            chain.part(sink, |sink| is_noted(sink, label, place));
        }
    }
}

/// That no object on a constrained path has a member that no constraint names.
///
/// Comes after the constraints, and leans on what they make sure of: an object that has all of its named members, and as
/// many members as names, has no other.
pub(super) fn closed<S: Sink>(
    sink: &mut S,
    chain: &mut Chain,
    all: &[Constraint],
    tree: &'static str,
) {
    if let Some(constraint) = all.first() {
        Closed { all }.object(sink, chain, Place::root(tree, constraint.path()), true);
    }
}

struct Closed<'c> {
    all: &'c [Constraint],
}

impl<'c> Closed<'c> {
    /// An object, or (if that is not sure) a map.
    fn object<S: Sink>(&self, sink: &mut S, chain: &mut Chain, place: Place<'_>, sure: bool) {
        let path = place.steps();
        let names = self.names(path);
        if names
            .iter()
            .all(|name| self.requires(path, |step| is_key(step, name)))
        {
            chain.part(sink, |sink| {
                place.length(sink, Binary::StrictEqual, names.len() as i64)
            });
        } else {
            chain.part(sink, |sink| {
                place.value(sink);
                sink.closure(Some(words::MEMBER), |sink| {
                    let either = &mut Chain::or();
                    if !sure {
                        // The key of a decimal is no text, and a decimal is no object that could have a member too many.
                        either.part(sink, |sink| {
                            member_key_is_text(sink, Binary::StrictNotEqual)
                        });
                    }
                    either.part(sink, |sink| {
                        sink.value(Term::List(&names.as_slice()));
                        member_key(sink);
                        sink.binary(Binary::Contains);
                    });
                });
                sink.binary(Binary::All);
            });
        }
        for name in names {
            if let Some(constraint) = self.through(path, |step| is_key(step, name)).next() {
                self.inside(sink, chain, place.along(constraint.path()).member());
            }
        }
    }

    /// What stands inside a member or an element, as an object and as a list.
    fn inside<S: Sink>(&self, sink: &mut S, chain: &mut Chain, place: Place<'_>) {
        let path = place.steps();
        let key = |step: &Step| matches!(step, Step::Key(_));
        let each = |step: &Step| *step == Step::Each;
        if self.through(path, key).next().is_some() {
            let sure = self.requires(path, key);
            guarded(sink, chain, place, kind::MAP, sure, |sink, chain| {
                self.object(sink, chain, place, sure);
            });
        }
        let list = self.through(path, each).find(|constraint| {
            constraint
                .path()
                .steps()
                .iter()
                .skip(path.len() + 1)
                .any(key)
        });
        if let Some(constraint) = list {
            let place = place.along(constraint.path());
            let sure = self.requires(path, each);
            guarded(sink, chain, place, kind::LIST, sure, |sink, chain| {
                chain.part(sink, |sink| {
                    place.value(sink);
                    sink.closure(Some(place.element_name()), |sink| {
                        self.inside(sink, &mut Chain::and(), place.element());
                    });
                    sink.binary(Binary::All);
                });
            });
        }
    }

    /// The members of the object at `path` that constraints name, in their order.
    fn names(&self, path: &[Step]) -> Vec<&'c Key> {
        let mut names = Vec::new();
        for constraint in self.through(path, |step| matches!(step, Step::Key(_))) {
            if let Some(Step::Key(key)) = constraint.path().steps().get(path.len())
                && !names.contains(&key)
            {
                names.push(key);
            }
        }
        names
    }

    /// The constraints that go through `path`, and on by such a step.
    fn through(
        &self,
        path: &[Step],
        on: impl Fn(&Step) -> bool,
    ) -> impl Iterator<Item = &'c Constraint> {
        let all = self.all;
        all.iter().filter(move |constraint| {
            let steps = constraint.path().steps();
            steps.starts_with(path) && steps.get(path.len()).is_some_and(&on)
        })
    }

    /// Whether some constraint makes sure that whatever stands at `path` can be gone on from by such a step.
    fn requires(&self, path: &[Step], on: impl Fn(&Step) -> bool) -> bool {
        self.through(path, on).any(|constraint| {
            let steps = constraint.path().steps();
            let innermost_list = steps.iter().rposition(|step| *step == Step::Each);
            constraint.presence() == Presence::Required
                && (constraint.quantifier() == Quantifier::Every
                    // Under `some`, the innermost list can have elements of any kind.
                    || innermost_list.is_none_or(|list| list >= path.len()))
        })
    }
}

/// `….type() !== "…" || (parts)`, or only the parts if the type is sure.
fn guarded<S: Sink>(
    sink: &mut S,
    chain: &mut Chain,
    place: Place<'_>,
    kind: &str,
    sure: bool,
    parts: impl FnOnce(&mut S, &mut Chain),
) {
    if sure {
        return parts(sink, chain);
    }
    let parens = chain.is_one_expression();
    chain.part(sink, |sink| {
        place.kind(sink, Binary::StrictNotEqual, kind);
        sink.closure(None, |sink| parts(sink, &mut Chain::and()));
        sink.binary(Binary::Or);
        if parens {
            sink.unary(Unary::Parens);
        }
    });
}

fn is_key(step: &Step, name: &Key) -> bool {
    matches!(step, Step::Key(key) if key == name)
}

impl<'a> From<&'a &Key> for Term<'a> {
    fn from(key: &'a &Key) -> Self {
        Term::Text(key.as_str())
    }
}
