//! Every reason, with all that it says.

use super::*;
use crate::scope::arbitrary::approvers;
use crate::scope::{
    ApprovalRule, Budget, Clause, Condition, Measure, Missing, Origin, ReasonCode, Requirement,
    ScopeBuilder, Spending,
};

/// What a reason is expected to say.
struct Says<'a> {
    code: ReasonCode,
    clause: Clause,
    path: Option<&'a str>,
    seen: &'a str,
    wanted: &'a str,
    missing: Missing,
    line: &'a str,
}

/// The scope is block 1; the action is the second of its call, and the only one that is denied.
#[track_caller]
fn denies(scope: ScopeBuilder, action: Action, context: &Context<'_>, says: Says<'_>) {
    let blocks = [Scope::default(), scope.build().unwrap()];
    let found = reasons(Layers::blocks(&blocks), &[action], context);
    assert_eq!(found.len(), 1, "{found:?}");
    let reason = &found[0];
    assert_eq!(reason.code, says.code);
    assert_eq!(reason.action, 0);
    assert_eq!(reason.origin, Origin::Block(1));
    assert_eq!(reason.clause, says.clause);
    assert_eq!(reason.path.as_deref(), says.path);
    assert_eq!(reason.seen, says.seen);
    assert_eq!(reason.wanted, says.wanted);
    assert_eq!(reason.missing, says.missing);
    assert_eq!(reason.to_string(), says.line);
}

fn value(value: &str) -> Missing {
    Missing::Value {
        value: value.to_owned(),
    }
}

fn grant(operation: &str, effect: &str, resource: &str) -> Missing {
    Missing::Capability {
        operation: operation.to_owned(),
        effect: effect.to_owned(),
        resource: resource.to_owned(),
    }
}

fn read(resource: &str) -> Action {
    action("forum.read", Effect::Read, resource)
}

