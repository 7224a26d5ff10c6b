use super::*;
use crate::keys::dangerous::issuer_key_from_seed;
use crate::keys::{IssuerKey, Root, SignerError};
use crate::mint::Issuer;
use crate::revoke::{ChainFacts, Posted, Revocations, Revoked, StopTickets};
use crate::testing::{END, START, agent, at, issuer, now, root, scope, task};

fn minted() -> StopTicket {
    let issuer = Issuer::new(issuer(), RootKeyId::new(1));
    let scope = scope().build().unwrap();
    let minted = issuer.mint(&task(), scope, &agent(1).public_key(), at(START));
    minted.unwrap().stop
}

fn ring() -> KeyRing {
    KeyRing::new([root()]).unwrap()
}

fn code<T>(result: Result<T, StopError>) -> &'static str {
    match result {
        Ok(_) => "fine",
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            error.code()
        }
    }
}

/// The text of a ticket whose bytes were changed, with the right checksum.
fn changed(ticket: &StopTicket, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let text = ticket.to_text();
    let mut bytes = text::decode(TextKind::StopTicket, &text, MAX_BYTES).unwrap();
    change(&mut bytes);
    text::encode(TextKind::StopTicket, &bytes)
}

fn stopped(stops: &StopTickets, id: &str) -> bool {
    let chain = ChainFacts {
        root: &issuer().public_key(),
        task: &id.parse().unwrap(),
        principal: &"ada@example.com".parse().unwrap(),
        issued: at(START),
        holders: &[],
        blocks: &[],
    };
    stops.revoked(&chain, now()) == Some(Revoked::Task)
}

#[test]
fn minting_gives_a_ticket_for_just_this_task() {
    let stop = minted().verify(&ring(), now()).unwrap();
    assert_eq!(stop.task.as_str(), "t-1");
    assert_eq!(stop.root, issuer().public_key());
    assert_eq!((stop.issued, stop.ends), (at(START), at(END)));
}

#[test]
fn a_ticket_reads_back_from_its_text() {
    let ticket = minted();
    assert_eq!(StopTicket::parse(&ticket.to_text()).unwrap(), ticket);
    let long = super::ticket_for_tests(&"x".repeat(256));
    assert_eq!(StopTicket::parse(&long.to_text()).unwrap(), long);
}

#[test]
fn a_damaged_ticket_is_malformed() {
    let ticket = minted();
    let text = ticket.to_text();
    for damaged in ["", "bws1_", "bwt1_AAAA", &text[..40], &format!("{text}A")] {
        assert_eq!(code(StopTicket::parse(damaged)), "stop_malformed");
    }
    let cut = changed(&ticket, |bytes| bytes.truncate(bytes.len() - 1));
    let more = changed(&ticket, |bytes| bytes.push(0));
    let control = changed(&ticket, |bytes| bytes[38] = 7);
    let no_key = changed(&ticket, |bytes| bytes[4..36].fill(0));
    let late = changed(&ticket, |bytes| bytes[41..49].fill(0xff));
    for text in [cut, more, control, no_key, late] {
        let error = StopTicket::parse(&text).unwrap_err();
        assert!(matches!(error, StopError::Malformed(_)), "{error}");
    }
}

#[test]
fn whatever_is_changed_in_a_ticket_it_stops_nothing() {
    let ticket = minted();
    let length = text::decode(TextKind::StopTicket, &ticket.to_text(), MAX_BYTES)
        .unwrap()
        .len();
    for at in 0..length {
        for bit in [1, 0x80] {
            let text = changed(&ticket, |bytes| bytes[at] ^= bit);
            let result = StopTicket::parse(&text).and_then(|t| t.verify(&ring(), now()));
            assert!(result.is_err(), "{at}");
        }
    }
}

