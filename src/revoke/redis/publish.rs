//! To the server.

use ::redis::{Cmd, Pipeline};

use super::heads::{ListHead, MAX_DELTAS, digits, list_keys, ticket_keys};
use super::link::{Patience, read};
use super::{RedisRevocations, RelayError};
use crate::clock::Timestamp;
use crate::ledger::Failure;
use crate::revoke::list::{Document, Head};
use crate::revoke::{Applied, ListError, Posted};

/// How long a ticket is kept after its end, as clocks differ.
const KEPT_MS: u64 = 3_600_000;

impl RedisRevocations {
    /// Applies a list or a delta here, and sends it to all verifiers.
    ///
    /// # Errors
    ///
    /// [`RelayError::List`] if it is refused here, or the server has a later one. After
    /// [`ListError::Gap`] and [`RelayError::Full`], publish the list instead of the delta. After
    /// [`RelayError::Unavailable`] it is not known whether the others will know: publish it again,
    /// which changes nothing if they do.
    pub async fn publish(&self, signed: &[u8], now: Timestamp) -> Result<Applied, RelayError> {
        let applied = self.lists.apply(signed, now)?;
        let head = Document::read(signed).map_err(ListError::from)?.head;
        let mut answer = self.send(&publish(&head, signed, b"")).await?;
        if let Some((b'R', theirs)) = answer.split_first()
            && self.is_a_lie(&head, theirs, now).await?
        {
            answer = self.send(&publish(&head, signed, theirs)).await?;
        }
        let (signer, found) = (head.signer, head.number);
        match answer.split_first() {
            Some((b'K', _)) => Ok(applied),
            Some((b'F', _)) => Err(RelayError::Full { limit: MAX_DELTAS }),
            Some((b'G', held)) => {
                let held = std::str::from_utf8(held)
                    .ok()
                    .and_then(|it| it.parse().ok());
                Err(ListError::Gap { held, found }.into())
            }
            Some((b'R', theirs)) => {
                let theirs = ListHead::parse(theirs).ok_or(RelayError::ListHead { signer })?;
                let held = theirs.last;
                Err(ListError::RolledBack { held, found }.into())
            }
            _ => Err(RelayError::ListHead { signer }),
        }
    }

    /// Whether the server says that it has a later list, and has none that its signer signed.
    async fn is_a_lie(
        &self,
        ours: &Head,
        theirs: &[u8],
        now: Timestamp,
    ) -> Result<bool, RelayError> {
        let taken = self.take_list(ours.signer, theirs.to_vec(), now).await;
        if let Err(error @ RelayError::Unavailable(_)) = taken {
            return Err(error);
        }
        Ok(taken.is_err() && self.lists.number(&ours.signer) == Some(ours.number))
    }

    /// Stops the task of a ticket here, and sends the ticket to all verifiers.
    ///
    /// # Errors
    ///
    /// [`RelayError::Ticket`] if it is damaged, forged or over. After any other, the task is
    /// stopped here, and it is not known whether it is elsewhere: post it again, which changes
    /// nothing if it is.
    pub async fn post(&self, ticket: &str, now: Timestamp) -> Result<Posted, RelayError> {
        let posted = self.stops.post(ticket, now)?;
        let (Posted::Stopped(stop) | Posted::Already(stop)) = &posted;
        let mut script = ::redis::cmd("EVAL");
        script.arg(include_str!("post.lua")).arg(3);
        script.arg(&ticket_keys(&stop.root)).arg(ticket);
        script.arg(stop.ends.unix_millis());
        script.arg(Self::MAX_TICKETS).arg(KEPT_MS);
        match self.send(&script).await?.first() {
            Some(b'K' | b'A') => Ok(posted),
            Some(b'F') => Err(RelayError::Full {
                limit: Self::MAX_TICKETS,
            }),
            _ => Err(RelayError::TicketHead { root: stop.root }),
        }
    }

    /// Sends what may be sent twice.
    async fn send(&self, command: &Cmd) -> Result<Vec<u8>, Failure> {
        let mut once = Pipeline::with_capacity(1);
        once.add_command(command.clone());
        let answers = match self.link.ask(&once, Patience::Long).await {
            // The connection was an old one, or the server is none of the masters any more.
            Err(Failure::Gone(_)) => self.link.ask(&once, Patience::Long).await?,
            answers => answers?,
        };
        read(answers.into_iter().next())
    }
}

fn publish(head: &Head, signed: &[u8], lie: &[u8]) -> Cmd {
    let before = match head.change {
        None => String::new(),
        Some(_) => digits(head.number.saturating_sub(1)),
    };
    let mut script = ::redis::cmd("EVAL");
    script.arg(include_str!("publish.lua")).arg(3);
    script.arg(&list_keys(&head.signer));
    script.arg(before).arg(digits(head.number));
    script.arg(digits(head.issued.unix_millis()));
    script.arg(signed).arg(MAX_DELTAS).arg(lie);
    script
}
