//! Presentations that carry approvals.

use bailiwick::keys::dangerous::directory_key_from_seed;
use bailiwick::token::Token;

use super::{DirectoryLine, Presented, call};
use crate::asked::{self, NOW, approver_of, approver_seed, say};
use crate::forge_approval::{Approval, Declined, Directory};
use crate::forge_revocation::Ticket;
use crate::layout::Layout;
use crate::{directories, forge, stops, world};

const MALFORMED: &str = "approval_malformed";
const INVALID: &str = "approval_invalid";

pub(super) fn all() -> Vec<Presented> {
    [
        good(),
        wires(),
        refused(),
        invalid(),
        times(),
        known(),
        tickets(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A proof by the last holder of this token, with these approvals.
fn of_token(name: &str, comment: &str, token: &Token, approvals: &[Vec<u8>]) -> Presented {
    let text = text(token, approvals, 0xaa);
    Presented::text(name, comment, text).actions(vec![say("It depends.")])
}

fn text(token: &Token, approvals: &[Vec<u8>], nonce: u8) -> String {
    let last = token.block_count() - 1;
    let (nonce, attempt) = ([nonce; 16], [nonce ^ 0x11; 16]);
    let digest = *call().digest().as_bytes();
    let signature = asked::last_signature(token);
    let message = forge::proof_message(world::SERVICE, signature, digest, NOW, nonce, attempt);
    let proof = forge::sign(world::holder_seed(last), &message);
    let proof = forge::proof(NOW, nonce, attempt, proof);
    forge::text(
        "bwp1_",
        &forge::approved(token.as_bytes(), &proof, approvals),
    )
}

fn of(name: &str, comment: &str, approvals: &[Vec<u8>]) -> Presented {
    of_token(
        name,
        &format!("an approval: {comment}"),
        &asked::token(),
        approvals,
    )
}

fn one(name: &str, comment: &str, approval: &Layout) -> Presented {
    of(name, comment, &[approval.bytes()])
}

fn approval(change: impl FnOnce(&mut Approval)) -> Layout {
    let mut approval = asked::approval();
    change(&mut approval);
    approval.signed(approver_seed(1))
}

fn by(number: u8) -> Layout {
    let one = [say("It depends.")];
    asked::approval_of(&asked::token(), number, &one).signed(approver_seed(number))
}

fn yes() -> Vec<u8> {
    by(1).bytes()
}

fn good() -> Vec<Presented> {
    let two = [say("One."), say("Two.")];
    let plan = asked::approval_of(&asked::token(), 1, &two).signed(approver_seed(1));
    let narrowed = asked::approval_of(&asked::narrowed(), 1, &[say("It depends.")]);
    let narrowed = narrowed.signed(approver_seed(1)).bytes();
    let used = Presented {
        before: Some(text(&asked::token(), &[yes()], 0x55)),
        ..of(
            "approval-used",
            "that was used before, with another proof",
            &[yes()],
        )
    };
    let other_proof = Presented {
        before: Some(text(&asked::token(), &[plan.bytes()], 0x55)),
        ..one(
            "approval-plan-used",
            "of a plan, one action of which was done before",
            &plan,
        )
    };
    vec![
        of("approval-good", "of the action", &[yes()]),
        of(
            "approval-two",
            "by each of two approvers",
            &[yes(), by(2).bytes()],
        ),
        of(
            "approval-by-others-too",
            "and one by an approver whom nothing asks",
            &[by(9).bytes(), yes()],
        ),
        one(
            "approval-plan",
            "of a plan, both actions of which the call does",
            &plan,
        )
        .actions(two.to_vec()),
        one(
            "approval-plan-part",
            "of a plan, one action of which the call does",
            &plan,
        )
        .actions(vec![two[1].clone()]),
        of_token(
            "approval-two-blocks",
            "an approval: for a token of two blocks",
            &asked::narrowed(),
            &[narrowed],
        ),
        used.refused("approval_used"),
        other_proof
            .actions(vec![two[0].clone()])
            .refused("approval_used"),
        of("approval-none", "none", &[]).refused("approval_required"),
        of(
            "approval-by-another",
            "by an approver whom nothing asks",
            &[by(9).bytes()],
        )
        .refused("approval_required"),
        of(
            "approval-mismatch",
            "of another action than the call does",
            &[yes()],
        )
        .actions(vec![say("It dependt.")])
        .refused("approval_mismatch"),
    ]
}

fn wires() -> Vec<Presented> {
    let bad = |name, comment, approval: Layout| one(name, comment, &approval).refused(MALFORMED);
    let no = asked::declined().signed(approver_seed(1));
    let many: Vec<_> = (0..33_u8)
        .map(|nonce| approval(|one| one.nonce = [nonce; 16]).bytes())
        .collect();
    let short = yes()[..yes().len() - 1].to_vec();
    vec![
        bad("approval-declined", "a no in its place", no),
        bad(
            "approval-kind-3",
            "of a kind that does not exist",
            by(1).with("approval", [3]),
        ),
        of("approval-cut", "a byte less", &[short]).refused(MALFORMED),
        of("approval-empty", "no bytes at all", &[Vec::new()]).refused(MALFORMED),
        bad("approval-trailing", "a byte more", by(1).put("", [0])),
        bad(
            "approval-key-small-order",
            "by a key of small order",
            by(1).with("approver's key", [0; 32]),
        ),
        bad(
            "approval-key-not-canonical",
            "by a key that has another spelling",
            by(1).with("approver's key", asked::not_canonical()),
        ),
        bad(
            "approval-lifetime-zero",
            "it ends when it is made",
            approval(|one| one.ends = one.made),
        ),
        bad(
            "approval-lifetime-too-long",
            "it lasts a millisecond more than 30 days",
            approval(|one| one.ends = one.made + 30 * 86_400_000 + 1),
        ),
        bad(
            "approval-of-nothing",
            "of no action",
            approval(|one| one.digests.clear()),
        ),
        bad(
            "approval-digest-twice",
            "of an action twice",
            approval(|one| one.digests.push(one.digests[0])),
        ),
        of("approval-32", "32 of them", &many[..32]),
        of("approval-33", "33 of them", &many).refused(MALFORMED),
        // The second is malformed, and nothing of the first counts.
        of(
            "approval-second-malformed",
            "a good one, and one of no known kind",
            &[yes(), by(2).with("approval", [0]).bytes()],
        )
        .refused(MALFORMED),
    ]
}

fn refused() -> Vec<Presented> {
    let in_chain = |name, comment, seed| {
        let approval = Approval {
            approver: forge::public(seed),
            ..asked::approval()
        };
        one(name, comment, &approval.signed(seed)).refused("approver_in_chain")
    };
    let narrowed = asked::approval_of(&asked::narrowed(), 1, &[say("It depends.")]);
    let narrowed = narrowed.signed(approver_seed(1));
    let again = approval(|one| one.digests = vec![asked::digest(&say("Other."))]);
    vec![
        one(
            "approval-of-a-longer-token",
            "for the token in the hands of the next",
            &narrowed,
        )
        .refused("approval_foreign"),
        of_token(
            "approval-of-a-shorter-token",
            "an approval: for the token before it was narrowed",
            &asked::narrowed(),
            &[yes()],
        )
        .refused("approval_foreign"),
        of_token(
            "approval-of-another-token",
            "an approval: for another token",
            &asked::free(),
            &[yes()],
        )
        .refused("approval_foreign"),
        in_chain(
            "approval-by-the-holder",
            "by the holder itself",
            world::holder_seed(0),
        ),
        in_chain(
            "approval-by-the-root",
            "by the root key",
            world::ISSUER_SEED,
        ),
        of("approval-twice", "the same twice", &[yes(), yes()]).refused("approval_duplicate"),
        of(
            "approval-nonce-twice",
            "two with one nonce by one approver",
            &[yes(), again.bytes()],
        )
        .refused("approval_duplicate"),
        one("approval-revoked", "by an approver that is revoked", &by(1))
            .revoked(format!("approver {}", approver_of(approver_seed(1))))
            .refused("approval_revoked"),
        of(
            "approval-revoked-beside",
            "a good one, and one by an approver that is revoked",
            &[yes(), by(9).bytes()],
        )
        .revoked(format!("approver {}", approver_of(approver_seed(9))))
        .refused("approval_revoked"),
    ]
}

fn invalid() -> Vec<Presented> {
    let good = asked::approval();
    let bad = |name, comment, approval: Layout| one(name, comment, &approval).refused(INVALID);
    let over = |message: &[u8]| good.with_signature(forge::sign(approver_seed(1), message));
    vec![
        bad(
            "approval-signature-zero",
            "a signature of zeros",
            good.with_signature([0; 64]),
        ),
        bad(
            "approval-signed-by-another",
            "signed by another approver",
            good.signed(approver_seed(2)),
        ),
        bad(
            "approval-signed-as-a-no",
            "signed under the purpose of a no",
            over(&good.message(Declined::PURPOSE)),
        ),
        bad(
            "approval-signed-as-a-proof",
            "signed under the purpose of proofs",
            over(&good.message(1)),
        ),
        bad(
            "approval-signed-another-nonce",
            "its nonce changed after it was signed",
            by(1).with("nonce", [0xde; 16]),
        ),
        bad(
            "approval-signed-another-digest",
            "its digest changed after it was signed",
            by(1).with("digest", [0xde; 32]),
        ),
        bad(
            "approval-key-not-on-the-curve",
            "by a key that is no point",
            approval(|one| one.approver = asked::not_on_the_curve()),
        ),
        of(
            "approval-invalid-beside",
            "a good one, and a forged one",
            &[yes(), good.signed(approver_seed(2)).bytes()],
        )
        .refused(INVALID),
    ]
}

fn times() -> Vec<Presented> {
    let lasting = |name, comment, made, ends| {
        one(
            name,
            comment,
            &approval(|one| (one.made, one.ends) = (made, ends)),
        )
    };
    vec![
        lasting(
            "approval-within-skew",
            "made 5 s in the future, for 30 days",
            NOW + 5_000,
            NOW + 5_000 + 30 * 86_400_000,
        ),
        lasting(
            "approval-not-yet-valid",
            "made 5.001 s in the future",
            NOW + 5_001,
            NOW + 9_000,
        )
        .refused("approval_not_yet_valid"),
        lasting(
            "approval-last-moment",
            "a millisecond before its end",
            NOW - 500,
            NOW + 1,
        ),
        lasting("approval-expired", "its end", NOW - 500, NOW).refused("approval_expired"),
    ]
}

/// The service knows its approvers.
fn known() -> Vec<Presented> {
    let [active, revoked] = directories::active_and_revoked();
    let with = |presented: Presented, directory: Directory, read: u64| Presented {
        directory: Some(DirectoryLine {
            bytes: directory.signed(directories::SEED).bytes(),
            signer: directory_key_from_seed(&directories::SEED).public_key(),
            read: bailiwick::clock::Timestamp::from_unix_millis(read).unwrap(),
        }),
        ..presented
    };
    let two = directories::two;
    let old = Directory {
        issued: NOW - 9_000,
        next_update: NOW,
        ..two()
    };
    let (good, gone) = (by(active), by(revoked));
    vec![
        with(
            one("approver-active", "by an approver of the directory", &good),
            two(),
            NOW,
        ),
        with(
            one(
                "approver-revoked",
                "by an approver that the directory revokes",
                &gone,
            ),
            two(),
            NOW,
        )
        .refused("approval_revoked"),
        with(
            one(
                "approver-unknown",
                "by an approver that the directory does not have",
                &by(9),
            ),
            two(),
            NOW,
        )
        .refused("approver_unknown"),
        with(
            one("directory-stale", "the next directory is due", &good),
            old,
            NOW - 1,
        )
        .refused("directory_stale"),
    ]
}

/// Signatures by the root key that are no signatures of blocks.
fn tickets() -> Vec<Presented> {
    let token = asked::free();
    let mut chain = asked::chain(&token);
    let ticket = stops::ticket().message(Ticket::PURPOSE);
    chain[0].signature = forge::sign(world::ISSUER_SEED, &ticket);
    let fields = forge::token_fields(&chain).concat();
    vec![
        super::forms::presented(
            "chain-signed-as-a-stop-ticket",
            "the root key's signature over the stop ticket of the task",
            &fields,
            &chain,
        )
        .refused("chain_invalid"),
    ]
}
