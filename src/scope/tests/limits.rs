//! Time, audience and depth, of every layer.

use super::*;
use crate::scope::Possession;

#[test]
fn a_scope_holds_from_its_first_second_to_before_its_last() {
    let scope = Scope::builder()
        .not_before(at(NOON))
        .not_after(at(NOON + 60))
        .build()
        .unwrap();
    let millis = |millis| Context::at(Timestamp::from_unix_millis(millis).unwrap());
    let noon = NOON * 1000;
    for (now, expected) in [
        (0, false),
        (noon - 1, false),
        (noon, true),
        (noon + 59_999, true),
        (noon + 60_000, false),
        (Timestamp::MAX.unix_millis(), false),
    ] {
        assert_eq!(
            permits(&scope, &mail("{}"), &millis(now)),
            expected,
            "{now}"
        );
    }
}

#[test]
fn a_window_is_narrowed_to_whole_seconds() {
    let half = |second: u64| Timestamp::from_unix_millis(second * 1000 + 500).unwrap();
    let scope = Scope::builder()
        .not_before(half(NOON))
        .not_after(half(NOON + 60))
        .build()
        .unwrap();
    assert_eq!(scope.window().not_before(), Some(at(NOON + 1)));
    assert_eq!(scope.window().not_after(), Some(at(NOON + 60)));
    // Within one second nothing is left.
    let within = Scope::builder()
        .not_before(half(NOON))
        .not_after(half(NOON));
    assert_eq!(within.build(), Err(crate::scope::ScopeError::EmptyWindow));
    // The last second of all has no next one to round up to.
    let last = Scope::builder().not_before(Timestamp::MAX).build().unwrap();
    assert_eq!(
        last.window().not_before().map(Timestamp::unix_seconds),
        Some(253_402_300_799)
    );
}

#[test]
fn each_end_of_a_window_can_be_open() {
    let start = Scope::builder().not_before(at(NOON)).build().unwrap();
    assert!(permits(&start, &mail("{}"), &Context::at(Timestamp::MAX)));
    assert!(!permits(&start, &mail("{}"), &Context::at(at(0))));
    let end = Scope::builder().not_after(at(NOON)).build().unwrap();
    assert!(permits(&end, &mail("{}"), &Context::at(at(0))));
    assert!(!permits(&end, &mail("{}"), &Context::at(Timestamp::MAX)));
}

#[test]
fn one_of_the_audiences_must_be_the_very_service() {
    let only = |names: &[&str]| {
        let names = names.iter().map(|name| name.parse().unwrap());
        Scope::builder().audience_only(names).build().unwrap()
    };
    assert!(permits(&only(&["forum"]), &mail("{}"), &noon()));
    assert!(permits(&only(&["drive", "forum"]), &mail("{}"), &noon()));
    for other in ["Forum", "forum.example", "foru", "forum/"] {
        assert!(!permits(&only(&[other]), &mail("{}"), &noon()), "{other}");
    }
}

#[test]
fn depth_counts_the_blocks_after_the_first_and_every_layer_can_limit_it() {
    let free = Scope::default();
    let limited = |limit| Scope::builder().max_depth(limit).build().unwrap();
    let blocks = |first: Scope, more: usize| {
        let mut blocks = vec![free.clone(); more + 1];
        blocks[0] = first;
        blocks
    };
    let allows = |layers: Layers<'_>| evaluate(layers, &[mail("{}")], &noon()).is_allow();
    for limit in 0..4 {
        for more in 0..4 {
            let expected = more <= limit as usize;
            let chain = blocks(limited(limit), more);
            assert_eq!(allows(Layers::blocks(&chain)), expected, "{more} {limit}");
            let chain = blocks(free.clone(), more);
            let ceiling = limited(limit);
            let layers = Layers {
                ceiling: Some(&ceiling),
                ..Layers::blocks(&chain)
            };
            assert_eq!(allows(layers), expected, "{more} {limit}");
            let layers = Layers {
                house: Some(&ceiling),
                ..Layers::blocks(&chain)
            };
            assert_eq!(allows(layers), expected, "{more} {limit}");
        }
    }
    // A deeper limit in a later block widens nothing.
    let widened = [limited(0), limited(9)];
    assert!(!allows(Layers::blocks(&widened)));
}

#[test]
fn later_blocks_widen_nothing() {
    let base = || {
        Scope::builder()
            .allow(Capability::operation("forum.read", "forum/42").unwrap())
            .audience("forum".parse().unwrap())
            .not_before(at(NOON))
            .not_after(at(NOON + 60))
    };
    let wide = Scope::builder()
        .allow(Capability::operation("forum.*", "**").unwrap())
        .audience("forum".parse().unwrap())
        .audience("mail".parse().unwrap())
        .not_before(at(0))
        .not_after(at(NOON + 3600))
        .build()
        .unwrap();
    let chain = [base().build().unwrap(), wide];
    let allows = |action: Action, now| {
        evaluate(Layers::blocks(&chain), &[action], &Context::at(at(now))).is_allow()
    };
    let read = |resource| action("forum.read", Effect::Read, resource);
    assert!(allows(read("forum/42"), NOON));
    assert!(!allows(read("forum/43"), NOON));
    assert!(!allows(
        action("forum.post", Effect::Read, "forum/42"),
        NOON
    ));
    assert!(!allows(read("forum/42"), NOON - 1));
    assert!(!allows(read("forum/42"), NOON + 60));
    let elsewhere = Action::new(
        "mail".parse().unwrap(),
        "forum.read".parse().unwrap(),
        Effect::Read,
        "forum/42".parse().unwrap(),
    );
    assert!(!allows(elsewhere, NOON));
}

#[test]
fn every_action_of_a_call_must_be_permitted() {
    let scope = granting(Capability::operation("forum.read", "forum/42").unwrap());
    let good = || action("forum.read", Effect::Read, "forum/42");
    let bad = || action("forum.read", Effect::Read, "forum/43");
    let blocks = [scope];
    for (actions, expected) in [
        (vec![good(), good()], true),
        (vec![good(), bad()], false),
        (vec![bad(), good()], false),
    ] {
        assert_eq!(
            evaluate(Layers::blocks(&blocks), &actions, &noon()).is_allow(),
            expected
        );
    }
}

#[test]
fn a_context_of_the_time_alone_knows_nothing_else() {
    let context = noon();
    assert!(context.approved_by.is_empty());
    assert_eq!(context.seen.iter().count(), 0);
    assert!(context.tainted);
    assert_eq!(context.possession, Possession::Session);
}
