//! Where parameters stand, and what else stands there.

use std::collections::{BTreeMap, BTreeSet};

use super::resources::Resources;
use crate::manifest::slot::Slot;
use crate::manifest::template::{
    ConditionTemplate, ConstraintTemplate, Constraints, Ends, MatcherTemplate, Of,
};
use crate::manifest::{Manifest, Name};
use crate::scope::{
    Capability, Condition, Constraint, IntRange, Matcher, Pattern, Scalar, Scope, TextPattern,
};

/// A place where a value is compared with others. What stands elsewhere is never compared with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Argument(String),
    Attribute(String),
    /// A segment of the object that was noted of.
    Noted(String, usize),
    Cap(String),
}

/// What stands at a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    pub(super) texts: BTreeSet<String>,
    pub(super) patterns: BTreeSet<(String, String)>,
    /// Integers, or units of decimals.
    pub(super) numbers: BTreeSet<i64>,
    /// Up to these lengths, and from there on, a text is another.
    pub(super) lengths: BTreeSet<u32>,
    pub(super) parameters: BTreeSet<Name>,
}

/// What stands at each place of some task files, scopes and patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    resources: Resources,
    others: BTreeMap<Place, Neighbours>,
}

impl Places {
    /// All that a parameter is compared with, wherever it stands.
    pub(super) fn beside(&self, name: &Name) -> Neighbours {
        let places = self.others.values();
        let own = places.filter(|it| it.parameters.contains(name)).cloned();
        let mut all = own.fold(Neighbours::default(), |mut all, it| {
            all.texts.extend(it.texts);
            all.patterns.extend(it.patterns);
            all.numbers.extend(it.numbers);
            all.lengths.extend(it.lengths);
            all.parameters.extend(it.parameters);
            all
        });
        self.resources.beside(name, &mut all);
        all
    }

    pub(super) fn manifest(&mut self, manifest: &Manifest) {
        for grant in &manifest.allow {
            self.resources.template(&grant.resource);
            self.constraint_templates(&grant.constraints);
        }
        let demanded = manifest.require.iter().filter_map(|it| match &it.of {
            Of::Match(pattern) => Some(pattern),
            Of::Grant(_) => None,
        });
        let never = manifest.never.iter().map(|it| &it.pattern);
        for pattern in manifest.deny.iter().chain(demanded).chain(never) {
            let resource = pattern.resource.iter();
            resource.for_each(|it| self.resources.template(it));
            self.constraint_templates(&pattern.constraints);
        }
        self.arguments(manifest.vocabulary.argument_constraints());
        self.attributes(manifest.vocabulary.attribute_constraints());
        for demand in &manifest.require {
            if let ConditionTemplate::Budget(budget) = &demand.condition {
                self.number(Place::Cap(budget.name.clone()), &budget.cap);
            }
        }
    }

    pub(super) fn scope(&mut self, scope: &Scope) {
        for capability in scope.allow().unwrap_or_default() {
            self.capability(capability);
        }
        for pattern in scope.deny() {
            self.pattern(pattern);
        }
        for requirement in scope.require() {
            self.pattern(requirement.pattern());
            if let Condition::Budget(budget) = requirement.condition() {
                let place = Place::Cap(budget.name().to_string());
                self.at(place).numbers.insert(budget.cap());
            }
        }
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        let resource = pattern.resource_pattern().into_iter();
        resource.for_each(|it| self.resources.pattern(it));
        self.arguments(pattern.arguments());
        self.attributes(pattern.attributes());
    }

