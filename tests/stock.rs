//! A stock Biscuit library verifies a sealed token, as the README shows it.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use bailiwick::action::Task;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{HolderKey, IssuerKey, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::scope::{Capability, Scope};
use biscuit_auth::builder::{Algorithm, Term};
use biscuit_auth::macros::authorizer;
use biscuit_auth::{AuthorizerLimits, Biscuit, PublicKey, error::Token};

/// The function of the README, with more patience.
fn may_read(sealed: &str, root: PublicKey, thread: &str) -> Result<(), Token> {
    let token = Biscuit::from_base64(sealed, root)?;
    let depth = token.block_count() as i64 - 1;
    authorizer!(
        r#"operation("forum.read"); effect("read"); resource(["forum", "thread", {thread}]);
           service("forum.example"); time({now}); args({none}); attrs({none}); depth({depth});
           approved_by({,}); seen({none}); tainted(true); possession("signature");
           allow if bailiwick(1);"#,
        now = SystemTime::now(),
        none = Term::Map(BTreeMap::new()),
    )
    .set_limits(AuthorizerLimits {
        max_time: Duration::from_secs(5),
        ..Default::default()
    })
    .build(&token)?
    .authorize()
    .map(|_| ())
}

#[test]
fn a_sealed_token_of_two_blocks_permits_what_it_says_and_nothing_else() {
    let (issuer, now) = (IssuerKey::generate().unwrap(), SystemClock.now());
    let root = PublicKey::from_bytes(issuer.public_key().as_bytes(), Algorithm::Ed25519).unwrap();
    let [helper, scout] = [(); 2].map(|()| HolderKey::generate().unwrap());
    let scope = |resource: &str| {
        let read = Capability::operation("forum.read", resource).unwrap();
        let end = now.saturating_add(Duration::from_secs(900));
        Scope::builder().allow(read).not_after(end)
    };

    let task = Task::new("t-42", "answer thread 42", "ada@example.com", "helper").unwrap();
    let whole = scope("forum/thread/*").audience("forum.example".parse().unwrap());
    let minted = Issuer::new(issuer, RootKeyId::new(1))
        .mint(&task, whole.build().unwrap(), &helper.public_key(), now)
        .unwrap();
    let helper = Holder::new(minted.token, helper).unwrap();
    let narrower = scope("forum/thread/42").build().unwrap();
    let name = "scout".parse().unwrap();
    let token = helper
        .delegate(&scout.public_key(), name, narrower)
        .unwrap();
    let scout = Holder::new(token, scout).unwrap();

    let [helper, scout] = [helper, scout].map(|holder| holder.seal().unwrap().to_base64());
    assert_eq!(may_read(&helper, root, "42"), Ok(()));
    assert_eq!(may_read(&helper, root, "43"), Ok(()));
    assert_eq!(may_read(&scout, root, "42"), Ok(()));
    assert!(matches!(
        may_read(&scout, root, "43"),
        Err(Token::FailedLogic(_))
    ));
}
