use super::*;

pub(crate) fn an_approval_is_used_once(world: &impl World) {
    let desk = Desk::open(world);
    let approval = desk.approval(1);
    assert_eq!(desk.code(&desk.approved(&[approval])), "first");
    let approver = approver();
    assert_eq!(
        desk.settle(&desk.approved(&[approval])),
        Err(LedgerError::ApprovalUsed { approver })
    );
}

pub(crate) fn an_approval_is_used_once_in_a_settlement(world: &impl World) {
    let desk = Desk::open(world);
    let approval = desk.approval(1);
    assert_eq!(desk.code(&desk.approved(&[approval; 2])), "approval_used");
    assert_eq!(desk.code(&desk.approved(&[approval])), "first");
}

pub(crate) fn each_place_of_an_approval_is_used_once(world: &impl World) {
    let desk = Desk::open(world);
    let place = |place| {
        let service = "forum.example".parse().unwrap();
        let nonce = crate::present::Nonce::from_bytes([9; 16]);
        let named = EntryKey::approval(&service, &approver(), nonce, place);
        let key = EntryKey::of(b"place", &[desk.key("", 0).as_bytes(), named.as_bytes()]);
        let approval = desk.approval(1);
        ApprovalClaim { key, ..approval }
    };
    assert_eq!(desk.code(&desk.approved(&[place(0), place(1)])), "first");
    assert_eq!(desk.code(&desk.approved(&[place(2)])), "first");
    for used in 0..3 {
        let code = desk.code(&desk.approved(&[place(3), place(used)]));
        assert_eq!(code, "approval_used", "{used}");
    }
}

pub(crate) fn an_approval_that_has_ended_is_refused(world: &impl World) {
    let desk = Desk::open(world);
    let mut approval = desk.approval(1);
    approval.until = world.now() + world.unit();
    world.pass(world.unit());
    let approver = approver();
    assert_eq!(
        desk.settle(&desk.approved(&[approval])),
        Err(LedgerError::ApprovalExpired { approver })
    );
    approval.until = world.now() + world.unit();
    assert_eq!(desk.code(&desk.approved(&[approval])), "first");
}

pub(crate) fn an_approval_that_is_past_is_not_taken_again(world: &impl World) {
    let desk = Desk::open(world);
    let mut approval = desk.approval(1);
    approval.until = world.now() + world.unit();
    desk.first(&desk.approved(&[approval]));
    world.pass(world.unit() * 3);
    assert_eq!(desk.code(&desk.approved(&[approval])), "approval_expired");
}

pub(crate) fn a_clock_that_is_set_back_gives_no_approval_again(world: &impl World) {
    let desk = Desk::open(world);
    let before = world.now();
    let mut approval = desk.approval(1);
    approval.until = before + HOUR / 2;
    desk.first(&desk.approved(&[approval]));
    if !world.set_clock(before + HOUR) {
        return;
    }
    desk.first(&desk.settlement());
    world.set_clock(before);
    assert_eq!(desk.code(&desk.approved(&[approval])), "ledger_reset");
    let longer = desk.approval(2);
    assert_eq!(desk.code(&desk.approved(&[longer])), "first");
}
