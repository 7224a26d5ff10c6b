//! Values that a service noted, on their way back in a request.

use std::sync::Arc;

use bailiwick::action::{Action, Call, Effect, Tree};
use bailiwick::clock::FixedClock;
use bailiwick::http::HttpSigner;
use bailiwick::keys::NoteKey;
use bailiwick::ledger::{ForgetfulLedger, Immediate};
use bailiwick::note::{Note, NoteBook, NoteSigner, NoteSigners};
use bailiwick::present::{Holder, Presenter};
use bailiwick::scope::{Capability, Label, Matcher};

use crate::world::{
    START, Server, at, client, forum, gate_knowing, gate_with, holder, layer, now, request, scope,
};

/// What the forum notes of its members, for who may read thread 42.
fn noted(signer: &NoteSigner, members: &Label, agent: &Holder) -> Note {
    let call = Call::tool("read".parse().unwrap(), Tree::empty());
    let (operation, resource) = (
        "forum.read".parse().unwrap(),
        "forum/thread/42".parse().unwrap(),
    );
    let read = Action::new(forum(), operation, Effect::Read, resource);
    let sent = agent.present(&forum(), &call, now()).unwrap().to_text();
    let gate = gate_with(ForgetfulLedger::started_at(at(START - 60)));
    let permit = gate.admit(&sent, &call, read).unwrap().first().unwrap();
    signer
        .sign(&permit, members, ["ann", "bob"], now())
        .unwrap()
}

#[tokio::test]
async fn what_was_noted_goes_along_with_a_body_that_uses_it() {
    let members = Label::new("forum:members").unwrap();
    let signer = NoteSigner::new(NoteKey::generate().unwrap());
    let post = Capability::operation("forum.post", "forum/thread/42").unwrap();
    let to = Matcher::from_label(members.as_str()).unwrap();
    let read = Capability::operation("forum.read", "forum/thread/42").unwrap();
    let scope = scope().allow_only([read, post.argument("to", to).unwrap()]);

    let agent = holder(scope);
    let book = NoteBook::new();
    book.add(noted(&signer, &members, &agent), now()).unwrap();
    let presenter = Presenter::from(agent)
        .with_notes(Arc::new(book))
        .with_clock(Arc::new(FixedClock::new(now())));

    let signers = NoteSigners::new().with(members, signer.public_key());
    let ledger = Immediate(ForgetfulLedger::started_at(at(START - 60)));
    let server = Server::behind(layer(gate_knowing(signers, ledger))).await;
    let http = HttpSigner::new(presenter).with_service(server.url("").parse().unwrap(), forum());
    for (body, status) in [(r#"{"to":"ann"}"#, 200), (r#"{"to":"eve"}"#, 403)] {
        let mut posting = request("POST", "/threads/42/posts", body);
        *posting.uri_mut() = server.url("/threads/42/posts").parse().unwrap();
        http.sign(&mut posting).unwrap();
        let response = client().execute(posting.try_into().unwrap()).await;
        assert_eq!(response.unwrap().status(), status, "{body}");
    }
    assert_eq!(server.ran.times(), 1);
}
