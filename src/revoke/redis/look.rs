//! One look at the server: is there anything new?

use std::collections::HashMap;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use ::redis::{Pipeline, Value};

use super::contact::Contact;
use super::heads::{ListHead, TicketHead, list_keys, ticket_keys};
use super::link::{Patience, read};
use super::{RedisRevocations, RelayError};
use crate::clock::Timestamp;
use crate::keys::{IssuerPublicKey, RevocationPublicKey};
use crate::ledger::Failure;
use crate::revoke::{ListError, StopError};

/// What was refused is not fetched again before, unless its head changes.
const REFUSED_FOR: Duration = Duration::from_secs(5);
/// How many tickets are read at once, and how often in one look.
const PAGE: usize = 256;
const PAGES: usize = 64;

/// What was seen on the server before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The heads whose lists are known.
    applied: HashMap<RevocationPublicKey, Vec<u8>>,
    /// The heads whose lists are refused, since when and why.
    refused: HashMap<RevocationPublicKey, (Vec<u8>, Instant, RelayError)>,
    /// How many tickets are known, of which order.
    tickets: HashMap<IssuerPublicKey, TicketHead>,
    ticket_error: Option<RelayError>,
}

impl RedisRevocations {
    /// Looks whether there is anything new, and applies it: one round trip if there is not.
    ///
    /// # Errors
    ///
    /// The first [`RelayError`]; what else there is was applied all the same.
    pub async fn poll(&self, now: Timestamp) -> Result<(), RelayError> {
        let mut seen = self.seen.lock().await;
        let result = self.look(&mut seen, now).await;
        let error = result.as_ref().err().or(seen.ticket_error.as_ref());
        *self.error() = error.cloned();
        result
    }

    async fn look(&self, seen: &mut Seen, now: Timestamp) -> Result<(), RelayError> {
        let contact = Contact::begins(now);
        let signers: Vec<_> = self.lists.bound().collect();
        let roots: Vec<_> = self.stops.roots().collect();
        let mut heads = self.heads(&signers, &roots).await?.into_iter();
        let mut first = Ok(());
        // Tickets first: they are small.
        for root in roots {
            let head = heads.next().flatten();
            let done = self.look_at_tickets(seen, root, head, now).await;
            if done.is_ok() {
                self.contacted(|all| all.tickets.insert(root, contact));
            }
            first = first.and(done);
        }
        for signer in signers {
            let head = heads.next().flatten();
            let done = self.look_at_list(seen, signer, head, now).await;
            if done.is_ok() {
                self.contacted(|all| all.lists.insert(signer, contact));
            }
            first = first.and(done);
        }
        first
    }

    async fn heads(
        &self,
        signers: &[RevocationPublicKey],
        roots: &[IssuerPublicKey],
    ) -> Result<Vec<Option<Vec<u8>>>, Failure> {
        let lists = signers.iter().map(list_keys);
        let tickets = roots.iter().map(ticket_keys);
        let mut keys = tickets.chain(lists).map(|[head, ..]| head).peekable();
        let mut ask = Pipeline::with_capacity(1);
        if keys.peek().is_some() {
            ask.cmd("MGET").arg(keys.collect::<Vec<_>>());
        }
        let mut answers = self.link.ask(&ask, Patience::Short).await?.into_iter();
        if ask.is_empty() {
            return Ok(Vec::new());
        }
        read(answers.next())
    }

    async fn look_at_list(
        &self,
        seen: &mut Seen,
        signer: RevocationPublicKey,
        head: Option<Vec<u8>>,
        now: Timestamp,
    ) -> Result<(), RelayError> {
        let Some(head) = head else {
            return Err(RelayError::Missing { signer });
        };
        if seen.applied.get(&signer) == Some(&head) {
            return self.not_behind(signer, &head);
        }
        if let Some((refused, since, error)) = seen.refused.get(&signer)
            && *refused == head
            && since.elapsed() < REFUSED_FOR
        {
            return Err(error.clone());
        }
        match self.take_list(signer, head.clone(), now).await {
            Ok(head) => {
                seen.refused.remove(&signer);
                seen.applied.insert(signer, head);
                Ok(())
            }
            Err(error) => {
                if !matches!(error, RelayError::Unavailable(_)) {
                    let refused = (head, Instant::now(), error.clone());
                    seen.refused.insert(signer, refused);
                }
                Err(error)
            }
        }
    }

    /// A server that has less than is known has forgotten something.
    fn not_behind(&self, signer: RevocationPublicKey, head: &[u8]) -> Result<(), RelayError> {
        let found = ListHead::parse(head).ok_or(RelayError::ListHead { signer })?;
        match self.lists.number(&signer) {
            Some(held) if held > found.last => {
                let found = found.last;
                Err(ListError::RolledBack { held, found }.into())
            }
            _ => Ok(()),
        }
    }

    /// Applies what is under a head, and gives back the head that it was under.
    pub(super) async fn take_list(
        &self,
        signer: RevocationPublicKey,
        mut head: Vec<u8>,
        now: Timestamp,
    ) -> Result<Vec<u8>, RelayError> {
        let mut whole = false;
        // Another may be published meanwhile.
        for _ in 0..8 {
            self.not_behind(signer, &head)?;
            let at = ListHead::parse(&head).ok_or(RelayError::ListHead { signer })?;
            // How many of the deltas are known, if their list is.
            let known = self.lists.number(&signer).filter(|_| !whole);
            let known = known.and_then(|number| number.checked_sub(at.base));
            let skip = match known {
                // The same number again: the list may be good for longer.
                Some(0) if at.base == at.last => None,
                Some(skip) if at.base.checked_add(skip) == Some(at.last) => return Ok(head),
                other => other,
            };
            let mut parts = self.fetch(&signer, &head, skip).await?.into_iter();
            let current = parts
                .next()
                .flatten()
                .ok_or(RelayError::Missing { signer })?;
            if current != head {
                head = current;
                continue;
            }
            let documents = parts.flatten().filter(|it| !it.is_empty()).collect();
            match self.apply_all(documents, at, signer, now).await {
                // Ours and theirs differ: the list itself is what helps.
                Err(RelayError::List(ListError::Gap { .. } | ListError::Forked { .. }))
                    if !whole && skip.is_some() =>
                {
                    whole = true;
                }
                done => return done.map(|()| head),
            }
        }
        let why = "the list changes all the time".to_owned();
        Err(RelayError::Unavailable(why))
    }