#[test]
fn a_ticket_counts_only_by_a_root_of_the_ring_and_under_its_id() {
    let ticket = minted();
    let ring = |id, seed| {
        let key = issuer_key_from_seed(&[seed; 32]).public_key();
        KeyRing::new([Root::new(RootKeyId::new(id), key, at(START)..at(END))]).unwrap()
    };
    assert_eq!(code(ticket.verify(&ring(1, 100), now())), "fine");
    assert_eq!(
        code(ticket.verify(&ring(2, 100), now())),
        "stop_root_unknown"
    );
    assert_eq!(
        code(ticket.verify(&ring(1, 101), now())),
        "stop_root_unknown"
    );
    // Who has a root key of its own names ours, and signs with its own.
    let forged = StopTicket {
        signature: issuer_key_from_seed(&[101; 32])
            .sign(message(&ticket.stop).as_bytes())
            .unwrap(),
        ..ticket
    };
    assert_eq!(
        code(forged.verify(&ring(1, 100), now())),
        "stop_signature_invalid"
    );
}

#[test]
fn a_ticket_is_over_with_its_token() {
    let ticket = minted();
    assert_eq!(code(ticket.verify(&ring(), at(END - 1))), "fine");
    assert_eq!(code(ticket.verify(&ring(), at(END))), "stop_expired");
}

#[test]
fn a_signer_that_signs_something_else_gives_no_ticket() {
    struct Confused(IssuerKey);
    impl Signer for Confused {
        fn public_key(&self) -> IssuerPublicKey {
            self.0.public_key()
        }
        fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
            match message.starts_with(b"\0BAILIWICK") {
                true => self.0.sign(b"something else"),
                false => self.0.sign(message),
            }
        }
    }
    let issuer = Issuer::new(Confused(issuer()), RootKeyId::new(1));
    let scope = scope().build().unwrap();
    let minted = issuer.mint(&task(), scope, &agent(1).public_key(), at(START));
    assert_eq!(minted.unwrap_err().code(), "chain_invalid");
}

#[test]
fn a_posted_ticket_stops_its_task_and_no_other() {
    let stops = StopTickets::new(ring());
    let text = minted().to_text();
    assert!(!stopped(&stops, "t-1"));
    assert!(matches!(stops.post(&text, now()), Ok(Posted::Stopped(_))));
    assert!(matches!(stops.post(&text, now()), Ok(Posted::Already(_))));
    assert!(stopped(&stops, "t-1"));
    assert!(!stopped(&stops, "t-2"));
    // For good, whatever is posted after.
    assert_eq!(code(stops.post(&text, at(END))), "stop_expired");
    assert!(stopped(&stops, "t-1"));
}

#[test]
fn a_refused_ticket_stops_nothing() {
    let stops = StopTickets::new(ring());
    let text = changed(&minted(), |bytes| *bytes.last_mut().unwrap() ^= 1);
    assert_eq!(code(stops.post(&text, now())), "stop_signature_invalid");
    assert_eq!(code(stops.post("bws1_", now())), "stop_malformed");
    assert_eq!(
        code(stops.post(&minted().to_text(), at(END))),
        "stop_expired"
    );
    assert!(!stopped(&stops, "t-1"));
}

#[test]
fn no_stopped_task_is_forgotten_for_another_before_it_ends() {
    let stops = StopTickets::new(ring()).with_capacity(2);
    let post = |id: &str, ends, now| {
        let ticket = ticket(id, at(ends));
        code(stops.post(&ticket.to_text(), at(now)))
    };
    assert_eq!(post("a", START + 100, START), "fine");
    assert_eq!(post("b", START + 200, START), "fine");
    assert_eq!(post("c", START + 300, START), "stops_full");
    assert!(stopped(&stops, "a") && stopped(&stops, "b") && !stopped(&stops, "c"));
    assert_eq!(post("a", START + 100, START), "fine");
    // Minted again for longer, it is stopped for longer.
    assert_eq!(post("b", START + 400, START), "fine");
    assert_eq!(post("c", START + 300, START + 250), "fine");
    assert!(!stopped(&stops, "a") && stopped(&stops, "b") && stopped(&stops, "c"));
}

#[test]
fn nothing_that_can_be_posted_is_in_debug_output() {
    let ticket = minted();
    let debug = format!("{ticket:?}");
    assert!(
        !debug.contains(&ticket.signature.to_string()[..16]),
        "{debug}"
    );
    assert!(debug.contains("t-1"), "{debug}");
}
