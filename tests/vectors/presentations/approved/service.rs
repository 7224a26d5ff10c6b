//! When approvals come, and whom the service knows.

use super::{
    Directory, DirectoryLine, NOW, Presented, Ticket, approval, asked, by, directories,
    directory_key_from_seed, forge, one, stops, world,
};

pub(super) fn times() -> Vec<Presented> {
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
pub(super) fn known() -> Vec<Presented> {
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
pub(super) fn tickets() -> Vec<Presented> {
    let token = asked::free();
    let mut chain = asked::chain(&token);
    let ticket = stops::ticket().message(Ticket::PURPOSE);
    chain[0].signature = forge::sign(world::ISSUER_SEED, &ticket);
    let fields = forge::token_fields(&chain).concat();
    vec![
        crate::presentations::forms::presented(
            "chain-signed-as-a-stop-ticket",
            "the root key's signature over the stop ticket of the task",
            &fields,
            &chain,
        )
        .refused("chain_invalid"),
    ]
}
