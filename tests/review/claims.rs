//! What the review proves, against every case of a small world.

use bailiwick::review::{Case, Claim, Effort, Proof, prove};
use bailiwick::scope::{Condition, Layers, Pattern, Requirement, Scope};

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

/// Whether a scope that demands what is claimed refuses the case.
pub fn breaks(claim: &Claim, case: &Case) -> bool {
    let refuses = |scope: Scope| !case.is_allowed_by(&Layers::blocks(&[scope]));
    let denied = |pattern: &Pattern| {
        pattern.is_any() || refuses(Scope::builder().deny(pattern.clone()).build().unwrap())
    };
    let unmet = |pattern: &Pattern, condition| {
        let requirement = Requirement::new(pattern.clone(), condition);
        refuses(Scope::builder().require(requirement).build().unwrap())
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
