//! Deciding does not allocate where the verdict is to allow.

use bailiwick::action::{Action, Effect, Tree};
use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::scope::{
    ApprovalRule, Budget, Capability, Condition, Constraint, Context, Label, Layers, Matcher,
    Measure, Origin, Pattern, Possession, Requirement, Scope, Seen, Spending, Spent, evaluate,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A scope in which every kind of clause has something to do.
fn scope(rule: &ApprovalRule, budget: &Budget) -> Result<Scope, Box<dyn std::error::Error>> {
    let near = Capability::operation("mail.send", "outbox/drafts")?;
    let send = Capability::operation("mail.*", "outbox/*")?
        .with_effect(Effect::Send)
        .argument("to.*", Matcher::text("*@corp.com")?)?
        .with_argument(Constraint::new("to.*", Matcher::from_label("mail:from")?)?.some()?)?
        .argument("to", Matcher::count(0, 5)?)?
        .argument("amount", Matcher::int(1, 500)?)?
        .optional_argument("subject", Matcher::text_length(0, 200)?)?
        .attribute("visibility", Matcher::one_of(["internal", "private"])?)?;
    let evil = Pattern::any().argument("to.*", Matcher::text("*@evil.com")?)?;
    let all = |condition| Requirement::new(Pattern::any(), condition);
    Ok(Scope::builder()
        .allow(near)
        .allow(send)
        .deny(evil)
        .deny(Pattern::any().operation("mail.delete")?)
        .require(all(Condition::Approval(rule.clone())))
        .require(all(Condition::Budget(budget.clone())))
        .require(all(Condition::Signature).when_tainted())
        .audience("mail".parse()?)
        .not_before(Timestamp::from_unix_seconds(1)?)
        .not_after(Timestamp::from_unix_seconds(1_900_000_000)?)
        .max_depth(3)
        .build()?)
}

#[test]
fn an_allow_and_its_dues_allocate_nothing_and_a_denial_does() -> Outcome {
    let editor = approver_key_from_seed(&[1; 32]).public_key();
    let rule = ApprovalRule::any_of([editor])?;
    let budget = Budget::sum("spend", Measure::int("amount")?, 1000)?;
    let scope = scope(&rule, &budget)?;
    let blocks = [scope.clone(), scope.clone(), scope.clone()];
    let brakes = Scope::builder()
        .deny(Pattern::any().with_effect(Effect::Delete))
        .build()?;
    let layers = Layers {
        ceiling: Some(&scope),
        blocks: &blocks,
        house: Some(&scope),
        brakes: Some(&brakes),
    };

    let arguments = br#"{"to": ["ann@corp.com", "bob@corp.com"], "amount": 20}"#;
    let send = Action::new(
        "mail".parse()?,
        "mail.send".parse()?,
        Effect::Send,
        "outbox/1".parse()?,
    )
    .with_arguments(Tree::from_json_slice(arguments)?)
    .with_attributes(Tree::from_pairs([("visibility", "internal")])?);
    let actions = [send.clone(), send];

    let mut seen = Seen::new();
    seen.note(Label::new("mail:from")?, "ann@corp.com");
    let origins = [0, 1, 2].map(Origin::Block);
    let origins = origins.into_iter().chain([Origin::Ceiling, Origin::House]);
    let spent = origins.map(|origin| Spent {
        origin,
        name: budget.name(),
        amount: 100,
    });
    let spent: Vec<_> = spent.collect();
    let approved: [&[_]; 2] = [&[editor], &[editor]];
    let mut context = Context::at(Timestamp::from_unix_seconds(1_800_000_000)?);
    context.approved_by = &approved;
    context.seen = &seen;
    context.possession = Possession::Signature;
    context.spending = Spending::Known(&spent);

    let allow = allocation_counter::measure(|| {
        let bailiwick::scope::Verdict::Allow(dues) = evaluate(layers, &actions, &context) else {
            panic!("it is allowed");
        };
        // Two actions, five scopes, an approval and a budget each.
        assert_eq!(dues.iter().count(), 20);
    });
    assert_eq!(allow.count_total, 0, "{allow:?}");

    context.approved_by = &[];
    let deny = allocation_counter::measure(|| {
        assert!(!evaluate(layers, &actions, &context).is_allow());
    });
    assert!(deny.count_total > 0, "nothing is counted");
    Ok(())
}
