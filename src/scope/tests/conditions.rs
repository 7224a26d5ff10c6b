//! Approvals, budgets, signatures, taint, and what they leave due.

use super::*;
use crate::action::{Decimal, Value};
use crate::scope::arbitrary::approvers;
use crate::scope::{
    ApprovalRule, ApproverGroup, Budget, BudgetName, Condition, Due, DueKind, Measure, Missing,
    Origin, Possession, ReasonCode, Requirement, Spending, Spent,
};

fn requiring(condition: Condition) -> Scope {
    let requirement = Requirement::new(Pattern::any(), condition);
    Scope::builder().require(requirement).build().unwrap()
}

fn budget(name: &str, measure: Measure, cap: i64) -> Scope {
    requiring(Condition::Budget(Budget::sum(name, measure, cap).unwrap()))
}

/// Whether it is allowed when its budget `b` has spent this much.
fn within(scope: &Scope, spent: i64, actions: &[Action]) -> bool {
    let name = BudgetName::new("b").unwrap();
    let spent = [Spent {
        origin: Origin::Block(0),
        name: &name,
        amount: spent,
    }];
    let mut context = noon();
    context.spending = Spending::Known(&spent);
    evaluate(
        Layers::blocks(std::slice::from_ref(scope)),
        actions,
        &context,
    )
    .is_allow()
}