    /// The head as it is now and, if it still is as it was, the list unless it is skipped with so
    /// many of its deltas, and the other deltas.
    async fn fetch(
        &self,
        signer: &RevocationPublicKey,
        head: &[u8],
        skip: Option<u64>,
    ) -> Result<Vec<Option<Vec<u8>>>, RelayError> {
        let most = match skip {
            Some(_) => 0,
            None => self.lists.max_bytes().max(1),
        };
        let mut ask = Pipeline::with_capacity(1);
        let script = ask.cmd("EVAL").arg(include_str!("fetch.lua")).arg(3);
        script.arg(&list_keys(signer)).arg(head);
        script.arg(most).arg(skip.unwrap_or(0));
        let mut answers = self.link.ask(&ask, Patience::Long).await?.into_iter();
        Ok(read(answers.next())?)
    }

    /// Applies a list and its deltas, which lead to a number. It may take a while.
    async fn apply_all(
        &self,
        documents: Vec<Vec<u8>>,
        at: ListHead,
        signer: RevocationPublicKey,
        now: Timestamp,
    ) -> Result<(), RelayError> {
        let lists = self.lists.clone();
        let apply = move || {
            let mut behind = None;
            for document in documents {
                match lists.apply(&document, now) {
                    Ok(_) => {}
                    // What is known here is newer; maybe the next delta is not.
                    Err(error @ ListError::RolledBack { .. }) => behind = Some(error),
                    Err(error) => return Err(error),
                }
            }
            let (held, found) = (lists.number(&signer), at.last);
            match behind {
                _ if held >= Some(found) => Ok(()),
                Some(error) => Err(error),
                None => Err(ListError::Gap { held, found }),
            }
        };
        Ok(aside(apply).await??)
    }

    async fn look_at_tickets(
        &self,
        seen: &mut Seen,
        root: IssuerPublicKey,
        head: Option<Vec<u8>>,
        now: Timestamp,
    ) -> Result<(), RelayError> {
        let Some(head) = head else {
            seen.tickets.remove(&root);
            return Ok(());
        };
        let head = TicketHead::parse(&head).ok_or(RelayError::TicketHead { root })?;
        let order = &head.order;
        let known = seen.tickets.get(&root).filter(|it| it.order == *order);
        let mut count = known.map_or(0, |it| it.count);
        if count > head.count {
            count = 0;
        }
        for _ in 0..PAGES {
            if count == head.count {
                break;
            }
            let page = self.ticket_page(&root, count).await?;
            let is_last = page.len() < PAGE;
            let (texts, numbers): (Vec<_>, Vec<_>) = page.into_iter().unzip();
            let stops = self.stops.clone();
            let refused = aside(move || {
                let mut refused = None;
                for text in texts {
                    match stops.post(&text, now) {
                        Ok(_) | Err(StopError::Expired { .. }) => {}
                        Err(error @ StopError::Full { .. }) => return Err(error),
                        Err(error) => refused = Some(error),
                    }
                }
                Ok(refused)
            });
            if let Some(error) = refused.await?? {
                seen.ticket_error = Some(error.into());
            }
            count = match numbers.last() {
                Some(last) if !is_last => *last,
                // Those that were the last may be over and gone.
                _ => head.count,
            };
            let order = head.order.clone();
            seen.tickets.insert(root, TicketHead { order, count });
        }
        if count != head.count {
            let why = "there are more tickets than are read at once".to_owned();
            return Err(RelayError::Unavailable(why));
        }
        Ok(())
    }

    /// The next tickets after so many, each with its number.
    async fn ticket_page(
        &self,
        root: &IssuerPublicKey,
        after: u64,
    ) -> Result<Vec<(String, u64)>, RelayError> {
        let [_, _, tickets] = ticket_keys(root);
        let mut ask = Pipeline::with_capacity(1);
        let range = ask.cmd("ZRANGEBYSCORE").arg(tickets);
        range.arg(format!("({after}")).arg("+inf").arg("WITHSCORES");
        range.arg("LIMIT").arg(0).arg(PAGE);
        let mut answers = self.link.ask(&ask, Patience::Long).await?.into_iter();
        let flat: Vec<Value> = read(answers.next())?;
        let mut flat = flat.into_iter();
        let mut page = Vec::with_capacity(PAGE);
        while let Some(text) = flat.next() {
            // What is no text is no ticket.
            let text: Vec<u8> = read(Some(text))?;
            let text = String::from_utf8_lossy(&text).into_owned();
            page.push((text, read(flat.next())?));
        }
        Ok(page)
    }

    fn contacted<T>(&self, change: impl FnOnce(&mut super::contact::Contacts) -> T) {
        let mut contacts = self
            .contacts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        change(&mut contacts);
    }
}

/// Checks signatures where nobody waits for it.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, RelayError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| RelayError::Unavailable("the runtime shuts down".to_owned()))
}
