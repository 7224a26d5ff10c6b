//! Which segments are compared with which: those of patterns that some resource matches both of.

use super::places::{Neighbours, ends};
use crate::manifest::Name;
use crate::manifest::slot::Slot;
use crate::manifest::template::ResourceTemplate;
use crate::scope::{ResourcePattern, SegmentPattern, Tail};

/// The resource patterns of some task files, scopes and patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct Resources(Vec<ResourceTemplate>);

impl Resources {
    pub(super) fn pattern(&mut self, pattern: &ResourcePattern) {
        let fixed = pattern.segments().iter().cloned().map(Slot::Fixed);
        self.template(&ResourceTemplate {
            segments: fixed.collect(),
            tail: pattern.tail(),
        });
    }

    pub(super) fn template(&mut self, template: &ResourceTemplate) {
        if !self.0.contains(template) {
            self.0.push(template.clone());
        }
    }

    /// Adds what stands where this parameter does.
    pub(super) fn beside(&self, name: &Name, all: &mut Neighbours) {
        for own in &self.0 {
            let met = self.0.iter().filter(|other| may_meet(own, other));
            for other in met {
                let pairs = own.segments.iter().zip(&other.segments);
                for (_, segment) in pairs.filter(|(own, _)| is_of(own, name)) {
                    add(segment, all);
                }
            }
        }
    }
}

fn is_of(segment: &Slot<SegmentPattern>, name: &Name) -> bool {
    matches!(segment, Slot::Parameter(own) if own == name)
}

/// Whether a resource may match both.
fn may_meet(one: &ResourceTemplate, other: &ResourceTemplate) -> bool {
    let (short, long) = match one.segments.len() <= other.segments.len() {
        true => (one, other),
        false => (other, one),
    };
    let fits = match (short.tail, long.tail) {
        (Tail::Closed, Tail::Closed) => short.segments.len() == long.segments.len(),
        (Tail::Closed, Tail::Open) => false,
        (Tail::Open, Tail::Closed) => short.segments.len() < long.segments.len(),
        (Tail::Open, Tail::Open) => true,
    };
    let mut pairs = one.segments.iter().zip(&other.segments);
    fits && pairs.all(|pair| match pair {
        (
            Slot::Fixed(SegmentPattern::Literal(one)),
            Slot::Fixed(SegmentPattern::Literal(other)),
        ) => one == other,
        _ => true,
    })
}

fn add(segment: &Slot<SegmentPattern>, all: &mut Neighbours) {
    match segment {
        Slot::Parameter(name) => {
            all.parameters.insert(name.clone());
        }
        Slot::Fixed(SegmentPattern::Literal(literal)) => {
            all.texts.insert(literal.as_str().to_owned());
        }
        Slot::Fixed(SegmentPattern::Affix(affix)) => {
            all.patterns.insert(ends(affix));
        }
        Slot::Fixed(SegmentPattern::Any) => {}
    }
}
