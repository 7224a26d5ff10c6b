//! Which reasons there are, in which order, and how they are worded.

use super::*;
use crate::scope::{Budget, Clause, Condition, Measure, Origin, ReasonCode, Requirement};

fn read(resource: &str) -> Action {
    action("forum.read", Effect::Read, resource)
}

#[test]
fn the_closest_capability_is_spoken_of_and_the_first_of_equals() {
    let closest = |capabilities: Vec<Capability>, action: Action| {
        let blocks = [Scope::builder().allow_only(capabilities).build().unwrap()];
        let found = reasons(Layers::blocks(&blocks), &[action], &noon());
        (found[0].code, found[0].clause)
    };
    let operation = |resource| Capability::operation("forum.read", resource).unwrap();
    let effect = |effect| Capability::effect(effect, "**").unwrap();
    assert_eq!(
        closest(vec![operation("a"), operation("b")], read("c")),
        (ReasonCode::ResourceOutside, Clause::Allow(0))
    );
    let other = Capability::operation("mail.send", "**").unwrap();
    assert_eq!(
        closest(vec![other.clone(), operation("b")], read("c")),
        (ReasonCode::ResourceOutside, Clause::Allow(1))
    );
    // A capability for whatever has another effect is not closer than one for another operation.
    assert_eq!(
        closest(vec![other.clone(), effect(Effect::Pay)], read("c")),
        (ReasonCode::OperationNotGranted, Clause::Allow(0))
    );
    assert_eq!(
        closest(vec![effect(Effect::Pay), other], read("c")),
        (ReasonCode::EffectNotGranted, Clause::Allow(0))
    );
    let ladder = [
        operation("**").with_effect(Effect::Pay),
        operation("z"),
        operation("**").argument("a", Matcher::equals(2)).unwrap(),
        operation("**").argument("b", Matcher::equals(1)).unwrap(),
        operation("**")
            .optional_argument("c", Matcher::equals(1))
            .unwrap(),
        operation("**").attribute("a", Matcher::equals(1)).unwrap(),
    ];
    let asked = || read("c").with_arguments(tree(r#"{"a": 1}"#));
    let codes = [
        ReasonCode::EffectNotGranted,
        ReasonCode::ResourceOutside,
        ReasonCode::ArgumentOutside,
        ReasonCode::ArgumentMissing,
        ReasonCode::ArgumentUnexpected,
        ReasonCode::AttributeMissing,
    ];
    for n in 1..=ladder.len() {
        // The two about arguments are equally close.
        let index = if n == 4 { 2 } else { n - 1 };
        assert_eq!(
            closest(ladder[..n].to_vec(), asked()),
            (codes[index], Clause::Allow(index)),
            "{n}"
        );
    }
}

#[test]
fn all_reasons_come_in_the_order_of_actions_and_layers() {
    let end = |second| Scope::builder().not_after(at(second)).build().unwrap();
    let (ceiling, house) = (end(1), end(2));
    let (blocks, brakes) = ([end(3), end(4)], end(5));
    let layers = Layers {
        ceiling: Some(&ceiling),
        blocks: &blocks,
        house: Some(&house),
        brakes: Some(&brakes),
    };
    let found = reasons(layers, &[mail("{}"), mail("{}")], &noon());
    let places: Vec<_> = found
        .iter()
        .map(|reason| (reason.action, reason.origin))
        .collect();
    let origins = [
        Origin::Ceiling,
        Origin::Block(0),
        Origin::Block(1),
        Origin::House,
        Origin::Brake,
    ];
    let expected: Vec<_> = (0..2)
        .flat_map(|n| origins.map(|origin| (n, origin)))
        .collect();
    assert_eq!(places, expected);
    let lines: Vec<_> = found.iter().take(4).map(ToString::to_string).collect();
    assert_eq!(
        lines[0],
        "ceiling ended at 1970-01-01T00:00:01Z, it is 2026-11-21T12:00:00Z"
    );
    assert_eq!(
        lines[3],
        "house rules ended at 1970-01-01T00:00:02Z, it is 2026-11-21T12:00:00Z"
    );
}

#[test]
fn every_failed_clause_of_a_scope_is_named() {
    let budget = Budget::sum("b", Measure::int("n").unwrap(), 1).unwrap();
    let scope = Scope::builder()
        .not_after(at(1))
        .audience("mail".parse().unwrap())
        .max_depth(0)
        .allow(Capability::operation("forum.read", "**").unwrap())
        .deny(Pattern::any().with_effect(Effect::Send))
        .require(Requirement::new(Pattern::any(), Condition::Budget(budget)))
        .require(Requirement::new(Pattern::any(), Condition::Signature));
    let blocks = [Scope::default(), scope.build().unwrap()];
    let found = reasons(Layers::blocks(&blocks), &[mail("{}")], &noon());
    let codes: Vec<_> = found.iter().map(|reason| reason.code).collect();
    assert_eq!(
        codes,
        [
            ReasonCode::Expired,
            ReasonCode::AudienceMismatch,
            ReasonCode::DepthExceeded,
            ReasonCode::OperationNotGranted,
            ReasonCode::DenyMatched,
            ReasonCode::AmountInvalid,
            ReasonCode::SignatureRequired,
        ]
    );
}

#[test]
fn each_matcher_is_worded() {
    let worded =
        |matcher: Matcher| crate::scope::wording::wanted(&Constraint::new("x", matcher).unwrap());
    let decimal = crate::action::Decimal::new(1, 5).unwrap();
    for (matcher, expected) in [
        (Ok(Matcher::equals(true)), "true"),
        (Ok(Matcher::equals(-3)), "-3"),
        (Ok(Matcher::equals(decimal)), "0.5"),
        (Ok(Matcher::equals(vec![0xab])), "hex:ab"),
        (Ok(Matcher::equals("a\nb")), r#""a\nb""#),
        (Matcher::one_of([1, 2]), "one of 1, 2"),
        (Matcher::int(1, 2), "1 to 2"),
        (Matcher::int(1, None), "at least 1"),
        (Matcher::int(None, 2), "at most 2"),
        (Matcher::decimal(1, None, 2), "at most 0.2"),
        (Matcher::text("a*"), "text like `a*`"),
        (Matcher::text_length(1, 2), "1 to 2 bytes of text"),
        (Matcher::bytes_length(1, None), "at least 1 bytes"),
        (Matcher::from_label("a:b"), "a value noted under `a:b`"),
        (Matcher::count(0, 2), "0 to 2 elements"),
    ] {
        assert_eq!(worded(matcher.unwrap()), expected);
    }
}

#[test]
fn what_a_caller_sends_cannot_forge_a_line() {
    let capability = all_mail()
        .argument("a\nb", Matcher::equals("x\u{202e}y"))
        .unwrap();
    let blocks = [granting(capability)];
    let forged = |json: &str| reasons(Layers::blocks(&blocks), &[mail(json)], &noon())[0].clone();
    for reason in [
        forged(r#"{"a\nb": "1\nallow"}"#),
        forged(r#"{"a\nb": "x\u202ey", "c\nd": 1}"#),
        forged("{}"),
    ] {
        let json = serde_json::to_string(&reason).unwrap();
        for text in [reason.to_string(), json] {
            let plain = |c: char| !c.is_control() && c != '\u{202e}';
            assert!(text.chars().all(plain), "{text:?}");
        }
    }
}

#[test]
fn a_reason_is_data() {
    let blocks = [granting(
        Capability::operation("forum.read", "forum/thread/42/**").unwrap(),
    )];
    let found = reasons(Layers::blocks(&blocks), &[read("forum/thread/43")], &noon());
    assert_eq!(
        serde_json::to_value(&found[0]).unwrap(),
        serde_json::json!({
            "code": "resource_outside",
            "action": 0,
            "origin": {"block": 0},
            "clause": {"allow": 0},
            "seen": "`forum/thread/43`",
            "wanted": "`forum/thread/42/**`",
            "missing": {
                "kind": "capability",
                "operation": "forum.read",
                "effect": "read",
                "resource": "forum/thread/43",
            },
        })
    );
}

#[test]
fn every_code_has_one_name() {
    for code in ReasonCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        assert_eq!(code.to_string(), code.as_str());
    }
    let mut names: Vec<_> = ReasonCode::ALL.iter().map(|code| code.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ReasonCode::ALL.len());
}
