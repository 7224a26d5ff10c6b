//! A settlement to a request, and the answer to what was settled.

use super::super::{Forgotten, LedgerError, Receipt, Settled, Settlement, Spend};
use super::request::{Kind, Request, SETTLE, Shard};
use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::ledger::BudgetShape;

/// The longest life of an entry, in milliseconds: 317 years.
const LONGEST: u64 = 10_000_000_000_000;
/// What is given back is sent as its last ten digits and those before: doubles hold each exactly.
const LOW: i64 = 10_000_000_000;

/// How long an entry is still of use, where it is none or where that has no end.
const OVER: [u8; 8] = 0_f64.to_be_bytes();
const NEVER: [u8; 8] = (-1_f64).to_be_bytes();

/// The script's request. `call` tells this call from all others.
pub(super) fn settle(settlement: &Settlement, call: &[u8; 16]) -> Request {
    let Settlement {
        proof,
        attempt,
        taint,
        approvals,
        spends,
        ..
    } = settlement;
    let shard = Shard::of(&settlement.task);
    let now = settlement.now;
    let skew = millis(settlement.skew);
    let left = |until: Timestamp| {
        let left = millis(until.saturating_since(now)).saturating_add(skew);
        double(left.max(1))
    };
    let mut keys = vec![
        shard.epoch(),
        shard.key(Kind::Proof, &proof.key),
        shard.key(Kind::Attempt, &attempt.key),
        shard.key(Kind::Taint, &taint.key),
    ];
    let flag = |is, letter| if is { letter } else { b'-' };
    let mut packed = Vec::with_capacity(256);
    packed.extend_from_slice(call);
    packed.extend_from_slice(attempt.content.as_bytes());
    packed.extend_from_slice(settlement.decision.as_bytes());
    packed.extend([flag(taint.assumes_clean, b'c'), flag(taint.marks, b'm')]);
    let times = [
        double(skew),
        age(now, proof.issued),
        double(millis(proof.until.saturating_since(proof.issued)).max(1)),
        double(millis(attempt.until.saturating_since(now)).max(1)),
        age(now, settlement.token_issued),
        double(approvals.len() as u64),
    ];
    packed.extend(times.as_flattened());
    for (index, claim) in approvals.iter().enumerate() {
        keys.push(shard.key(Kind::Approval, &claim.key));
        let twice = approvals.iter().take(index).any(|it| it.key == claim.key);
        packed.extend(age(now, claim.issued));
        packed.extend(if claim.until <= now {
            OVER
        } else if twice {
            NEVER
        } else {
            left(claim.until)
        });
    }
    for spend in spends {
        keys.push(shard.key(Kind::Budget, &spend.key));
        let shape = shape(&spend.shape);
        // Two numbers: not 255 characters.
        packed.push(shape.len() as u8);
        packed.extend(shape);
        packed.extend(double(spend.shape.window_s()));
        packed.extend(digits(spend.amount));
        packed.extend(digits(spend.cap.saturating_sub(spend.amount)));
        packed.extend(match spend.ends {
            Some(end) if end.saturating_add(settlement.skew) <= now => OVER,
            Some(end) => left(end),
            None => NEVER,
        });
    }
    let args = vec![packed];
    let script = &SETTLE;
    Request {
        shard,
        script,
        keys,
        args,
    }
}

/// What a budget counts, as its entry says it.
pub(super) fn shape(shape: &BudgetShape) -> Vec<u8> {
    format!("{}/{}", shape.window_s(), shape.measure()).into_bytes()
}

/// An amount as a budget's entry says it.
fn digits(amount: i64) -> Vec<u8> {
    format!("{:019}", amount.max(0)).into_bytes()
}

/// An amount as what is given back is said.
pub(super) fn halves(amount: i64) -> [Vec<u8>; 2] {
    let half = |it: Option<i64>| text(it.unwrap_or(0));
    [half(amount.checked_div(LOW)), half(amount.checked_rem(LOW))]
}

/// An entry of an attempt, as the script writes it.
pub(super) fn attempt(content: &[u8; 16], receipt: &Receipt) -> Vec<u8> {
    let at = text(receipt.at.unix_millis());
    [b"s".as_slice(), content, receipt.decision.as_bytes(), &at].concat()
}

/// What a script answered: a letter, the server's time, and what belongs to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    pub(super) letter: u8,
    pub(super) now: Timestamp,
    rest: &'a [u8],
}

