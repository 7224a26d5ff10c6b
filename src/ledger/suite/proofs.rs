use super::*;

pub(crate) fn a_nonce_is_claimed_once(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.settlement();
    let other = desk.settlement();
    assert_eq!(desk.code(&one), "first");
    let proof = one.proof;
    assert_eq!(
        desk.code(&Settlement {
            proof,
            ..other.clone()
        }),
        "proof_replayed"
    );
    assert_eq!(desk.code(&other), "first");
}

pub(crate) fn a_claim_is_held_until_its_proof_is_too_old(world: &impl World) {
    let desk = Desk::open(world);
    let unit = world.unit();
    let mut one = desk.settlement();
    one.proof.until = world.now() + unit * 3;
    let again = || Settlement {
        proof: one.proof,
        ..desk.settlement()
    };
    assert_eq!(desk.code(&one), "first");
    world.pass(unit);
    desk.first(&desk.settlement());
    assert_eq!(desk.code(&again()), "proof_replayed");
    if world.set_clock(Timestamp::from_unix_millis(one.proof.until.unix_millis() - 1).unwrap()) {
        assert_eq!(desk.code(&again()), "proof_replayed");
    }
}

pub(crate) fn a_longer_window_at_another_gate_opens_no_replay(world: &impl World) {
    let desk = Desk::open(world);
    let unit = world.unit();
    let mut one = desk.settlement();
    one.proof.until = world.now() + unit;
    assert_eq!(desk.code(&one), "first");
    let mut two = desk.settlement();
    two.proof.issued = one.proof.issued + MILLISECOND;
    two.proof.until = one.proof.until + unit;
    assert_eq!(desk.code(&two), "first");
    world.pass(unit * 4);
    desk.first(&desk.settlement());
    for claimed in [one, two] {
        let mut longer = desk.settlement();
        longer.proof = claimed.proof;
        longer.proof.until = world.now() + HOUR;
        let code = desk.code(&longer);
        assert!(["ledger_reset", "proof_replayed"].contains(&code), "{code}");
    }
}

pub(crate) fn what_one_service_forgets_stops_no_other(world: &impl World) {
    let desk = Desk::open(world);
    let unit = world.unit();
    let mut one = desk.settlement();
    one.proof.until = world.now() + unit;
    let (issued, other) = (one.proof.issued, desk.key("service", 2));
    assert_eq!(desk.code(&one), "first");
    world.pass(unit * 3);
    desk.first(&desk.settlement());
    let mut elsewhere = desk.settlement();
    (elsewhere.service, elsewhere.proof.issued) = (other, issued);
    assert_eq!(desk.code(&elsewhere), "first");
}

pub(crate) fn a_clock_that_is_set_back_opens_no_replay(world: &impl World) {
    let desk = Desk::open(world);
    let before = world.now();
    let mut one = desk.settlement();
    one.proof.until = before + HOUR / 2;
    assert_eq!(desk.code(&one), "first");
    if !world.set_clock(before + HOUR) {
        return;
    }
    desk.first(&desk.settlement());
    world.set_clock(before);
    let mut again = desk.settlement();
    again.proof = one.proof;
    assert_eq!(desk.code(&again), "ledger_reset");
    // What was made later was not claimed, and dropped, before.
    again.proof = desk.proof();
    again.proof.issued = one.proof.issued + MILLISECOND;
    assert_eq!(desk.code(&again), "first");
}

pub(crate) fn a_clock_that_jumped_ahead_and_back_stops_no_later_proof(world: &impl World) {
    let desk = Desk::open(world);
    let before = world.now();
    let mut spend = desk.spend("mail", 1, 1);
    spend.ends = Some(before + HOUR * 5);
    desk.first(&desk.paying([spend]));
    if !world.set_clock(before + HOUR * 10) {
        return;
    }
    let jumped = desk.settlement();
    desk.first(&jumped);
    world.set_clock(before + MILLISECOND);
    desk.first(&desk.settlement());
    let mut again = desk.settlement();
    again.proof = jumped.proof;
    assert_eq!(desk.code(&again), "proof_replayed");
}
