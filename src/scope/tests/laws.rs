//! What holds of all scopes.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::action::Resource;
use crate::scope::arbitrary::{
    Known, action, capability, known, law, operation_pattern, resource, resource_pattern, scope,
};
use crate::scope::doubt::pattern_matches;
use crate::scope::strict::capability_matches;
use crate::scope::{Label, OperationPattern, ResourcePattern, Seen, SegmentPattern, Tail};

/// What is random is costly to make, so that in a case each of so many is tried on each of so many.
const EACH: usize = 20;
/// Times 20 × 20: the laws are tried 10⁵ times.
const CASES: u32 = 250;

fn pairs<'a, A, B>(all: &'a [A], with: &'a [B]) -> impl Iterator<Item = (&'a A, &'a B)> {
    all.iter()
        .flat_map(move |one| with.iter().map(move |other| (one, other)))
}

/// How often something was so and not so: a law about nothing is no law.
#[derive(Default)]
struct Tally {
    yes: Cell<u32>,
    no: Cell<u32>,
}

impl Tally {
    fn count(&self, yes: bool) -> bool {
        let counter = if yes { &self.yes } else { &self.no };
        counter.set(counter.get() + 1);
        yes
    }

    /// Each at least so many in a hundred.
    #[track_caller]
    fn at_least(&self, percent: u32) {
        let (yes, no) = (self.yes.get(), self.no.get());
        let least = (yes + no) / 100 * percent;
        assert!(yes >= least && no >= least, "{yes} yes, {no} no");
    }
}

fn allows(layers: Layers<'_>, actions: &[Action], known: &Known) -> bool {
    known.with(|context| evaluate(layers, actions, context).is_allow())
}

#[test]
fn whatever_matches_strictly_matches_in_doubt() {
    let strict = Tally::default();
    let case = (vec(capability(), EACH), vec(action(), EACH), known());
    law(CASES, case, |(capabilities, actions, known)| {
        for (capability, action) in pairs(&capabilities, &actions) {
            let pattern = Pattern::from(capability);
            let granted = capability_matches(capability, action, &known.seen).is_ok();
            if strict.count(granted) {
                prop_assert!(
                    pattern_matches(&pattern, action, &known.seen),
                    "{pattern:?} {action:?}"
                );
            }
        }
        Ok(())
    });
    strict.at_least(5);
}

#[test]
fn a_child_never_allows_what_its_parent_denies() {
    let parent_allows = Tally::default();
    let case = (
        vec(vec(scope(), 2..5), EACH),
        vec(vec(action(), 1..3), EACH),
        known(),
    );
    law(CASES, case, |(chains, calls, known)| {
        for (chain, actions) in pairs(&chains, &calls) {
            let (child, parent) = chain.split_last().unwrap();
            let parent_allowed = allows(Layers::blocks(parent), actions, &known);
            if parent_allows.count(parent_allowed) {
                continue;
            }
            let under = [
                Layers::blocks(chain),
                Layers {
                    house: Some(child),
                    ..Layers::blocks(parent)
                },
                Layers {
                    ceiling: Some(child),
                    ..Layers::blocks(parent)
                },
            ];
            for layers in under {
                prop_assert!(!allows(layers, actions, &known), "{chain:?} {actions:?}");
            }
        }
        Ok(())
    });
    parent_allows.at_least(5);
}

#[test]
fn a_call_is_allowed_only_if_each_of_its_actions_is() {
    let together = Tally::default();
    let case = (vec(scope(), 1..3), vec(action(), 2..4), known());
    law(5_000, case, |(chain, actions, mut known)| {
        let layers = Layers::blocks(&chain);
        if together.count(allows(layers, &actions, &known)) {
            for action in &actions {
                prop_assert!(allows(layers, std::slice::from_ref(action), &known));
                // Approvals are by index.
                if !known.approved_by.is_empty() {
                    known.approved_by.remove(0);
                }
            }
        }
        Ok(())
    });
    together.at_least(2);
}