impl<'a> Answer<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (letter, rest) = bytes.split_first()?;
        let end = rest.iter().position(|it| *it == b' ').unwrap_or(rest.len());
        let (now, rest) = rest.split_at_checked(end)?;
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let now = time(now)?;
        Some(Self {
            letter: *letter,
            now,
            rest,
        })
    }

    /// Whether the shard is to be opened first.
    pub(super) fn is_closed(&self) -> bool {
        self.letter == b'O'
    }

    /// Whether it was settled, now or before.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self.letter, b'F' | b'A')
    }

    /// What was settled, or why nothing was.
    pub(super) fn settled(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        self.meaning(settlement)
            .unwrap_or_else(|| Err(not_understood()))
    }

    fn meaning(&self, settlement: &Settlement) -> Option<Result<Settled, LedgerError>> {
        let mut words = self.words();
        let denied = match self.letter {
            b'F' if self.rest.is_empty() => {
                let receipt = Receipt {
                    decision: settlement.decision,
                    at: self.now,
                };
                return Some(Ok(Settled::First(receipt)));
            }
            b'F' => return Some(Ok(Settled::First(self.receipt()?))),
            b'A' => return Some(Ok(Settled::Again(self.receipt()?))),
            b'P' => LedgerError::Replayed,
            b'C' => LedgerError::AttemptChanged,
            b'T' => LedgerError::Tainted,
            b'U' | b'E' => {
                let claim = settlement.approvals.get(place(words.next()?)?)?;
                let approver = claim.approver;
                match self.letter {
                    b'U' => LedgerError::ApprovalUsed { approver },
                    _ => LedgerError::ApprovalExpired { approver },
                }
            }
            b'S' => {
                let name = spend(settlement, words.next()?)?.name.clone();
                LedgerError::BudgetChanged { name }
            }
            b'B' => {
                let Spend {
                    name, cap, amount, ..
                } = spend(settlement, words.next()?)?;
                let (name, cap, amount) = (name.clone(), *cap, *amount);
                let spent = number(words.next()?)?;
                LedgerError::BudgetExceeded {
                    name,
                    cap,
                    spent,
                    amount,
                }
            }
            b'R' => {
                let (kind, index) = (words.next()?, words.next()?);
                let what = match kind {
                    b"p" => Forgotten::Proof,
                    b"a" => Forgotten::Approval(settlement.approvals.get(place(index)?)?.approver),
                    b"b" => Forgotten::Budget(spend(settlement, index)?.name.clone()),
                    _ => return None,
                };
                let since = time(words.next()?)?;
                LedgerError::Forgotten { what, since }
            }
            _ => return None,
        };
        Some(Err(denied))
    }

    /// The decision and the time that an attempt was settled with.
    fn receipt(&self) -> Option<Receipt> {
        let (decision, at) = self.rest.split_first_chunk::<16>()?;
        let decision = DecisionId::from_bytes(*decision);
        Some(Receipt {
            decision,
            at: time(at)?,
        })
    }

    fn words(&self) -> impl Iterator<Item = &'a [u8]> {
        self.rest.split(|it| *it == b' ')
    }
}

/// An answer that the scripts do not give.
pub(super) fn not_understood() -> LedgerError {
    LedgerError::Unavailable("an answer that makes no sense".to_owned())
}

pub(super) fn number<N: std::str::FromStr>(word: &[u8]) -> Option<N> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A place, which scripts count from one.
pub(super) fn place(word: &[u8]) -> Option<usize> {
    number::<usize>(word)?.checked_sub(1)
}

fn spend<'a>(settlement: &'a Settlement, word: &[u8]) -> Option<&'a Spend> {
    settlement.spends.iter().nth(place(word)?)
}

fn time(word: &[u8]) -> Option<Timestamp> {
    Timestamp::from_unix_millis(number(word)?).ok()
}

fn text(value: impl std::fmt::Display) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).map_or(LONGEST, |it| it.min(LONGEST))
}

/// How long ago that was; below 0 if a clock is ahead.
fn age(now: Timestamp, issued: Timestamp) -> [u8; 8] {
    let [now, issued] = [now, issued].map(|it| it.unix_millis() as f64);
    (now - issued).to_be_bytes()
}

/// The numbers of Lua. Times and lengths are far below 2^53, from where they lack some.
fn double(number: u64) -> [u8; 8] {
    (number as f64).to_be_bytes()
}
