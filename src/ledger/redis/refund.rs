//! A refund to a request, and the answer to what was given back.

use super::super::{LedgerError, Refund, Refunded};
use super::codec;
use super::request::{Kind, REFUND, Request, Shard};

/// The script's request.
pub(super) fn request(refund: &Refund) -> Request {
    let shard = Shard::of(&refund.task);
    let mut keys = vec![shard.key(Kind::Attempt, &refund.attempt.key)];
    let content = refund.attempt.content.as_bytes();
    let mut args = vec![codec::attempt(content, &refund.receipt)];
    for spend in &refund.spends {
        keys.push(shard.key(Kind::Budget, &spend.key));
        // Both are by the ledger's clock.
        let (window, _) = spend.shape.window(refund.receipt.at);
        args.push(window.to_string().into_bytes());
        args.push(codec::shape(&spend.shape));
        args.extend(codec::halves(spend.amount.max(0)));
    }
    let script = &REFUND;
    Request {
        shard,
        script,
        keys,
        args,
    }
}

/// What was given back.
pub(super) fn refunded(refund: &Refund, answer: &[u8]) -> Result<Refunded, LedgerError> {
    let mut words = answer.split(|it| *it == b' ');
    match words.next() {
        Some(b"G") => {}
        Some(b"N") => return Err(LedgerError::NothingToRefund),
        _ => return Err(codec::not_understood()),
    }
    let mut amounts = Vec::new();
    while let Some(place) = words.next() {
        let spend = codec::place(place).and_then(|it| refund.spends.iter().nth(it));
        let amount = words.next().and_then(codec::number);
        let (Some(spend), Some(amount)) = (spend, amount) else {
            return Err(codec::not_understood());
        };
        amounts.push((spend.name.clone(), amount));
    }
    let decision = refund.receipt.decision;
    Ok(Refunded { decision, amounts })
}
