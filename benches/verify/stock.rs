//! Stock biscuit-auth 6: our token in its sealed form, and the same task in plain checks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, UNIX_EPOCH};

use bailiwick::present::Holder;
use biscuit_auth::builder::{Algorithm, AuthorizerBuilder, BlockBuilder, Fact, Term};
use biscuit_auth::builder::{date, int, set, string};
use biscuit_auth::datalog::RunLimits;
use biscuit_auth::{Biscuit, KeyPair, PrivateKey, PublicKey};

use crate::task::{self, CAPABILITIES};

/// A token that a stock library verifies, and the facts of one action.
pub(crate) struct Stock {
    bytes: Vec<u8>,
    root: PublicKey,
    facts: Vec<Fact>,
    policy: &'static str,
}

impl Stock {
    /// Our token, sealed, with exactly the facts that the format asks for.
    pub(crate) fn sealed(holder: &Holder) -> Self {
        let root = task::issuer_key().public_key();
        let depth = holder.token().block_count() as i64 - 1;
        let facts = [
            ("operation", string("forum.draft")),
            ("effect", string("draft")),
            (
                "resource",
                Term::Array(["forum", "thread", "42"].map(string).to_vec()),
            ),
            ("service", string(task::SERVICE)),
            ("time", now()),
            ("args", Term::Map(BTreeMap::new())),
            ("attrs", Term::Map(BTreeMap::new())),
            ("depth", int(depth)),
            ("approved_by", set(BTreeSet::new())),
            ("seen", Term::Map(BTreeMap::new())),
            ("tainted", Term::Bool(true)),
            ("possession", string("signature")),
        ];
        Self {
            bytes: holder.seal().unwrap().as_bytes().to_vec(),
            root: PublicKey::from_bytes(root.as_bytes(), Algorithm::Ed25519).unwrap(),
            facts: facts
                .map(|(name, term)| Fact::new(name.to_owned(), vec![term]))
                .to_vec(),
            policy: "allow if bailiwick(1)",
        }
    }

    /// What somebody would write who uses Biscuit and nothing else: texts for resources, one check
    /// for the capabilities, one for the time, one for the service.
    pub(crate) fn plain(chain: usize, blocks: usize) -> Self {
        let root = KeyPair::from(&PrivateKey::from_bytes(&[255; 32], Algorithm::Ed25519).unwrap());
        let (id, [purpose, principal, agent]) = (task::id(chain), task::TASK);
        let facts = [
            ("task", id.as_str()),
            ("purpose", purpose),
            ("principal", principal),
            ("agent", agent),
        ];
        let facts = facts.map(|(name, text)| Fact::new(name.to_owned(), vec![string(text)]));
        let first = facts
            .into_iter()
            .try_fold(Biscuit::builder(), |token, fact| token.fact(fact));
        let first = first.unwrap().code(checks(0)).unwrap();
        let mut token = first
            .code(format!("check if service(\"{}\")", task::SERVICE))
            .unwrap();
        token = token.root_key_id(1);
        let mut token = token.build(&root).unwrap();
        for block in 1..blocks {
            token = token
                .append(BlockBuilder::new().code(checks(block)).unwrap())
                .unwrap();
        }
        let facts = [
            ("operation", string("forum.draft")),
            ("resource", string("forum/thread/42")),
            ("service", string(task::SERVICE)),
            ("time", now()),
        ];
        Self {
            bytes: token.to_vec().unwrap(),
            root: root.public(),
            facts: facts
                .map(|(name, term)| Fact::new(name.to_owned(), vec![term]))
                .to_vec(),
            policy: "allow if true",
        }
    }

    /// From bytes to a decision. The limits are wide, so that a busy machine refuses nothing.
    pub(crate) fn parse_and_authorize(&self) -> bool {
        let token = Biscuit::from(&self.bytes, self.root).unwrap();
        let mut facts = self.facts.iter().cloned();
        let builder = facts
            .try_fold(AuthorizerBuilder::new(), AuthorizerBuilder::fact)
            .unwrap();
        let limits = RunLimits {
            max_time: Duration::from_secs(10),
            ..RunLimits::default()
        };
        let builder = builder.policy(self.policy).unwrap().set_limits(limits);
        builder.build(&token).unwrap().authorize().is_ok()
    }

    /// In its text form, padded base64.
    pub(crate) fn characters(&self) -> usize {
        self.bytes.len().div_ceil(3) * 4
    }

    /// The lengths of the contents of its blocks.
    pub(crate) fn contents(&self) -> Vec<usize> {
        let token = Biscuit::from(&self.bytes, self.root).unwrap();
        let token = token.container().to_proto();
        let blocks = [&token.authority].into_iter().chain(&token.blocks);
        blocks.map(|signed| signed.block.len()).collect()
    }
}

fn checks(block: usize) -> String {
    let query = |(operation, resource): &(&str, &str)| {
        format!("operation(\"{operation}\"), resource(\"{resource}\")")
    };
    let queries: Vec<_> = CAPABILITIES.iter().map(query).collect();
    let end = task::at(task::end(block));
    format!(
        "check if {}; check if time($t), $t < {end};",
        queries.join(" or ")
    )
}

fn now() -> Term {
    date(&(UNIX_EPOCH + Duration::from_secs(task::NOW)))
}