fn pay(amount: i64) -> Action {
    mail(&format!(r#"{{"amount": {amount}}}"#))
}

#[test]
fn so_many_of_a_group_must_approve() {
    let keys = approvers();
    let two_of_three = requiring(Condition::Approval(
        ApprovalRule::at_least(2, *keys).unwrap(),
    ));
    let stranger = crate::keys::dangerous::approver_key_from_seed(&[9; 32]).public_key();
    for (given, expected) in [
        (vec![], false),
        (vec![keys[0]], false),
        (vec![keys[0], keys[0], keys[0]], false),
        (vec![keys[0], stranger], false),
        (vec![keys[2], keys[0]], true),
        (vec![keys[0], stranger, keys[1], keys[2]], true),
    ] {
        let approved = [given.as_slice()];
        let mut context = noon();
        context.approved_by = &approved;
        assert_eq!(
            permits(&two_of_three, &mail("{}"), &context),
            expected,
            "{given:?}"
        );
    }
}

#[test]
fn every_group_must_be_satisfied() {
    let keys = approvers();
    let groups = vec![
        ApproverGroup::new(1, [keys[0], keys[1]]).unwrap(),
        ApproverGroup::new(1, [keys[2]]).unwrap(),
    ];
    let scope = requiring(Condition::Approval(ApprovalRule::new(groups).unwrap()));
    for (given, expected) in [
        (vec![keys[0], keys[1]], false),
        (vec![keys[2]], false),
        (vec![keys[1], keys[2]], true),
    ] {
        let approved = [given.as_slice()];
        let mut context = noon();
        context.approved_by = &approved;
        assert_eq!(
            permits(&scope, &mail("{}"), &context),
            expected,
            "{given:?}"
        );
    }
}

#[test]
fn an_approval_is_for_the_action_at_its_index_alone() {
    let keys = approvers();
    let scope = [requiring(Condition::Approval(
        ApprovalRule::any_of(*keys).unwrap(),
    ))];
    let given: [&[_]; 2] = [&[], &keys[..1]];
    let mut context = noon();
    context.approved_by = &given;
    let found = reasons(
        Layers::blocks(&scope),
        &[mail("{}"), mail("{}"), mail("{}")],
        &context,
    );
    let missing: Vec<_> = found.iter().map(|reason| reason.action).collect();
    assert_eq!(missing, [0, 2]);
}

#[test]
fn a_reason_speaks_of_the_group_that_lacks_most_and_of_the_first_of_equals() {
    let keys = approvers();
    let two = ApproverGroup::new(2, keys[..2].iter().copied()).unwrap();
    let one = ApproverGroup::new(1, keys[2..].iter().copied()).unwrap();
    let rule = ApprovalRule::new(vec![one, two]).unwrap();
    let scope = [requiring(Condition::Approval(rule))];
    let lacking = |given: &[_]| {
        let approved = [given];
        let mut context = noon();
        context.approved_by = &approved;
        reasons(Layers::blocks(&scope), &[mail("{}")], &context)[0]
            .missing
            .clone()
    };
    let missing = |more, of: &[crate::keys::ApproverPublicKey]| Missing::Approvals {
        more,
        of: of.iter().map(ToString::to_string).collect(),
    };
    let [a, b, c] = *keys;
    let pair = scope_group(&scope[0]);
    assert_eq!(lacking(&[]), missing(2, &pair));
    assert_eq!(lacking(&[a]), missing(1, &[c]));
    assert_eq!(lacking(&[c, a]), missing(1, &[b]));
}

/// The keys of the second group, in the order in which they are kept.
fn scope_group(scope: &Scope) -> Vec<crate::keys::ApproverPublicKey> {
    let Condition::Approval(rule) = scope.require()[0].condition() else {
        panic!("an approval rule");
    };
    rule.groups()[1].approvers().to_vec()
}

#[test]
fn a_signature_is_more_than_a_session() {
    let scope = requiring(Condition::Signature);
    let mut context = noon();
    assert!(!permits(&scope, &mail("{}"), &context));
    context.possession = Possession::Signature;
    assert!(permits(&scope, &mail("{}"), &context));
}

#[test]
fn a_condition_when_tainted_sleeps_until_then() {
    let requirement = Requirement::new(Pattern::any(), Condition::Signature).when_tainted();
    let scope = Scope::builder().require(requirement).build().unwrap();
    let mut context = noon();
    assert!(!permits(&scope, &mail("{}"), &context));
    context.tainted = false;
    assert!(permits(&scope, &mail("{}"), &context));
}

#[test]
fn a_condition_applies_where_its_pattern_matches_even_in_doubt() {
    let pattern = Pattern::any()
        .with_argument(is("to", Ok(Matcher::equals("boss"))))
        .unwrap();
    let requirement = Requirement::new(pattern, Condition::Signature);
    let scope = Scope::builder().require(requirement).build().unwrap();
    assert!(permits(&scope, &mail(r#"{"to": "ann"}"#), &noon()));
    for json in [r#"{"to": "boss"}"#, r#"{"to": ["ann"]}"#, "{}"] {
        assert!(!permits(&scope, &mail(json), &noon()), "{json}");
    }
}

#[test]
fn a_condition_on_an_allow_line_applies_to_that_line_alone() {
    let publish = Capability::operation("forum.publish", "forum/42").unwrap();
    let scope = Scope::builder()
        .allow(Capability::operation("forum.read", "forum/**").unwrap())
        .allow_with(publish, Condition::Signature)
        .build()
        .unwrap();
    assert!(permits(
        &scope,
        &action("forum.read", Effect::Read, "forum/42"),
        &noon()
    ));
    let publish = action("forum.publish", Effect::Publish, "forum/42");
    assert!(!permits(&scope, &publish, &noon()));
    let mut context = noon();
    context.possession = Possession::Signature;
    assert!(permits(&scope, &publish, &context));
}

#[test]
fn uses_are_counted_up_to_the_cap() {
    let scope = budget("b", Measure::Uses, 3);
    let mails = vec![mail("{}"); 4];
    for (spent, actions, expected) in [
        (0, 1, true),
        (2, 1, true),
        (3, 1, false),
        (i64::MAX, 1, false),
        (0, 3, true),
        (0, 4, false),
        (1, 2, true),
        (1, 3, false),
    ] {
        assert_eq!(
            within(&scope, spent, &mails[..actions]),
            expected,
            "{spent} {actions}"
        );
    }
}

#[test]
fn what_is_spent_is_never_negative() {
    let scope = budget("b", Measure::Uses, 3);
    for spent in [-1, i64::MIN] {
        assert!(!within(&scope, spent, &[mail("{}")]), "{spent}");
    }
}

#[test]
fn a_sum_stays_within_its_cap_and_at_the_ends_of_64_bits() {
    let sum = |cap| budget("b", Measure::int("amount").unwrap(), cap);
    for (cap, spent, amounts, expected) in [
        (100, 0, vec![100], true),
        (100, 0, vec![101], false),
        (100, 99, vec![1], true),
        (100, 100, vec![1], false),
        (100, 0, vec![60, 40], true),
        (100, 0, vec![60, 41], false),
        (100, 1, vec![60, 40], false),
        (i64::MAX, 0, vec![i64::MAX], true),
        (i64::MAX, 1, vec![i64::MAX], false),
        (i64::MAX, i64::MAX, vec![1], false),
        (i64::MAX, i64::MAX - 1, vec![1], true),
        (i64::MAX, 0, vec![i64::MAX, i64::MAX], false),
        (i64::MAX, 0, vec![i64::MAX, 1, 1], false),
    ] {
        let actions: Vec<_> = amounts.iter().map(|amount| pay(*amount)).collect();
        assert_eq!(
            within(&sum(cap), spent, &actions),
            expected,
            "{cap} {spent} {amounts:?}"
        );
    }
}

#[test]
fn an_amount_must_be_there_of_the_type_and_above_zero() {
    let sum = budget("b", Measure::int("pay.amount").unwrap(), 100);
    for (json, expected) in [
        (r#"{"pay": {"amount": 1}}"#, true),
        (r#"{"pay": {"amount": 1.0}}"#, true),
        (r#"{"pay": {"amount": 0}}"#, false),
        (r#"{"pay": {"amount": -1}}"#, false),
        (r#"{"pay": {"amount": -9223372036854775808}}"#, false),
        (r#"{"pay": {"amount": 1.5}}"#, false),
        (r#"{"pay": {"amount": "1"}}"#, false),
        (r#"{"pay": {"amount": null}}"#, false),
        (r#"{"pay": [{"amount": 1}]}"#, false),
        (r#"{"pay": 1}"#, false),
        (r#"{"amount": 1}"#, false),
        ("{}", false),
    ] {
        assert_eq!(within(&sum, 0, &[mail(json)]), expected, "{json}");
    }
    let decimals = budget("b", Measure::decimal("amount", 2).unwrap(), 100);
    for (value, expected) in [
        (Value::Decimal(Decimal::new(2, 100).unwrap()), true),
        (Value::Decimal(Decimal::new(2, 101).unwrap()), false),
        (Value::Decimal(Decimal::new(2, 0).unwrap()), false),
        (Value::Decimal(Decimal::new(1, 1).unwrap()), false),
        (Value::Int(1), false),
    ] {
        let action =
            mail("{}").with_arguments(Tree::from_pairs([("amount", value.clone())]).unwrap());
        assert_eq!(within(&decimals, 0, &[action]), expected, "{value:?}");
    }
}

#[test]
fn an_invalid_amount_is_denied_only_where_the_pattern_matches() {
    let pattern = Pattern::any().operation("pay").unwrap();
    let sum = Budget::sum("b", Measure::int("amount").unwrap(), 10).unwrap();
    let requirement = Requirement::new(pattern, Condition::Budget(sum));
    let scope = Scope::builder().require(requirement).build().unwrap();
    assert!(within(&scope, 0, &[mail("{}")]));
    assert!(!within(&scope, 0, &[action("pay", Effect::Pay, "x")]));
    // Nor does what does not match spend anything.
    let paid =
        |n| action("pay", Effect::Pay, "x").with_arguments(tree(&format!(r#"{{"amount": {n}}}"#)));
    assert!(within(&scope, 0, &[pay(10), paid(10), pay(10)]));
    assert!(!within(&scope, 0, &[paid(10), pay(10), paid(1)]));
}

#[test]
fn an_earlier_invalid_amount_is_not_held_against_later_actions() {
    let scope = [budget("b", Measure::int("amount").unwrap(), 10)];
    let found = reasons(Layers::blocks(&scope), &[pay(0), pay(10)], &noon());
    let codes: Vec<_> = found
        .iter()
        .map(|reason| (reason.action, reason.code))
        .collect();
    assert_eq!(codes, [(0, ReasonCode::AmountInvalid)]);
}

#[test]
fn a_budget_is_its_own_blocks_and_unknown_is_denied() {
    let name = BudgetName::new("b").unwrap();
    let other = BudgetName::new("c").unwrap();
    let entry = |origin, name, amount| Spent {
        origin,
        name,
        amount,
    };
    let scope = budget("b", Measure::Uses, 1);
    let blocks = [Scope::default(), scope.clone()];
    let layers = Layers::blocks(&blocks);
    let allows = |layers, all: &[Spent<'_>]| {
        let mut context = noon();
        context.spending = Spending::Known(all);
        evaluate(layers, &[mail("{}")], &context).is_allow()
    };
    let first = entry(Origin::Block(0), &name, 1);
    let own = entry(Origin::Block(1), &name, 0);
    assert!(allows(layers, &[first, own]));
    assert!(!allows(layers, &[]));
    assert!(!allows(layers, &[entry(Origin::Block(0), &name, 0)]));
    assert!(!allows(layers, &[entry(Origin::Block(1), &other, 0)]));
    assert!(!allows(layers, &[entry(Origin::House, &name, 0)]));
    let house = Layers {
        house: Some(&scope),
        ..Layers::blocks(&blocks[..1])
    };
    assert!(allows(house, &[entry(Origin::House, &name, 0)]));
    assert!(!allows(house, &[entry(Origin::Ceiling, &name, 0)]));
}

#[test]
fn spending_that_is_deferred_still_denies_what_could_never_fit() {
    let scope = budget("b", Measure::int("amount").unwrap(), 10);
    assert!(permits(&scope, &pay(10), &noon()));
    assert!(!permits(&scope, &pay(11), &noon()));
    let blocks = [scope];
    assert!(!evaluate(Layers::blocks(&blocks), &[pay(6), pay(5)], &noon()).is_allow());
}

#[test]
fn dues_name_what_applies_in_the_order_of_actions_scopes_and_requirements() {
    let keys = approvers();
    let rule = ApprovalRule::any_of(*keys).unwrap();
    let uses = Budget::uses("uses", 5).unwrap();
    let sum = Budget::sum("sum", Measure::int("amount").unwrap(), 50).unwrap();
    let pays = || Pattern::any().operation("mail.send").unwrap();
    let first = Scope::builder()
        .require(Requirement::new(
            Pattern::any(),
            Condition::Budget(uses.clone()),
        ))
        .require(Requirement::new(pays(), Condition::Approval(rule.clone())))
        .require(Requirement::new(pays(), Condition::Signature))
        .build()
        .unwrap();
    let house = Scope::builder()
        .require(Requirement::new(pays(), Condition::Budget(sum.clone())))
        .require(
            Requirement::new(
                Pattern::any(),
                Condition::Budget(Budget::uses("t", 1).unwrap()),
            )
            .when_tainted(),
        )
        .build()
        .unwrap();
    let given: [&[_]; 1] = [keys];
    let mut context = noon();
    context.approved_by = &given;
    context.possession = Possession::Signature;
    context.tainted = false;
    let blocks = [first];
    let layers = Layers {
        house: Some(&house),
        ..Layers::blocks(&blocks)
    };
    let actions = [pay(7), action("forum.read", Effect::Read, "x")];
    let Verdict::Allow(dues) = evaluate(layers, &actions, &context) else {
        panic!("it is allowed");
    };
    let due = |action, origin, kind| Due {
        action,
        origin,
        kind,
    };
    let found: Vec<_> = dues.iter().collect();
    assert_eq!(
        found,
        [
            due(0, Origin::Block(0), DueKind::Spend(&uses, 1)),
            due(0, Origin::Block(0), DueKind::Approval(&rule)),
            due(0, Origin::House, DueKind::Spend(&sum, 7)),
            due(1, Origin::Block(0), DueKind::Spend(&uses, 1)),
        ]
    );
    assert!(!dues.is_empty());
    let reading = &actions[1..];
    let free = [Scope::default()];
    let Verdict::Allow(dues) = evaluate(Layers::blocks(&free), reading, &context) else {
        panic!("nothing restricts it");
    };
    assert!(dues.is_empty());
}
