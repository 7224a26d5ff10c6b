//! Requirements: approvals, budgets, signatures, and when they apply.

use std::time::Duration;

use bailiwick::action::Effect;
use bailiwick::scope::{
    ApprovalRule, ApproverGroup, Budget, Condition, Matcher, Measure, Pattern, Requirement,
};

use super::*;
use crate::json;
use crate::world::{act, approver, send};

pub(super) fn all() -> Vec<Construct> {
    [signatures(), approvals(), uses(), sums()]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn signature_for(pattern: Pattern) -> Requirement {
    Requirement::new(pattern, Condition::Signature)
}

fn sending() -> Pattern {
    Pattern::any().operation("mail.send").unwrap()
}

fn reading() -> Ask {
    Ask::new(act("mail.read", Effect::Read, "outbox"))
}

fn ask() -> Ask {
    Ask::new(send())
}

fn tainted(pattern: Pattern, condition: Condition) -> Scope {
    scope(|scope| scope.require(Requirement::new(pattern, condition).when_tainted()))
}

fn signatures() -> Vec<Construct> {
    let code = "signature_required";
    vec![
        construct(
            "require-signature",
            "where the pattern matches, a session's proof is not enough",
            require(sending(), Condition::Signature),
            [
                yes("signature", ask()),
                no("session", code, ask().session()),
                yes("session-and-another-operation", reading().session()),
            ],
        ),
        construct(
            "require-signature-always",
            "a session's proof is never enough",
            require(Pattern::any(), Condition::Signature),
            [
                yes("signature", ask()),
                no("session", code, reading().session()),
            ],
        ),
        construct(
            "require-when-tainted",
            "only when the task has read what is not trusted",
            tainted(sending(), Condition::Signature),
            [
                no("tainted", code, ask().tainted().session()),
                yes("not-tainted", ask().session()),
                yes(
                    "tainted-and-another-operation",
                    reading().tainted().session(),
                ),
            ],
        ),
        construct(
            "require-always-when-tainted",
            "for every action, when tainted",
            tainted(Pattern::any(), Condition::Signature),
            [
                no("tainted", code, reading().tainted().session()),
                yes("not-tainted", reading().session()),
            ],
        ),
        construct(
            "require-argument",
            "a pattern with an argument: in doubt the condition is asked for",
            require(
                Pattern::any()
                    .argument("amount", Matcher::int(100, None).unwrap())
                    .unwrap(),
                Condition::Signature,
            ),
            [
                no("matching", code, with(r#"{"amount": 100}"#).session()),
                no("in-doubt", code, with("{}").session()),
                yes("definitely-not", with(r#"{"amount": 99}"#).session()),
            ],
        ),
    ]
}

fn approvals() -> Vec<Construct> {
    let code = "approval_required";
    let one = || Condition::Approval(ApprovalRule::any_of([approver(0)]).unwrap());
    let two = Condition::Approval(ApprovalRule::at_least(2, (0..3).map(approver)).unwrap());
    let group = |threshold, range: std::ops::Range<u8>| {
        ApproverGroup::new(threshold, range.map(approver)).unwrap()
    };
    let groups =
        Condition::Approval(ApprovalRule::new(vec![group(2, 0..3), group(1, 3..5)]).unwrap());
    vec![
        construct(
            "require-approval",
            "one approver",
            require(sending(), one()),
            [
                yes("approved", ask().approved(&[0])),
                no("by-nobody", code, ask()),
                no("by-another", code, ask().approved(&[1])),
                yes("another-operation", reading()),
                yes(
                    "each-of-two-actions",
                    ask().and(send()).approved(&[0]).approved(&[0]),
                ),
                no("one-of-two-actions", code, ask().and(send()).approved(&[0])),
            ],
        ),
        construct(
            "require-approval-always",
            "one approver, for every action",
            require(Pattern::any(), one()),
            [
                yes("approved", reading().approved(&[0, 4])),
                no("by-nobody", code, reading()),
            ],
        ),
        construct(
            "require-approval-2-of-3",
            "two of three",
            require(sending(), two),
            [
                yes("two", ask().approved(&[0, 2])),
                no("one", code, ask().approved(&[1])),
                no("one-and-a-stranger", code, ask().approved(&[1, 4])),
            ],
        ),
        construct(
            "require-approval-groups",
            "two of three and one of two others",
            require(sending(), groups),
            [
                yes("both", ask().approved(&[0, 1, 4])),
                no("one-group", code, ask().approved(&[0, 1, 2])),
            ],
        ),
        construct(
            "require-approval-when-tainted",
            "one approver, when tainted",
            tainted(sending(), one()),
            [
                yes("not-tainted", ask()),
                no("tainted", code, ask().tainted()),
            ],
        ),
    ]
}

fn uses() -> Vec<Construct> {
    let code = "budget_exceeded";
    let budget = |cap| Budget::uses("mail", cap).unwrap();
    let hourly = budget(3).each(Duration::from_secs(3600)).unwrap();
    vec![
        construct(
            "budget-uses",
            "at most so many uses",
            require(sending(), Condition::Budget(budget(3))),
            [
                yes("one-left", ask().spent("mail", 2)),
                no("none-left", code, ask().spent("mail", 3)),
                no("nobody-knows", "budget_unknown", ask().unknown("mail")),
                yes("another-operation", reading().spent("mail", 3)),
                yes("two-at-once", ask().and(send()).spent("mail", 1)),
                no(
                    "one-too-many-at-once",
                    code,
                    ask().and(send()).spent("mail", 2),
                ),
                yes(
                    "what-another-operation-does-is-not-counted",
                    reading().and(send()).spent("mail", 2),
                ),
            ],
        ),
        construct(
            "budget-uses-always",
            "every action counts",
            require(Pattern::any(), Condition::Budget(budget(3))),
            [
                yes("one-left", reading().spent("mail", 2)),
                no("none-left", code, reading().spent("mail", 3)),
                no(
                    "one-too-many-at-once",
                    code,
                    reading().and(send()).spent("mail", 2),
                ),
            ],
        ),
        construct(
            "budget-window",
            "so many uses in every hour",
            require(sending(), Condition::Budget(hourly)),
            [
                yes("one-left", ask().spent("mail", 2)),
                no("none-left", code, ask().spent("mail", 3)),
            ],
        ),
        construct(
            "budget-when-tainted",
            "counted only when tainted",
            tainted(sending(), Condition::Budget(budget(1))),
            [
                yes("not-tainted", ask().spent("mail", 1)),
                no("tainted", code, ask().tainted().spent("mail", 1)),
            ],
        ),
        construct(
            "budget-greatest",
            "the greatest cap",
            require(sending(), Condition::Budget(budget(i64::MAX))),
            [
                yes("one-left", ask().spent("mail", i64::MAX - 1)),
                no("none-left", code, ask().spent("mail", i64::MAX)),
            ],
        ),
        construct(
            "budget-two",
            "two budgets, each by its name",
            scope(|scope| {
                scope
                    .require(Requirement::new(sending(), Condition::Budget(budget(3))))
                    .require(Requirement::new(
                        Pattern::any(),
                        Condition::Budget(Budget::uses("calls", 10).unwrap()),
                    ))
            }),
            [
                yes("both-left", ask().spent("mail", 2).spent("calls", 9)),
                no("one-spent", code, ask().spent("calls", 10)),
            ],
        ),
    ]
}

fn sums() -> Vec<Construct> {
    let exceeded = "budget_exceeded";
    let invalid = "amount_invalid";
    let sum = |measure| Condition::Budget(Budget::sum("spend", measure, 100).unwrap());
    let int = |path| sum(Measure::int(path).unwrap());
    let decimal = |path| sum(Measure::decimal(path, 2).unwrap());
    let pay = |amount: &str| with(&format!(r#"{{"amount": {amount}}}"#));
    let more =
        |amount: &str| send().with_arguments(json::tree(&format!(r#"{{"amount": {amount}}}"#)));
    let deep = |amount: &str| with(&format!(r#"{{"order": {{"total": {amount}}}}}"#));
    vec![
        construct(
            "budget-sum-integer",
            "a sum of integers",
            require(sending(), int("amount")),
            [
                yes("up-to-the-cap", pay("60").spent("spend", 40)),
                no("over-the-cap", exceeded, pay("61").spent("spend", 40)),
                no("zero", invalid, pay("0")),
                no("negative", invalid, pay("-1")),
                no("a-text", invalid, pay(r#""60""#)),
                no("a-decimal", invalid, pay(r#"{"$decimal": [0, "60"]}"#)),
                no("absent", invalid, with("{}")),
                no(
                    "a-sum-past-64-bits",
                    exceeded,
                    pay(r#"{"$int": "9223372036854775807"}"#).spent("spend", 100),
                ),
                yes("two-up-to-the-cap", pay("60").and(more("40"))),
                no("two-over-the-cap", exceeded, pay("60").and(more("41"))),
            ],
        ),
        construct(
            "budget-sum-nested",
            "a sum of integers in an object",
            require(sending(), int("order.total")),
            [
                yes("up-to-the-cap", deep("100")),
                no("over-the-cap", exceeded, deep("101")),
                no("no-object", invalid, with(r#"{"order": 100}"#)),
            ],
        ),
        construct(
            "budget-sum-decimal",
            "a sum of decimals of one scale",
            require(sending(), decimal("amount")),
            [
                yes(
                    "up-to-the-cap",
                    pay(r#"{"$decimal": [2, "60"]}"#).spent("spend", 40),
                ),
                no(
                    "over-the-cap",
                    exceeded,
                    pay(r#"{"$decimal": [2, "61"]}"#).spent("spend", 40),
                ),
                no("another-scale", invalid, pay(r#"{"$decimal": [1, "6"]}"#)),
                no("an-integer", invalid, pay("60")),
                no("another-number", invalid, pay(r#"{"$number": "0.6"}"#)),
                no("zero", invalid, pay(r#"{"$decimal": [2, "0"]}"#)),
            ],
        ),
        construct(
            "budget-sum-decimal-nested",
            "a sum of decimals in an object",
            require(sending(), decimal("order.total")),
            [
                yes("up-to-the-cap", deep(r#"{"$decimal": [2, "100"]}"#)),
                no(
                    "over-the-cap",
                    exceeded,
                    deep(r#"{"$decimal": [2, "101"]}"#),
                ),
            ],
        ),
        construct(
            "budget-sum-always",
            "every action must have an amount",
            require(Pattern::any(), int("amount")),
            [
                yes("up-to-the-cap", pay("100")),
                no("absent", invalid, reading()),
            ],
        ),
        construct(
            "budget-sum-and-argument",
            "an amount where the arguments match",
            require(
                Pattern::any()
                    .argument("kind", Matcher::equals("x"))
                    .unwrap(),
                int("amount"),
            ),
            [
                yes("up-to-the-cap", with(r#"{"kind": "x", "amount": 100}"#)),
                no(
                    "over-the-cap",
                    exceeded,
                    with(r#"{"kind": "x", "amount": 101}"#),
                ),
                yes("another-kind", with(r#"{"kind": "y"}"#)),
            ],
        ),
    ]
}