#[test]
fn taint_only_removes() {
    let decisive = Tally::default();
    let case = (
        vec(vec(scope(), 1..4), EACH),
        vec(vec(action(), 1), EACH),
        known(),
    );
    law(CASES, case, |(chains, calls, mut known)| {
        for (chain, actions) in pairs(&chains, &calls) {
            known.tainted = true;
            let tainted = allows(Layers::blocks(chain), actions, &known);
            known.tainted = false;
            let clean = allows(Layers::blocks(chain), actions, &known);
            prop_assert!(clean || !tainted);
            decisive.count(clean != tainted);
        }
        Ok(())
    });
    assert!(decisive.yes.get() > 200, "{}", decisive.yes.get());
}

#[test]
fn more_approvals_and_a_signature_only_add() {
    let decisive = Tally::default();
    let case = (
        vec(vec(scope(), 1..4), EACH),
        vec(vec(action(), 1), EACH),
        known(),
    );
    law(CASES, case, |(chains, calls, known)| {
        let mut best = known.clone();
        best.approved_by = vec![crate::scope::arbitrary::approvers().to_vec()];
        best.possession = crate::scope::Possession::Signature;
        for (chain, actions) in pairs(&chains, &calls) {
            let more = allows(Layers::blocks(chain), actions, &best);
            let less = allows(Layers::blocks(chain), actions, &known);
            prop_assert!(more || !less);
            decisive.count(more != less);
        }
        Ok(())
    });
    assert!(decisive.yes.get() > 200, "{}", decisive.yes.get());
}

#[test]
fn notes_change_nothing_for_scopes_that_read_none_and_only_add_where_capabilities_read_them() {
    let (plain, decisive) = (Tally::default(), Tally::default());
    let case = (
        vec(vec(scope(), 1..3), EACH),
        vec(vec(action(), 1), EACH),
        known(),
    );
    law(CASES, case, |(chains, calls, known)| {
        let mut unnoted = known.clone();
        unnoted.seen = Seen::new();
        for (chain, actions) in pairs(&chains, &calls) {
            // A gate leaves out what these read.
            if chain
                .iter()
                .any(|scope| scope.labels_in_doubt().next().is_some())
            {
                continue;
            }
            let more = allows(Layers::blocks(chain), actions, &known);
            let less = allows(Layers::blocks(chain), actions, &unnoted);
            prop_assert!(more || !less);
            let reads = chain.iter().any(|scope| scope.labels().next().is_some());
            if !plain.count(!reads) {
                decisive.count(more != less);
            } else {
                prop_assert_eq!(more, less);
            }
        }
        Ok(())
    });
    assert!(plain.yes.get() > 1_000, "{}", plain.yes.get());
    assert!(decisive.yes.get() > 5, "{}", decisive.yes.get());
}

#[test]
fn a_value_never_noted_is_never_admitted() {
    let admitted = Tally::default();
    let text = || prop_oneof!["[ab]{1,2}", Just(String::new())];
    let case = (
        vec(text(), 0..4),
        vec(text(), 0..4),
        vec(text(), 0..3),
        any::<bool>(),
    );
    law(20_000, case, |(noted, elsewhere, asked, some)| {
        let mut seen = Seen::new();
        for value in &noted {
            seen.note(Label::new("own").unwrap(), value);
        }
        for value in &elsewhere {
            seen.note(Label::new("other").unwrap(), value);
        }
        let mut constraint = is("to.*", Matcher::from_label("own"));
        if some {
            constraint = constraint.some().unwrap();
        }
        let list = asked
            .iter()
            .map(|text| crate::action::Value::from(text.as_str()));
        let list = crate::action::Value::List(list.collect());
        let action = mail("{}").with_arguments(Tree::from_pairs([("to", list)]).unwrap());
        let mut context = noon();
        context.seen = &seen;
        let granted = strictly(&[constraint], &action, &context);
        let is_noted = |value: &String| noted.contains(value);
        let all = !asked.is_empty() && asked.iter().all(is_noted);
        let expected = if some {
            asked.iter().any(is_noted)
        } else {
            all
        };
        prop_assert_eq!(admitted.count(granted), expected);
        Ok(())
    });
    admitted.at_least(10);
}