fn thread() -> ScopeBuilder {
    Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42/**").unwrap())
}

#[test]
fn not_yet_valid() {
    denies(
        Scope::builder().not_before(at(NOON + 1)),
        mail("{}"),
        &noon(),
        Says {
            code: ReasonCode::NotYetValid,
            clause: Clause::Window,
            path: None,
            seen: "2026-11-21T12:00:00Z",
            wanted: "2026-11-21T12:00:01Z",
            missing: Missing::Time,
            line: "block 1 holds from 2026-11-21T12:00:01Z, it is 2026-11-21T12:00:00Z",
        },
    );
}

#[test]
fn expired() {
    denies(
        Scope::builder().not_after(at(NOON)),
        mail("{}"),
        &noon(),
        Says {
            code: ReasonCode::Expired,
            clause: Clause::Window,
            path: None,
            seen: "2026-11-21T12:00:00Z",
            wanted: "2026-11-21T12:00:00Z",
            missing: Missing::Time,
            line: "block 1 ended at 2026-11-21T12:00:00Z, it is 2026-11-21T12:00:00Z",
        },
    );
}

#[test]
fn audience_mismatch() {
    let audience = ["mail", "drive"].map(|name| name.parse().unwrap());
    denies(
        Scope::builder().audience_only(audience),
        mail("{}"),
        &noon(),
        Says {
            code: ReasonCode::AudienceMismatch,
            clause: Clause::Audience,
            path: None,
            seen: "`forum`",
            wanted: "`mail`, `drive`",
            missing: Missing::Audience {
                service: "forum".to_owned(),
            },
            line: "block 1 is for `mail`, `drive`, not for `forum`",
        },
    );
}

#[test]
fn depth_exceeded() {
    denies(
        Scope::builder().max_depth(0),
        mail("{}"),
        &noon(),
        Says {
            code: ReasonCode::DepthExceeded,
            clause: Clause::Depth,
            path: None,
            seen: "1",
            wanted: "0",
            missing: Missing::Depth { depth: 1 },
            line: "block 1 admits 0 blocks after the first, there are 1",
        },
    );
}

#[test]
fn operation_not_granted() {
    denies(
        thread(),
        action("acl.grant", Effect::Admin, "forum/thread/42/1"),
        &noon(),
        Says {
            code: ReasonCode::OperationNotGranted,
            clause: Clause::Allow(0),
            path: None,
            seen: "`acl.grant`",
            wanted: "`forum.read`",
            missing: grant("acl.grant", "admin", "forum/thread/42/1"),
            line: "operation `acl.grant` is not granted by block 1",
        },
    );
}

#[test]
fn effect_not_granted() {
    let read = Capability::operation("forum.*", "**").unwrap();
    denies(
        Scope::builder().allow(read.with_effect(Effect::Read)),
        action("forum.publish", Effect::Publish, "forum"),
        &noon(),
        Says {
            code: ReasonCode::EffectNotGranted,
            clause: Clause::Allow(0),
            path: None,
            seen: "`publish`",
            wanted: "`read`",
            missing: grant("forum.publish", "publish", "forum"),
            line: "effect `publish` is not granted by block 1, only `read`",
        },
    );
}

#[test]
fn resource_outside() {
    denies(
        thread(),
        read("forum/thread/43/1"),
        &noon(),
        Says {
            code: ReasonCode::ResourceOutside,
            clause: Clause::Allow(0),
            path: None,
            seen: "`forum/thread/43/1`",
            wanted: "`forum/thread/42/**`",
            missing: grant("forum.read", "read", "forum/thread/43/1"),
            line: "resource `forum/thread/43/1` is outside `forum/thread/42/**` of block 1",
        },
    );
}

#[test]
fn argument_missing() {
    let capability = all_mail().argument("body.text", Matcher::text_length(1, 500).unwrap());
    denies(
        Scope::builder().allow(capability.unwrap()),
        mail(r#"{"body": {}}"#),
        &noon(),
        Says {
            code: ReasonCode::ArgumentMissing,
            clause: Clause::Allow(0),
            path: Some("body.text"),
            seen: "absent",
            wanted: "1 to 500 bytes of text",
            missing: value("absent"),
            line: "argument `body.text` is absent, block 1 wants 1 to 500 bytes of text",
        },
    );
}

#[test]
fn argument_missing_in_an_element_of_a_list() {
    let capability = all_mail().argument("items.*.price", Matcher::int(None, 5).unwrap());
    denies(
        Scope::builder().allow(capability.unwrap()),
        mail(r#"{"items": [{"price": 1}, {}]}"#),
        &noon(),
        Says {
            code: ReasonCode::ArgumentMissing,
            clause: Clause::Allow(0),
            path: Some("items.*.price"),
            seen: "absent",
            wanted: "at most 5",
            missing: value("absent"),
            line: "argument `items.*.price` is absent, block 1 wants at most 5",
        },
    );
}

#[test]
fn argument_outside() {
    let capability = all_mail().argument("to.*", Matcher::text("*@corp.com").unwrap());
    denies(
        Scope::builder().allow(capability.unwrap()),
        mail(r#"{"to": ["ann@corp.com", "eve@evil.com", "mal@evil.com"]}"#),
        &noon(),
        Says {
            code: ReasonCode::ArgumentOutside,
            clause: Clause::Allow(0),
            path: Some("to.*"),
            seen: "\"eve@evil.com\"",
            wanted: "text like `*@corp.com`",
            missing: value("\"eve@evil.com\""),
            line: "argument `to.*` is \"eve@evil.com\", block 1 wants text like `*@corp.com`",
        },
    );
}

#[test]
fn argument_outside_shows_what_stands_on_the_way() {
    let capability = all_mail()
        .with_argument(is("to.name", Matcher::one_of(["a", "b"])).optional())
        .unwrap();
    denies(
        Scope::builder().allow(capability),
        mail(r#"{"to": [1]}"#),
        &noon(),
        Says {
            code: ReasonCode::ArgumentOutside,
            clause: Clause::Allow(0),
            path: Some("to.name"),
            seen: "[1]",
            wanted: "one of \"a\", \"b\" or absence",
            missing: value("[1]"),
            line: "argument `to.name` is [1], block 1 wants one of \"a\", \"b\" or absence",
        },
    );
}

#[test]
fn argument_outside_shows_the_whole_list_of_which_none_is_some() {
    let some = is("to.*", Ok(Matcher::equals("boss"))).some().unwrap();
    denies(
        Scope::builder().allow(all_mail().with_argument(some).unwrap()),
        mail(r#"{"to": ["ann"]}"#),
        &noon(),
        Says {
            code: ReasonCode::ArgumentOutside,
            clause: Clause::Allow(0),
            path: Some("to.*"),
            seen: "[\"ann\"]",
            wanted: "in some element \"boss\"",
            missing: value("[\"ann\"]"),
            line: "argument `to.*` is [\"ann\"], block 1 wants in some element \"boss\"",
        },
    );
}

#[test]
fn argument_unexpected() {
    let capability = all_mail().argument("items.*.price", Matcher::int(0, None).unwrap());
    denies(
        Scope::builder().allow(capability.unwrap()),
        mail(r#"{"items": [{"price": 1}, {"price": 2, "bcc": ["eve"]}]}"#),
        &noon(),
        Says {
            code: ReasonCode::ArgumentUnexpected,
            clause: Clause::Allow(0),
            path: Some("items.*.bcc"),
            seen: "[\"eve\"]",
            wanted: "absent",
            missing: value("[\"eve\"]"),
            line: "argument `items.*.bcc` is not named by block 1",
        },
    );
}

#[test]
fn attribute_missing() {
    let capability = all_mail().attribute("owner", Matcher::equals("ann"));
    denies(
        Scope::builder().allow(capability.unwrap()),
        mail(r#"{"owner": "ann"}"#),
        &noon(),
        Says {
            code: ReasonCode::AttributeMissing,
            clause: Clause::Allow(0),
            path: Some("owner"),
            seen: "absent",
            wanted: "\"ann\"",
            missing: value("absent"),
            line: "attribute `owner` is absent, block 1 wants \"ann\"",
        },
    );
}

#[test]
fn attribute_outside() {
    let capability = all_mail().attribute("size", Matcher::decimal(2, 0, 500).unwrap());
    denies(
        Scope::builder().allow(capability.unwrap()),
        mail("{}").with_attributes(tree(r#"{"size": 7}"#)),
        &noon(),
        Says {
            code: ReasonCode::AttributeOutside,
            clause: Clause::Allow(0),
            path: Some("size"),
            seen: "7",
            wanted: "0.00 to 5.00",
            missing: value("7"),
            line: "attribute `size` is 7, block 1 wants 0.00 to 5.00",
        },
    );
}

#[test]
fn deny_matched() {
    let pattern = Pattern::any()
        .operation("mail.*")
        .unwrap()
        .with_effect(Effect::Send)
        .resource("outbox/*")
        .unwrap()
        .argument("to.*", Matcher::text("*@evil.com").unwrap())
        .unwrap()
        .attribute("n", Matcher::count(2, None).unwrap())
        .unwrap();
    let harmless = Pattern::any().operation("forum.*").unwrap();
    denies(
        Scope::builder().deny(harmless).deny(pattern),
        action("mail.send", Effect::Send, "outbox/1"),
        &noon(),
        Says {
            code: ReasonCode::DenyMatched,
            clause: Clause::Deny(1),
            path: None,
            seen: "`mail.send` on `outbox/1`",
            wanted: "`mail.*`, effect `send`, on `outbox/*`, argument `to.*` text like \
                     `*@evil.com`, attribute `n` at least 2 elements",
            missing: Missing::Nothing,
            line: "block 1 denies `mail.*`, effect `send`, on `outbox/*`, argument `to.*` text \
                   like `*@evil.com`, attribute `n` at least 2 elements, and this is `mail.send` \
                   on `outbox/1`",
        },
    );
}

fn requiring(condition: Condition) -> ScopeBuilder {
    let elsewhere = Pattern::any().operation("never").unwrap();
    Scope::builder()
        .require(Requirement::new(elsewhere, Condition::Signature))
        .require(Requirement::new(Pattern::any(), condition))
}

#[test]
fn approval_required() {
    let keys = approvers();
    let rule = ApprovalRule::at_least(2, *keys).unwrap();
    let kept = rule.groups()[0].approvers().to_vec();
    let given: [&[_]; 1] = [&kept[1..2]];
    let mut context = noon();
    context.approved_by = &given;
    denies(
        requiring(Condition::Approval(rule)),
        mail("{}"),
        &context,
        Says {
            code: ReasonCode::ApprovalRequired,
            clause: Clause::Require(1),
            path: None,
            seen: "1",
            wanted: "2 of 3 approvals",
            missing: Missing::Approvals {
                more: 1,
                of: vec![kept[0].to_string(), kept[2].to_string()],
            },
            line: "block 1 wants 2 of 3 approvals, there are 1",
        },
    );
}

fn room(spent: Option<i64>, amount: Option<i64>) -> Missing {
    Missing::Budget {
        name: "pay".to_owned(),
        cap: 100,
        spent,
        amount,
    }
}

fn paying() -> ScopeBuilder {
    let measure = Measure::int("pay.amount").unwrap();
    requiring(Condition::Budget(Budget::sum("pay", measure, 100).unwrap()))
}

#[test]
fn budget_exceeded() {
    denies(
        paying(),
        mail(r#"{"pay": {"amount": 101}}"#),
        &noon(),
        Says {
            code: ReasonCode::BudgetExceeded,
            clause: Clause::Require(1),
            path: None,
            seen: "0 is spent and 101 asked for",
            wanted: "100 for `pay`",
            missing: room(Some(0), Some(101)),
            line: "block 1 has a budget of 100 for `pay`, and 0 is spent and 101 asked for",
        },
    );
}

#[test]
fn budget_exceeded_past_64_bits() {
    let blocks = [paying().build().unwrap()];
    let huge = || mail(r#"{"pay": {"amount": 9223372036854775807}}"#);
    let found = reasons(Layers::blocks(&blocks), &[huge(), huge(), huge()], &noon());
    let lines: Vec<_> = found.iter().map(|reason| reason.seen.as_str()).collect();
    assert_eq!(
        lines,
        [
            "0 is spent and 9223372036854775807 asked for",
            "9223372036854775807 is spent and 9223372036854775807 asked for",
            "too much is spent and 9223372036854775807 asked for",
        ]
    );
    assert_eq!(found[2].missing, room(None, Some(i64::MAX)));
    assert_eq!(found[2].action, 2);
}

#[test]
fn budget_unknown() {
    let mut context = noon();
    context.spending = Spending::Known(&[]);
    denies(
        paying(),
        mail(r#"{"pay": {"amount": 1}}"#),
        &context,
        Says {
            code: ReasonCode::BudgetUnknown,
            clause: Clause::Require(1),
            path: None,
            seen: "nothing",
            wanted: "100 for `pay`",
            missing: room(None, None),
            line: "block 1 has a budget of 100 for `pay`, and nothing is known to be spent",
        },
    );
}

#[test]
fn amount_invalid() {
    denies(
        paying(),
        mail(r#"{"pay": {"amount": -3}}"#),
        &noon(),
        Says {
            code: ReasonCode::AmountInvalid,
            clause: Clause::Require(1),
            path: Some("pay.amount"),
            seen: "-3",
            wanted: "100 for `pay`",
            missing: room(None, None),
            line: "block 1 sums up `pay.amount` for a budget of 100 for `pay`, and it is -3",
        },
    );
}

#[test]
fn signature_required() {
    denies(
        requiring(Condition::Signature),
        mail("{}"),
        &noon(),
        Says {
            code: ReasonCode::SignatureRequired,
            clause: Clause::Require(1),
            path: None,
            seen: "a session",
            wanted: "a signature",
            missing: Missing::Signature,
            line: "block 1 wants a signature, and possession was proved by a session",
        },
    );
}
