//! Blocks: a scope as Datalog text, and the bytes that stand for it.

use bailiwick::action::Task;
use bailiwick::clock::Timestamp;
use bailiwick::keys::RootKeyId;
use bailiwick::mint::Issuer;
use bailiwick::scope::{Capability, Matcher, Scope};
use bailiwick::token::{Limits, Token};

use crate::file::Vector;
use crate::{constructs, forge, hex, world};

pub const KIND: &str = "block";

/// The first block of most vectors.
const FIRST: &str = "first";

pub fn all() -> Vec<Vector> {
    let first = world::mint(world::base());
    let mut vectors = vec![
        vector(
            FIRST,
            "the first block: facts, possession, and the least that it must say",
            &[],
            &first,
        ),
        vector(
            "first-full",
            "a first block with every limit, and names with every kind of character",
            &[],
            &full(),
        ),
    ];
    for construct in constructs::all() {
        let token = world::delegate(&first, construct.scope);
        vectors.push(vector(construct.name, construct.comment, &[FIRST], &token));
    }
    let again = |text| {
        let capability = Capability::operation("mail.send", "outbox").unwrap();
        Scope::builder()
            .allow(capability.argument("a", Matcher::equals(text)).unwrap())
            .build()
            .unwrap()
    };
    let second = world::delegate(&first, again("ann"));
    vectors.push(vector(
        "symbols-second",
        "a second block adds its symbols to those of the first",
        &[FIRST],
        &second,
    ));
    let third = world::delegate(&second, again("bob"));
    let after = [FIRST, "symbols-second"];
    vectors.push(vector(
        "symbols-third",
        "a third block adds only what neither has",
        &after,
        &third,
    ));
    vectors
}

fn full() -> Token {
    let scope = world::base()
        .not_before(world::seconds(world::NOW - 60))
        .audience("drive.example".parse().unwrap());
    let task = Task::new(
        "t/18",
        "say \"hi\" \\ to Zoë 🦊",
        "ada@example.com",
        "the agent's name",
    )
    .unwrap();
    let issuer = Issuer::new(world::issuer(), RootKeyId::new(u32::MAX));
    let (scope, holder) = (
        scope.max_depth(0).build().unwrap(),
        world::holder(0).public_key(),
    );
    let now = Timestamp::from_unix_millis(world::NOW * 1000 + 999).unwrap();
    issuer.mint(&task, scope, &holder, now).unwrap().token
}

fn vector(name: &str, comment: &str, after: &[&str], token: &Token) -> Vector {
    let text = token.to_datalog().pop().unwrap();
    Vector::new(format!("{KIND}/{name}"), "written", comment)
        .with_all("after", after)
        .with("block", hex::to(token.block_bytes().last().unwrap()))
        .with("token", token.to_text())
        .with_body(text.trim_end())
}

/// Blocks that no stock text parser reads: its `hex:` wants at least one byte.
fn has_no_stock_text(text: &str) -> bool {
    ["hex:,", "hex:]", "hex:)", "hex:;", "hex: "]
        .iter()
        .any(|end| text.contains(end))
}

pub fn check(vector: &Vector, all: &[Vector]) {
    let token = Token::parse(vector.get("token"), &Limits::default()).unwrap();
    let block = vector.all("after").count();
    assert_eq!(token.block_count(), block + 1, "{}", vector.name);
    let blocks: Vec<_> = token.block_bytes().map(hex::to).collect();
    assert_eq!(blocks[block], vector.get("block"), "{}", vector.name);
    let texts = token.to_datalog();
    assert_eq!(texts[block].trim_end(), vector.body(), "{}", vector.name);
    for (index, name) in vector.all("after").enumerate() {
        let name = format!("{KIND}/{name}");
        let before = all.iter().find(|one| one.name == name).unwrap();
        assert_eq!(blocks[index], before.get("block"), "{}", vector.name);
    }
    if !has_no_stock_text(vector.body()) {
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        let stock: Vec<_> = forge::blocks(&texts)
            .iter()
            .map(|block| hex::to(block))
            .collect();
        assert_eq!(
            blocks, stock,
            "{}: a stock builder writes other bytes",
            vector.name
        );
    }
}
