use super::*;

pub(crate) fn a_task_is_tainted_once_and_for_all(world: &impl World) {
    let desk = Desk::open(world);
    let asking = |task| {
        let mut settlement = desk.settlement();
        settlement.taint.key = desk.key("taint", task);
        settlement.taint.assumes_clean = true;
        settlement
    };
    desk.first(&asking(1));
    let mut marks = desk.settlement();
    marks.taint.marks = true;
    desk.first(&marks);
    world.pass(world.unit() * 2);
    assert_eq!(desk.settle(&asking(1)), Err(LedgerError::Tainted));
    // Another task is clean, and a decision that does not assume it goes on.
    assert_eq!(desk.code(&asking(2)), "first");
    assert_eq!(desk.code(&desk.settlement()), "first");
    if world.set_clock(world.now() + HOUR * 24 * 365 * 40) {
        assert_eq!(desk.code(&asking(1)), "tainted");
    }
}

pub(crate) fn a_retry_can_taint(world: &impl World) {
    // The service did not mark it the first time.
    let desk = Desk::open(world);
    let one = desk.settlement();
    desk.first(&one);
    let mut retry = desk.retry(&one);
    retry.taint.marks = true;
    assert_eq!(desk.code(&retry), "again");
    let mut asking = desk.settlement();
    asking.taint.assumes_clean = true;
    assert_eq!(desk.code(&asking), "tainted");
}

pub(crate) fn what_taints_may_itself_assume_that_the_task_is_clean(world: &impl World) {
    let desk = Desk::open(world);
    let both = || {
        let mut settlement = desk.settlement();
        settlement.taint.assumes_clean = true;
        settlement.taint.marks = true;
        settlement
    };
    assert_eq!(desk.code(&both()), "first");
    assert_eq!(desk.code(&both()), "tainted");
}
