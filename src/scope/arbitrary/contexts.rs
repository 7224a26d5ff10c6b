//! What is known beside the token and the actions.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::actions::{INTS, TEXTS};
use super::scopes::{BUDGETS, LABELS};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, dangerous};
use crate::scope::{BudgetName, Context, Label, Origin, Possession, Seen, Spending, Spent};

/// Three people who may approve.
pub(crate) fn approvers() -> &'static [ApproverPublicKey; 3] {
    static KEYS: LazyLock<[ApproverPublicKey; 3]> = LazyLock::new(|| {
        [1, 2, 3].map(|n| dangerous::approver_key_from_seed(&[n; 32]).public_key())
    });
    &KEYS
}

/// A [`Context`] that owns what it says.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) now: Timestamp,
    pub(crate) approved_by: Vec<Vec<ApproverPublicKey>>,
    pub(crate) seen: Seen,
    pub(crate) tainted: bool,
    pub(crate) possession: Possession,
    /// What the budgets of the first eight blocks, the ceiling and the house have spent.
    pub(crate) spent: Option<Vec<(Origin, BudgetName, i64)>>,
}

impl Known {
    /// Lends it as a context.
    pub(crate) fn with<R>(&self, ask: impl FnOnce(&Context<'_>) -> R) -> R {
        let approved_by: Vec<_> = self.approved_by.iter().map(Vec::as_slice).collect();
        let all = self.spent.iter().flatten();
        let spent: Vec<_> = all
            .map(|(origin, name, amount)| Spent {
                origin: *origin,
                name,
                amount: *amount,
            })
            .collect();
        let mut context = Context::at(self.now);
        context.approved_by = &approved_by;
        context.seen = &self.seen;
        context.tainted = self.tainted;
        context.possession = self.possession;
        if self.spent.is_some() {
            context.spending = Spending::Known(&spent);
        }
        ask(&context)
    }
}

/// Random knowledge, for calls of up to three actions.
pub(crate) fn known() -> impl Strategy<Value = Known> {
    let approved_by = subsequence(approvers().to_vec(), 0..=3);
    let note = (select(&LABELS[..]), select(&TEXTS[..]));
    (
        98_500..103_500_u64,
        vec(approved_by, 0..=3),
        vec(note, 0..6),
        any::<bool>(),
        prop_oneof![Just(Possession::Signature), Just(Possession::Session)],
        prop::option::of(spent()),
    )
        .prop_map(
            |(now, approved_by, notes, tainted, possession, spent)| Known {
                now: Timestamp::from_unix_millis(now).unwrap(),
                approved_by,
                seen: seen(notes),
                tainted,
                possession,
                spent,
            },
        )
}

fn seen(notes: Vec<(&str, &str)>) -> Seen {
    let mut seen = Seen::new();
    for (label, value) in notes {
        seen.note(Label::new(label).unwrap(), value);
    }
    seen
}

/// An amount for every budget that a random scope can have; rarely one is not known.
fn spent() -> impl Strategy<Value = Vec<(Origin, BudgetName, i64)>> {
    let blocks = (0..8).map(Origin::Block);
    let origins: Vec<_> = blocks
        .chain([Origin::Ceiling, Origin::House, Origin::Brake])
        .collect();
    let budgets = origins
        .into_iter()
        .flat_map(|origin| BUDGETS.map(|name| (origin, BudgetName::new(name).unwrap())));
    let amount = prop_oneof![
        12 => (0..4_i64).prop_map(Some),
        1 => select(&INTS[..]).prop_map(Some),
        1 => Just(None),
    ];
    let entries = budgets.map(|(origin, name)| {
        amount
            .clone()
            .prop_map(move |amount| amount.map(|amount| (origin, name.clone(), amount)))
    });
    entries
        .collect::<Vec<_>>()
        .prop_map(|entries| entries.into_iter().flatten().collect())
}