#[test]
fn a_denial_has_reasons_that_are_stable_and_of_one_line() {
    let denied = Tally::default();
    let layers = (
        prop::option::of(scope()),
        vec(scope(), 1..4),
        prop::option::of(scope()),
    );
    law(
        2_000,
        (layers, vec(action(), 1..4), known()),
        |(scopes, actions, known)| {
            let (ceiling, blocks, house) = scopes;
            let layers = Layers {
                ceiling: ceiling.as_ref(),
                blocks: &blocks,
                house: house.as_ref(),
                brakes: None,
            };
            known.with(|context| {
                let Verdict::Deny(reasons) = evaluate(layers, &actions, context) else {
                    denied.count(false);
                    return Ok(());
                };
                denied.count(true);
                prop_assert!(!reasons.is_empty());
                prop_assert_eq!(&reasons, &super::reasons(layers, &actions, context));
                for reason in &reasons {
                    let line = reason.to_string();
                    prop_assert!(
                        !line.is_empty() && !line.chars().any(char::is_control),
                        "{line}"
                    );
                    prop_assert!(!line.ends_with('.'), "{line}");
                    prop_assert!(reason.action < actions.len());
                }
                prop_assert!(reasons.is_sorted_by_key(|reason| (reason.action, reason.origin)));
                Ok(())
            })
        },
    );
    denied.at_least(1);
}

#[test]
fn an_allow_and_its_dues_are_stable() {
    law(
        2_000,
        (vec(scope(), 1..3), vec(action(), 1..3), known()),
        |(chain, actions, known)| {
            known.with(|context| {
                let Verdict::Allow(dues) = evaluate(Layers::blocks(&chain), &actions, context)
                else {
                    return Ok(());
                };
                prop_assert!(dues.iter().eq(dues.iter()));
                prop_assert_eq!(dues.is_empty(), dues.iter().count() == 0);
                Ok(())
            })
        },
    );
}

#[test]
fn patterns_read_back_from_their_text() {
    law(
        5_000,
        (resource_pattern(), operation_pattern()),
        |(resources, operations)| {
            prop_assert_eq!(
                resources.to_string().parse::<ResourcePattern>(),
                Ok(resources)
            );
            prop_assert_eq!(
                operations.to_string().parse::<OperationPattern>(),
                Ok(operations)
            );
            Ok(())
        },
    );
}

#[test]
fn a_text_that_is_read_as_a_pattern_is_its_one_text() {
    law(20_000, r"[a./*\\%ü]{0,8}", |text| {
        if let Ok(pattern) = text.parse::<ResourcePattern>() {
            prop_assert_eq!(pattern.to_string(), text.clone());
        }
        if let Ok(pattern) = text.parse::<OperationPattern>() {
            prop_assert_eq!(pattern.to_string(), text);
        }
        Ok(())
    });
}

#[test]
fn a_resource_pattern_names_what_trying_every_length_of_a_star_finds() {
    let matched = Tally::default();
    law(
        5_000,
        (resource_pattern(), vec(resource(), EACH)),
        |(pattern, resources)| {
            for resource in &resources {
                let found = matched.count(pattern.matches(resource));
                prop_assert_eq!(found, tried(&pattern, resource), "{} {}", pattern, resource);
            }
            Ok(())
        },
    );
    matched.at_least(10);
}

/// The slow way: every way to give segments to the tail and bytes to a star.
fn tried(pattern: &ResourcePattern, resource: &Resource) -> bool {
    let given: Vec<_> = resource.segments().iter().map(|one| one.as_str()).collect();
    let tails = match pattern.tail() {
        Tail::Closed => 0..=0,
        Tail::Open => 1..=given.len(),
    };
    tails.into_iter().any(|tail| {
        let (before, after) = given.split_at(given.len() - tail);
        after.len() == tail
            && before.len() == pattern.segments().len()
            && pattern
                .segments()
                .iter()
                .zip(before)
                .all(|(own, given)| match own {
                    SegmentPattern::Literal(literal) => literal.as_str() == *given,
                    SegmentPattern::Any => true,
                    SegmentPattern::Affix(affix) => (0..given.len()).any(|start| {
                        (start + 1..=given.len()).any(|end| {
                            given.as_bytes()[..start] == *affix.prefix().as_bytes()
                                && given.as_bytes()[end..] == *affix.suffix().as_bytes()
                        })
                    }),
                })
    })
}
