//! Answers that are well-formed and do not count.

use super::{
    Action, Approval, Declined, Layout, NOW, Request, Token, Vector, approval, asked, by, forge,
    plan, refused, say, text, to, vector, world,
};

pub(super) fn foreign() -> Vec<Vector> {
    let of = |token: &Token, number, actions: &[Action]| {
        asked::approval_of(token, number, actions).signed(by(number))
    };
    let one = [say("It depends.")];
    let narrowed = of(&asked::narrowed(), 1, &one);
    let other = of(&asked::token(), 1, &[say("It dependt.")]);
    let more = of(&asked::token(), 1, &[one[0].clone(), say("More.")]);
    let in_chain = Approval {
        approver: forge::public(world::holder_seed(0)),
        ..asked::approval()
    };
    let nowhere = approval(|approval| approval.approver = asked::not_on_the_curve());
    vec![
        refused(
            "another-token",
            "for the token in the hands of the next",
            &narrowed,
            "approval_foreign",
        ),
        refused(
            "another-action",
            "of an action that the request does not have",
            &other,
            "approval_foreign",
        ),
        refused(
            "another-action-too",
            "of one more action than was asked for",
            &more,
            "approval_foreign",
        ),
        refused(
            "approver-is-holder",
            "by the holder itself",
            &in_chain.signed(world::holder_seed(0)),
            "approver_in_chain",
        ),
        refused(
            "approver-not-asked",
            "by an approver whom no requirement names",
            &of(&asked::token(), 9, &one),
            "approver_not_asked",
        ),
        refused(
            "key-not-on-the-curve",
            "a key that no requirement can name",
            &nowhere,
            "approver_not_asked",
        ),
    ]
}

pub(super) fn signatures() -> Vec<Vector> {
    let approval = asked::approval();
    let invalid =
        |name, comment, answer: Layout| refused(name, comment, &answer, "approval_invalid");
    let for_purpose = |purpose| {
        let signature = forge::sign(by(1), &approval.message(purpose));
        approval.with_signature(signature)
    };
    let good = || approval.signed(by(1));
    let two = asked::approval_of(&asked::token(), 1, &plan()[..2]);
    let turned = asked::approval_of(&asked::token(), 1, &[say("Two."), say("One.")]);
    let turned = turned.with_signature(forge::sign(by(1), &two.message(Approval::PURPOSE)));
    let request = asked::request_for(&asked::token(), &plan()).signed(world::holder_seed(0));
    vec![
        invalid(
            "signature-zero",
            "a signature of zeros",
            approval.with_signature([0; 64]),
        ),
        invalid(
            "signature-by-another",
            "another approver's signature",
            approval.signed(by(2)),
        ),
        invalid(
            "signature-of-a-no",
            "signed under the purpose of a no",
            for_purpose(Declined::PURPOSE),
        ),
        invalid(
            "signature-of-a-request",
            "signed under the purpose of requests",
            for_purpose(Request::PURPOSE),
        ),
        invalid(
            "signature-of-a-digest",
            "signed under purpose 0",
            for_purpose(0),
        ),
        invalid(
            "signed-another-end",
            "its end changed after it was signed",
            good().with("ends", (NOW + 600_000).to_be_bytes()),
        ),
        invalid(
            "signed-another-start",
            "its start changed after it was signed",
            good().with("made", (NOW - 501).to_be_bytes()),
        ),
        invalid(
            "signed-another-nonce",
            "its nonce changed after it was signed",
            good().with("nonce", [0xde; 16]),
        ),
        to(
            &request,
            "signed-another-order",
            "",
            "its digests the other way round",
            &text(&turned),
        )
        .refused("approval_invalid"),
    ]
}

pub(super) fn times() -> Vec<Vector> {
    let ending = |made, ends| approval(|approval| (approval.made, approval.ends) = (made, ends));
    let late = Request {
        ends: NOW,
        ..asked::request()
    };
    let longest = ending(NOW + 5_000, NOW + 5_000 + 30 * 86_400_000);
    vec![
        vector(
            "within-skew",
            "approved",
            "made 5 s in the future, for 30 days",
            &longest,
        ),
        refused(
            "not-yet-valid",
            "made 5.001 s in the future",
            &ending(NOW + 5_001, NOW + 9_000),
            "approval_not_yet_valid",
        ),
        vector(
            "last-moment",
            "approved",
            "a millisecond before its end",
            &ending(NOW - 500, NOW + 1),
        ),
        refused(
            "expired",
            "its end",
            &ending(NOW - 500, NOW),
            "approval_expired",
        ),
        to(
            &late.signed(world::holder_seed(0)),
            "request-expired",
            "",
            "the end of the request",
            &text(&approval(|_| {})),
        )
        .refused("request_expired"),
    ]
}

/// Answers that came before.
pub(super) fn before() -> Vec<Vector> {
    let good = approval(|_| {});
    let again = approval(|approval| approval.nonce = [0xde; 16]);
    let no = asked::declined().signed(by(1));
    let free = asked::request_for(&asked::free(), &[say("It depends.")]);
    let yes = |number| {
        text(&asked::approval_of(&asked::free(), number, &[say("It depends.")]).signed(by(number)))
    };
    vec![
        vector(
            "before-the-same",
            "approved",
            "the same answer came before",
            &good,
        )
        .with("before", text(&good)),
        refused(
            "before-another",
            "another approval by the same approver",
            &again,
            "approval_duplicate",
        )
        .with("before", text(&good)),
        refused(
            "before-a-no",
            "the same approver said no before",
            &good,
            "approval_duplicate",
        )
        .with("before", text(&no)),
        refused(
            "before-a-yes",
            "the same approver said yes before",
            &no,
            "approval_duplicate",
        )
        .with("before", text(&good)),
        to(
            &free.signed(world::holder_seed(0)),
            "before-32",
            "",
            "32 answers came before",
            &yes(32),
        )
        .with_all("before", (0..32).map(yes))
        .refused("too_many_approvals"),
    ]
}