    pub(super) fn arguments<'a>(&mut self, all: impl IntoIterator<Item = &'a Constraint>) {
        for it in all {
            self.matcher(Place::Argument(it.path().to_string()), it.matcher());
        }
    }

    pub(super) fn attributes<'a>(&mut self, all: impl IntoIterator<Item = &'a Constraint>) {
        for it in all {
            self.matcher(Place::Attribute(it.path().to_string()), it.matcher());
        }
    }

    fn capability(&mut self, capability: &Capability) {
        self.resources.pattern(capability.resource());
        self.arguments(capability.arguments());
        self.attributes(capability.attributes());
    }

    fn at(&mut self, place: Place) -> &mut Neighbours {
        self.others.entry(place).or_default()
    }

    fn matcher(&mut self, place: Place, matcher: &Matcher) {
        match matcher {
            Matcher::Equals(constant) => self.constant(place, constant),
            Matcher::OneOf(choices) => {
                for constant in choices.as_slice() {
                    self.constant(place.clone(), constant);
                }
            }
            Matcher::Text(pattern) => {
                self.at(place).patterns.insert(ends(pattern));
            }
            Matcher::TextLength(bounds) => {
                // No parameter is empty.
                let too_short = bounds.min().checked_sub(1).filter(|it| *it > 0);
                let ends = [too_short, bounds.max()];
                self.at(place).lengths.extend(ends.into_iter().flatten());
            }
            Matcher::Int(range) => self.range(place, range),
            Matcher::Decimal(range) => self.range(place, range.units()),
            Matcher::From(label) => {
                let object = label.object().unwrap_or_default();
                for (index, segment) in object.split('/').enumerate() {
                    let place = Place::Noted(label.field().to_owned(), index);
                    self.at(place).texts.insert(segment.to_owned());
                }
            }
            _ => {}
        }
    }

    fn constant(&mut self, place: Place, constant: &Scalar) {
        let at = self.at(place);
        match constant {
            Scalar::Text(text) => {
                at.texts.insert(text.clone());
            }
            Scalar::Int(value) => {
                at.numbers.insert(*value);
            }
            Scalar::Decimal(value) => {
                at.numbers.insert(value.units());
            }
            Scalar::Bool(_) | Scalar::Bytes(_) | Scalar::Number(_) => {}
        }
    }

    fn range(&mut self, place: Place, range: &IntRange) {
        let ends = [range.min(), range.max()];
        self.at(place).numbers.extend(ends.into_iter().flatten());
    }

    fn constraint_templates(&mut self, constraints: &Constraints) {
        for it in &constraints.arguments {
            self.matcher_template(Place::Argument(it.path.to_string()), it);
        }
        for it in &constraints.attributes {
            self.matcher_template(Place::Attribute(it.path.to_string()), it);
        }
    }

    fn matcher_template(&mut self, place: Place, constraint: &ConstraintTemplate) {
        match &constraint.matcher {
            MatcherTemplate::Fixed(matcher) => self.matcher(place, matcher),
            MatcherTemplate::Equals(slot) => self.constant_slot(place, slot),
            MatcherTemplate::OneOf(slots) => {
                for slot in slots {
                    self.constant_slot(place.clone(), slot);
                }
            }
            MatcherTemplate::Int(ends) | MatcherTemplate::Decimal(_, ends) => {
                let Ends { min, max } = ends;
                for end in [min, max].into_iter().flatten() {
                    self.number(place.clone(), end);
                }
            }
            MatcherTemplate::Noted { field, object } => {
                for (index, slot) in object.iter().enumerate() {
                    let place = Place::Noted(field.field().to_owned(), index);
                    match slot {
                        Slot::Fixed(segment) => {
                            let text = segment.as_str().to_owned();
                            self.at(place).texts.insert(text);
                        }
                        Slot::Parameter(name) => self.parameter(place, name),
                    }
                }
            }
        }
    }

    fn constant_slot(&mut self, place: Place, slot: &Slot<Scalar>) {
        match slot {
            Slot::Fixed(constant) => self.constant(place, constant),
            Slot::Parameter(name) => self.parameter(place, name),
        }
    }

    fn number(&mut self, place: Place, slot: &Slot<i64>) {
        match slot {
            Slot::Fixed(number) => {
                self.at(place).numbers.insert(*number);
            }
            Slot::Parameter(name) => self.parameter(place, name),
        }
    }

    fn parameter(&mut self, place: Place, name: &Name) {
        self.at(place).parameters.insert(name.clone());
    }
}

/// What a text that is like the pattern begins and ends with.
pub(super) fn ends(pattern: &TextPattern) -> (String, String) {
    (pattern.prefix().to_owned(), pattern.suffix().to_owned())
}
