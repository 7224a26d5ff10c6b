//! What the review proves, against every case of a small world.

use bailiwick::review::{Case, Claim, Effort, Left, Proof, Reach, Taint, Vocabulary, prove};
use bailiwick::scope::{Condition, Layers, Pattern, Requirement, Scope, When};

use super::dice::Dice;
use super::world::World;
use super::{draw, setting};

const CLAIMS: u64 = 3_000;

#[test]
fn a_proof_says_what_every_case_of_a_small_world_says() {
    let (claims, seed) = (
        setting("BAILIWICK_CLAIMS", CLAIMS),
        setting("BAILIWICK_SEED", 1),
    );
    let mut counts = [[0_u64; 2]; 3];
    for number in 0..claims {
        let mut dice = Dice::seeded(seed.wrapping_add(number).wrapping_mul(31));
        let world = World::random(&mut dice);
        let (chain, claim) = draw::claim(&mut dice, &world);
        let layers = chain.layers();
        let breaks = |case: &Case| case.is_allowed_by(&layers) && breaks(&claim, case);
        let enumerated = world.cases().iter().find(|case| breaks(case));
        let refuted = match (prove(&layers, &claim, Effort::default()), enumerated) {
            (Proof::Proved, None) => 0,
            (Proof::Refuted(witness), _) if breaks(witness.case()) => 1,
            (proof, case) => {
                panic!("claim {number}: {proof:?}\n{case:#?}\n{claim:#?}\n{layers:#?}")
            }
        };
        let kind = match claim {
            Claim::Never(_) => 0,
            Claim::OnlyWithApproval(..) => 1,
            _ => 2,
        };
        counts[kind][refuted] += 1;
    }
    println!("\n{claims} claims, proved and refuted: {counts:?} (never, approval, budget)");
    let rare = counts.iter().flatten().any(|count| count * 50 < claims);
    assert!(!rare, "an outcome is rare: {counts:?}");
}

#[test]
fn an_outlook_says_what_every_case_of_a_small_world_says() {
    let (claims, seed) = (CLAIMS, setting("BAILIWICK_SEED", 1));
    let ranks = [
        Left::Freely,
        Left::WithinBudget,
        Left::WithApproval,
        Left::Nothing,
    ];
    let mut counts = [0_u64; 4];
    for number in 0..claims {
        let mut dice = Dice::seeded(seed.wrapping_add(number).wrapping_mul(37));
        let world = World::random(&mut dice);
        let (chain, claim) = draw::claim(&mut dice, &world);
        let pattern = claim.pattern();
        let layers = chain.layers();
        let tainted = number % 2 == 1;
        let taint = if tainted {
            Taint::Tainted
        } else {
            Taint::Clean
        };
        let everything = Vocabulary::everything();
        let outlook = everything.outlook(&layers, pattern, taint, Effort::default());
        // What a case takes, if it is of this kind and allowed.
        let takes = |case: &Case| {
            let kind = case.is_tainted() == tainted && is_matched(pattern, case);
            let budgeted = layers.iter().any(|(_, scope)| {
                let own = scope.require().iter();
                let budgets = own.filter(|it| matches!(it.condition(), Condition::Budget(_)));
                budgets
                    .filter(|it| tainted || it.when() == When::Always)
                    .any(|it| is_matched(it.pattern(), case))
            });
            let rank = match (case.approved_by().is_empty(), budgeted) {
                (true, false) => 0,
                (true, true) => 1,
                (false, _) => 2,
            };
            (kind && case.is_allowed_by(&layers)).then_some(rank)
        };
        let rank = ranks.iter().position(|it| *it == outlook.left).unwrap();
        let least = world.cases().iter().filter_map(takes).min().unwrap_or(3);
        let shown = outlook
            .example
            .as_ref()
            .map_or(Some(3), |it| takes(it.case()));
        assert!(
            rank <= least && shown == Some(rank),
            "{number}: {outlook:?} {least} {pattern:#?} {layers:#?}"
        );
        counts[rank] += 1;
        let allowed: Vec<&Case> = world
            .cases()
            .iter()
            .filter(|it| takes(it).is_some())
            .collect();
        for (origin, scope) in layers.iter() {
            for (index, it) in scope.require().iter().enumerate() {
                let mut demands = outlook.demands.iter();
                let found = demands.find(|it| (it.origin, it.index) == (origin, index));
                let is_late = it.when() == When::Tainted && !tainted;
                let meets = |case: &&Case| !is_late && is_matched(it.pattern(), case);
                match found.map(|it| it.reach) {
                    None => assert!(!allowed.iter().any(meets), "{number}: {outlook:?}"),
                    Some(Reach::Every) => {
                        assert!(allowed.iter().all(meets), "{number}: {outlook:?}")
                    }
                    Some(reach) => assert_eq!(reach, Reach::Some),
                }
            }
        }
    }
    println!("\n{claims} outlooks: {counts:?} (freely, budget, approval, never)");
    let rare = counts.iter().any(|count| count * 100 < claims);
    assert!(!rare, "an outlook is rare: {counts:?}");
}

fn is_matched(pattern: &Pattern, case: &Case) -> bool {
    pattern.is_any()
        || refuses(
            Scope::builder().deny(pattern.clone()).build().unwrap(),
            case,
        )
}

fn refuses(scope: Scope, case: &Case) -> bool {
    !case.is_allowed_by(&Layers::blocks(&[scope]))
}

/// Whether a scope that demands what is claimed refuses the case.
pub fn breaks(claim: &Claim, case: &Case) -> bool {
    let denied = |pattern: &Pattern| is_matched(pattern, case);
    let unmet = |pattern: &Pattern, condition| {
        let requirement = Requirement::new(pattern.clone(), condition);
        refuses(Scope::builder().require(requirement).build().unwrap(), case)
    };
    match claim {
        Claim::Never(pattern) => denied(pattern),
        Claim::OnlyWithApproval(pattern, None) => denied(pattern) && case.approved_by().is_empty(),
        Claim::OnlyWithApproval(pattern, Some(rule)) => {
            unmet(pattern, Condition::Approval(rule.clone()))
        }
        Claim::WithinBudget(pattern, budget) => unmet(pattern, Condition::Budget(budget.clone())),
        _ => panic!("a claim of another kind"),
    }
}
