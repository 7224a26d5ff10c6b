use super::*;

const THREADS: usize = 16;

/// How often each code came out when every thread runs `settle` so often.
fn race<W: World>(
    desk: &Desk<'_, W>,
    times: usize,
    settle: impl Fn(&Desk<'_, W>) -> &'static str + Sync,
) -> Vec<&'static str>
where
    for<'a> Desk<'a, W>: Sync,
{
    let start = std::sync::Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let run = || {
            start.wait();
            (0..times).map(|_| settle(desk)).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        let all = threads.into_iter().flat_map(|it| it.join().unwrap());
        all.collect()
    })
}

fn count(codes: &[&str], code: &str) -> usize {
    codes.iter().filter(|it| **it == code).count()
}

pub(crate) fn of_16_threads_exactly_1000_spend_a_budget_of_1000<W: World + Sync>(world: &W) {
    let desk = Desk::open(world);
    let codes = race(&desk, 80, |desk| desk.pay("mail", 1, 1_000));
    assert_eq!(count(&codes, "first"), 1_000);
    assert_eq!(count(&codes, "budget_exceeded"), 280);
    assert_eq!(desk.pay("mail", 1, 1_000), "budget_exceeded");
}

pub(crate) fn of_16_threads_one_claims_a_nonce<W: World + Sync>(world: &W) {
    let desk = Desk::open(world);
    let proof = desk.proof();
    let codes = race(&desk, 5, |desk| {
        let settlement = desk.settlement();
        desk.code(&Settlement {
            proof,
            ..settlement
        })
    });
    assert_eq!(count(&codes, "first"), 1);
    assert_eq!(count(&codes, "proof_replayed"), codes.len() - 1);
}

pub(crate) fn of_16_threads_one_uses_an_approval<W: World + Sync>(world: &W) {
    let desk = Desk::open(world);
    let approval = desk.approval(1);
    let codes = race(&desk, 5, |desk| desk.code(&desk.approved(&[approval])));
    assert_eq!(count(&codes, "first"), 1);
    assert_eq!(count(&codes, "approval_used"), codes.len() - 1);
}

pub(crate) fn of_16_threads_one_settles_an_attempt<W: World + Sync>(world: &W) {
    let desk = Desk::open(world);
    let one = desk.paying([desk.spend("mail", 1, 9)]);
    let codes = race(&desk, 5, |desk| desk.code(&desk.retry(&one)));
    assert_eq!(count(&codes, "first"), 1);
    assert_eq!(count(&codes, "again"), codes.len() - 1);
    assert_eq!(desk.pay("mail", 8, 9), "first");
}

pub(crate) fn of_16_threads_one_gives_back<W: World + Sync>(world: &W) {
    let desk = Desk::open(world);
    desk.first(&desk.paying([desk.spend("mail", 5, 9)]));
    let one = desk.paying([desk.spend("mail", 1, 9)]);
    let refund = desk.refund_of(&one, desk.first(&one));
    let codes = race(&desk, 5, |desk| match desk.refund(&refund) {
        Ok(_) => "first",
        Err(code) => code,
    });
    assert_eq!(count(&codes, "first"), 1);
    assert_eq!(desk.pay("mail", 5, 9), "budget_exceeded");
    assert_eq!(desk.pay("mail", 4, 9), "first");
}

pub(crate) fn of_16_threads_none_takes_a_task_for_clean_that_another_tainted<W: World + Sync>(
    world: &W,
) {
    let desk = Desk::open(world);
    // Moments of this race: when a call begins, and when one is over.
    let moments = AtomicU64::new(0);
    let moment = || moments.fetch_add(1, Ordering::SeqCst);
    let (tainted, calls) = (AtomicU64::new(u64::MAX), AtomicU64::new(0));
    let codes = race(&desk, 20, |desk| {
        let mut settlement = desk.settlement();
        if calls.fetch_add(1, Ordering::SeqCst) == 100 {
            settlement.taint.marks = true;
            assert_eq!(desk.code(&settlement), "first");
            tainted.store(moment(), Ordering::SeqCst);
            return "marked";
        }
        settlement.taint.assumes_clean = true;
        let begun = moment();
        let code = desk.code(&settlement);
        let after = tainted.load(Ordering::SeqCst) < begun;
        assert!(code == "tainted" || (code == "first" && !after), "{code}");
        code
    });
    assert_eq!(count(&codes, "marked"), 1);
    // Both orders were there.
    assert!(count(&codes, "first") > 0 && count(&codes, "tainted") > 0);
}
