//! What is refused before anything is shown.

use super::*;
use crate::keys::RootKeyId;
use crate::keys::dangerous::issuer_key_from_seed;
use crate::testing::{END, START, agent, at, hand_on, holder, issuer, mint};
use crate::verify::Verified;
use crate::wire::{put_bytes, put_count};

fn code(result: Result<VerifiedRequest, RequestError>) -> &'static str {
    match result {
        Ok(_) => "opened",
        Err(error) => {
            let message = error.to_string();
            assert!(
                !message.contains('\n') && !message.ends_with('.'),
                "{message}"
            );
            error.code()
        }
    }
}

fn open(text: &str) -> &'static str {
    code(approver(11).open(text, now()))
}

/// What a holder asks for that wrote its request itself.
struct Raw {
    issued: Timestamp,
    until: Timestamp,
    service: &'static [u8],
    actions: Vec<Vec<u8>>,
}

impl Raw {
    fn new(actions: &[Action]) -> Self {
        Self {
            issued: now(),
            until: later(300),
            service: b"forum.example",
            actions: actions.iter().map(Action::to_bytes).collect(),
        }
    }

    fn unsigned(&self, holder: &Holder) -> Result<ApprovalRequest, RequestError> {
        let mut bytes = vec![0];
        bytes.extend_from_slice(&[9; 16]);
        bytes.extend_from_slice(&self.issued.unix_millis().to_be_bytes());
        bytes.extend_from_slice(&self.until.unix_millis().to_be_bytes());
        put_bytes(&mut bytes, self.service);
        put_bytes(&mut bytes, holder.token().as_bytes());
        put_count(&mut bytes, self.actions.len());
        for action in &self.actions {
            put_bytes(&mut bytes, action);
        }
        ApprovalRequest::parse(&to_text(&bytes), &limits())
    }

    fn asked(&self, holder: &Holder) -> String {
        let request = self.unsigned(holder).unwrap();
        holder.ask(&request, now()).unwrap().to_text()
    }

    fn refused(&self) -> &'static str {
        let holder = holder(wants(1, &[11]));
        self.unsigned(&holder).unwrap_err().code()
    }
}

fn asked() -> String {
    ask(&holder(wants(1, &[11])), vec![publish("It depends.")]).to_text()
}

#[test]
fn a_request_that_the_holder_signed_is_opened() {
    let opened = approver(11).open(&asked(), now()).unwrap();
    assert_eq!(opened.actions(), [publish("It depends.")]);
    assert_eq!(opened.task(), &crate::testing::task());
    assert_eq!(opened.holder(), agent(1).public_key());
    assert_eq!(opened.until(), later(300));
    assert_eq!(opened.token_until(), at(END));
    assert_eq!(opened.service(), &forum());
}

#[test]
fn what_is_no_request_is_malformed() {
    let token = mint(scope()).to_text();
    for text in ["", "bwr1_", "bwr1_AAAA", token.as_str(), &asked()[..40]] {
        assert_eq!(open(text), "request_malformed");
    }
    let mut other_kind = payload(&asked());
    other_kind[0] = 2;
    assert_eq!(open(&to_text(&other_kind)), "request_malformed");
}

#[test]
fn a_request_cut_anywhere_or_with_more_at_its_end_is_malformed() {
    let mut bytes = payload(&asked());
    for end in 0..bytes.len() {
        assert_eq!(open(&to_text(&bytes[..end])), "request_malformed", "{end}");
    }
    bytes.push(0);
    assert_eq!(open(&to_text(&bytes)), "request_malformed");
}

#[test]
fn any_changed_byte_is_refused() {
    let right = payload(&asked());
    for at in 0..right.len() {
        let mut bytes = right.clone();
        bytes[at] ^= 1;
        assert_ne!(open(&to_text(&bytes)), "opened", "{at}");
    }
}

#[test]
fn an_unsigned_request_is_shown_to_nobody() {
    let request = request(&holder(wants(1, &[11])), vec![publish("It depends.")]);
    assert_eq!(open(&request.to_text()), "request_unsigned");
    // And a signed one is not taken for one that is yet to be signed.
    let error = ApprovalRequest::parse(&asked(), &limits()).unwrap_err();
    assert_eq!(error.code(), "request_malformed");
    let read = ApprovalRequest::parse(&request.to_text(), &limits()).unwrap();
    assert_eq!(read, request);
}

#[test]
fn fields_that_are_not_what_they_should_be_are_refused() {
    let raw = || Raw::new(&[publish("It depends.")]);
    let backwards = Raw {
        until: now(),
        ..raw()
    };
    assert_eq!(backwards.refused(), "request_malformed");
    let until = later(30 * 24 * 3600 + 1);
    assert_eq!(Raw { until, ..raw() }.refused(), "request_malformed");
    for service in [b"\xff".as_slice(), b"a b"] {
        assert_eq!(Raw { service, ..raw() }.refused(), "request_malformed");
    }
    let mut action = publish("It depends.").to_bytes();
    *action.last_mut().unwrap() = 1;
    let actions = vec![action];
    assert_eq!(Raw { actions, ..raw() }.refused(), "request_malformed");
    let mut late = payload(&asked());
    late[17..25].fill(0xff);
    assert_eq!(open(&to_text(&late)), "request_malformed");
    let twice = Raw::new(&[publish("It depends."), publish("It depends.")]);
    assert_eq!(twice.refused(), "request_malformed");
}

#[test]
fn a_request_has_1_to_64_actions_of_its_own_service() {
    let plan = |count: usize| {
        let texts = (0..count).map(|number| publish(&number.to_string()));
        Raw::new(&texts.collect::<Vec<_>>())
    };
    assert_eq!(plan(0).refused(), "no_actions");
    assert_eq!(plan(65).refused(), "too_many_actions");
    assert_eq!(open(&plan(64).asked(&holder(wants(1, &[11])))), "opened");
    let service = b"mail.example";
    let foreign = Raw { service, ..plan(1) };
    assert_eq!(foreign.refused(), "service_mismatch");
    let large = Raw::new(&[publish(&"x".repeat(ApprovalRequest::MAX_ACTION_BYTES))]);
    assert_eq!(large.refused(), "request_too_long");
}

#[test]
fn a_service_makes_no_request_that_would_be_refused() {
    let verified: Verified = verify(&holder(wants(1, &[11])), now()).unwrap();
    let new = |actions, valid_for| {
        let request = ApprovalRequest::new(&verified, actions, valid_for);
        match request.unwrap_err() {
            NewRequestError::Contents(error) => error.code(),
            other => panic!("{other}"),
        }
    };
    assert_eq!(new(Vec::new(), MINUTE), "no_actions");
    let one = || vec![publish("It depends.")];
    assert_eq!(new([one(), one()].concat(), MINUTE), "request_malformed");
    assert_eq!(new(one(), Duration::ZERO), "request_malformed");
    let longest = ApprovalRequest::new(&verified, one(), Approval::LONGEST);
    assert_eq!(longest.unwrap().until(), at(END));
}

#[test]
fn a_token_of_an_audience_without_the_service_is_refused() {
    let mail = Action::new(
        "mail.example".parse().unwrap(),
        "forum.publish".parse().unwrap(),
        Effect::Publish,
        "forum/thread/42/post".parse().unwrap(),
    );
    let service = b"mail.example";
    let raw = Raw {
        service,
        ..Raw::new(&[mail])
    };
    assert_eq!(
        open(&raw.asked(&holder(wants(1, &[11])))),
        "service_mismatch"
    );
}

#[test]
fn the_root_must_be_trusted_on_the_approvers_own_ring() {
    let key = issuer().public_key();
    let opened = |root| code(approver_of(11, root).open(&asked(), now()));
    let of = |id, key, from, until| Root::new(RootKeyId::new(id), key, at(from)..at(until));
    assert_eq!(opened(of(2, key, START, END)), "root_unknown");
    assert_eq!(opened(of(1, key, START, START + 60)), "root_retired");
    assert_eq!(opened(of(1, key, START + 61, END)), "root_not_yet_valid");
    let other = issuer_key_from_seed(&[101; 32]).public_key();
    assert_eq!(opened(of(1, other, START, END)), "chain_invalid");
    let short = of(1, key, START, END).with_longest_lifetime(MINUTE);
    assert_eq!(opened(short), "lifetime_exceeded");
}

#[test]
fn only_the_holder_of_the_token_asks() {
    let holder = holder(wants(1, &[11]));
    let child = hand_on(&holder, 2, crate::scope::Scope::builder());
    let theirs = payload(&ask(&child, vec![publish("It depends.")]).to_text());
    let mut ours = payload(&ask(&holder, vec![publish("It depends.")]).to_text());
    // The signature of the other stands under this request.
    let end = ours.len() - 64;
    ours[end..].copy_from_slice(&theirs[theirs.len() - 64..]);
    assert_eq!(open(&to_text(&ours)), "request_signature_invalid");
}

#[test]
fn a_holder_signs_requests_for_its_own_token_while_they_last() {
    let holder = holder(wants(1, &[11]));
    let child = hand_on(&holder, 2, crate::scope::Scope::builder());
    let request = request(&holder, vec![publish("It depends.")]);
    let error = child.ask(&request, now()).unwrap_err();
    assert_eq!(
        (error, error.code()),
        (AskError::ForeignToken, "request_foreign")
    );
    let error = holder.ask(&request, later(300)).unwrap_err();
    assert_eq!(error.code(), "request_expired");
    assert!(holder.ask(&request, later(299)).is_ok());
}

#[test]
fn a_request_is_opened_from_its_issue_to_before_its_end() {
    let asked = asked();
    let open = |now| code(approver(11).open(&asked, now));
    let early = |seconds| now().saturating_sub(Duration::from_secs(seconds));
    assert_eq!(open(early(6)), "request_not_yet_valid");
    assert_eq!(open(early(5)), "opened");
    assert_eq!(open(later(299)), "opened");
    assert_eq!(open(later(300)), "request_expired");
}

#[test]
fn a_request_for_a_token_that_no_service_would_accept_now_is_refused() {
    let until = at(START + 2_000);
    let raw = Raw {
        until,
        ..Raw::new(&[publish("It depends.")])
    };
    let asked = raw.asked(&holder(wants(1, &[11])));
    assert_eq!(code(approver(11).open(&asked, at(END - 1))), "opened");
    assert_eq!(code(approver(11).open(&asked, at(END))), "expired");
    let not_yet = holder(wants(1, &[11]).not_before(later(10)));
    assert_eq!(open(&raw.asked(&not_yet)), "not_yet_valid");
    let shallow = hand_on(&holder(wants(1, &[11]).max_depth(1)), 2, wants(1, &[11]));
    assert_eq!(open(&raw.asked(&shallow)), "opened");
}

#[test]
fn nobody_of_the_chain_approves_what_it_asks_for_itself() {
    // The same bytes in another role: the first holder, the second, and the root.
    let everybody = [1, 2, 100, 11];
    let first = holder(wants(1, &everybody));
    let second = hand_on(&first, 2, crate::scope::Scope::builder());
    let asked = ask(&second, vec![publish("It depends.")]).to_text();
    for number in [1, 2, 100] {
        let opened = approver(number).open(&asked, now());
        assert_eq!(code(opened), "approver_in_chain", "{number}");
    }
    assert_eq!(open(&asked), "opened");
}

#[test]
fn an_approver_is_asked_only_where_a_requirement_names_it() {
    let holder = holder(wants(1, &[12]));
    let asked = ask(&holder, vec![publish("It depends.")]).to_text();
    assert_eq!(open(&asked), "approver_not_asked");
    assert_eq!(code(approver(12).open(&asked, now())), "opened");
    let reading = ask(&holder, vec![crate::testing::read("forum/thread/42/post")]);
    let opened = approver(12).open(&reading.to_text(), now());
    assert_eq!(code(opened), "approver_not_asked");
}

#[test]
fn a_ceiling_and_known_house_rules_and_taint_ask_too() {
    let asked = ask(&holder(scope()), vec![publish("It depends.")]).to_text();
    assert_eq!(open(&asked), "approver_not_asked");
    let rule = || requirement(vec![group(1, &[11])]);
    let layer = || {
        crate::scope::Scope::builder()
            .require(rule())
            .build()
            .unwrap()
    };
    let ceiling = approver_of(11, root().with_ceiling(layer()));
    assert_eq!(code(ceiling.open(&asked, now())), "opened");
    let house = approver(11).with_house_rules(layer());
    assert_eq!(code(house.open(&asked, now())), "opened");
    let tainted = holder(scope().require(rule().when_tainted()));
    assert_eq!(open(&ask(&tainted, vec![publish("x")]).to_text()), "opened");
}

#[test]
fn a_request_that_was_answered_is_not_opened_again() {
    let asked = asked();
    for decline in [false, true] {
        let approver = approver(11);
        // Opening is no answer.
        let opened = approver.open(&asked, now()).unwrap();
        assert!(approver.open(&asked, now()).is_ok());
        if decline {
            approver.decline(&opened, now()).unwrap();
        } else {
            approver.approve(&opened, MINUTE, now()).unwrap();
        }
        assert_eq!(code(approver.open(&asked, now())), "request_replayed");
    }
}

#[test]
fn a_request_that_cannot_be_shown_in_full_is_not_opened() {
    // Two bytes each, and six characters when they are shown.
    let opened = |characters: usize| {
        let action = publish(&"\u{85}".repeat(characters));
        open(&Raw::new(&[action]).asked(&holder(wants(1, &[11]))))
    };
    assert_eq!(opened(100_000), "opened");
    let most = ApprovalRequest::MAX_ACTION_BYTES / 2 - 200;
    assert_eq!(opened(most), "opened");
    // Bytes under a long path, which stands before each of them.
    let mut value = crate::action::Value::from(vec![crate::action::Value::Null; 4_000]);
    for _ in 0..5 {
        let object = crate::action::Object::from_pairs([("k".repeat(256), value)]);
        value = object.unwrap().into();
    }
    let action = publish("").with_arguments(Tree::from_pairs([("a", value)]).unwrap());
    let asked = Raw::new(&[action]).asked(&holder(wants(1, &[11])));
    assert_eq!(open(&asked), "request_too_long");
}
