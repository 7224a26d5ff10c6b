//! The bytes of actions: what digests are of, and what requests carry.

use bailiwick::action::{Action, Effect};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::file::Vector;
use crate::forge::sized;
use crate::{hex, json, world};

pub const KIND: &str = "action";

const EVERY: &str = r#"{"z": null, "y": true, "x": -2, "w": {"$decimal": [2, "9870"]}, "v": {"$number": "98.70"},
    "u": "Zürich", "t": {"$bytes": "00ff"}, "s": ["a", [], {}], "é": {"$int": "-9223372036854775808"}}"#;

pub fn all() -> Vec<Vector> {
    [good(), bad()].concat()
}

fn good() -> Vec<Vector> {
    let vector = |name: &str, comment, action: &Action| {
        let line = json::action_to(action);
        Vector::new(format!("{KIND}/{name}"), "read", comment)
            .with("action", &line)
            .with("digest", hex::to(&Sha256::digest(bytes(&line))))
            .with_body(hex::to(&bytes(&line)))
    };
    vec![
        vector("empty-trees", "both trees empty", &world::send()),
        vector(
            "every-type",
            "one argument and one attribute of each type",
            &world::send()
                .with_arguments(json::tree(EVERY))
                .with_attributes(json::tree(EVERY)),
        ),
        vector(
            "segments",
            "a resource of three segments",
            &world::act("mail.read", Effect::Read, "box/ada/out"),
        ),
    ]
}

/// The bytes of an action, from `docs/format/digests.md` and its line of JSON alone.
pub fn bytes(action: &Json) -> Vec<u8> {
    let text = |name: &str| sized(action[name].as_str().unwrap().as_bytes());
    let resource = action["resource"].as_array().unwrap();
    let segments = resource
        .iter()
        .map(|segment| sized(segment.as_str().unwrap().as_bytes()));
    [
        b"\0BAILIWICK\0\x01".to_vec(),
        sized(b"action"),
        text("service"),
        text("operation"),
        text("effect"),
        count(resource.len()),
        segments.collect::<Vec<_>>().concat(),
        value(&action["arguments"]),
        value(&action["attributes"]),
    ]
    .concat()
}

fn count(count: usize) -> Vec<u8> {
    u32::try_from(count).unwrap().to_be_bytes().to_vec()
}

fn value(json: &Json) -> Vec<u8> {
    let typed = |byte: u8, content: Vec<u8>| [vec![byte], content].concat();
    let integer = |integer: i64| typed(2, integer.to_be_bytes().to_vec());
    match json {
        Json::Null => vec![0],
        Json::Bool(truth) => vec![1, u8::from(*truth)],
        Json::Number(number) => integer(number.as_i64().unwrap()),
        Json::String(text) => typed(5, sized(text.as_bytes())),
        Json::Array(list) => {
            let members: Vec<_> = list.iter().map(value).collect();
            typed(7, [count(list.len()), members.concat()].concat())
        }
        Json::Object(members) => match members.iter().next() {
            Some((tag, inside)) if tag == "$int" => {
                integer(inside.as_str().unwrap().parse().unwrap())
            }
            Some((tag, inside)) if tag == "$number" => {
                typed(4, sized(inside.as_str().unwrap().as_bytes()))
            }
            Some((tag, inside)) if tag == "$bytes" => {
                typed(6, sized(&hex::from(inside.as_str().unwrap())))
            }
            Some((tag, inside)) if tag == "$decimal" => {
                let scale = u8::try_from(inside[0].as_u64().unwrap()).unwrap();
                let units: i64 = inside[1].as_str().unwrap().parse().unwrap();
                typed(3, [vec![scale], units.to_be_bytes().to_vec()].concat())
            }
            _ => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(key, _)| key.as_bytes());
                let members = members
                    .iter()
                    .map(|(key, inside)| [sized(key.as_bytes()), value(inside)].concat());
                let members: Vec<_> = members.collect();
                typed(8, [count(members.len()), members.concat()].concat())
            }
        },
    }
}

fn bad() -> Vec<Vector> {
    let vector = |name: &str, comment, bytes: Vec<u8>| {
        Vector::new(format!("{KIND}/{name}"), "refused", comment).with_body(hex::to(&bytes))
    };
    let good = bytes(&json::action_to(&world::send()));
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        bytes
    };
    // Both trees stand at the end, in 5 bytes each while they are empty.
    let with_tree = |tree: &[u8]| {
        let (head, attributes) = (&good[..good.len() - 10], &good[good.len() - 5..]);
        [head, tree, attributes].concat()
    };
    let of_n = |value: &[u8]| with_tree(&[b"\x08\0\0\0\x01\0\0\0\x01n".as_slice(), value].concat());
    let members = |keys: [&[u8]; 2]| {
        let members = keys.map(|key| [sized(key), vec![0]].concat()).concat();
        with_tree(&[b"\x08\0\0\0\x02".as_slice(), &members].concat())
    };
    let with_text = |from: &str, to: &[u8]| {
        let at = good.windows(from.len()).position(|w| w == from.as_bytes());
        let at = at.unwrap();
        let (before, after) = (&good[..at - 4], &good[at + from.len()..]);
        [before, &sized(to), after].concat()
    };
    vec![
        vector("truncated", "a byte less", changed(|b| _ = b.pop())),
        vector("trailing", "a byte more", changed(|b| b.push(0))),
        vector("another-format", "format 2", changed(|b| b[11] = 2)),
        vector("a-call", "the head of a call", with_text("action", b"call")),
        vector("bool-2", "a bool that is 2", of_n(&[1, 2])),
        vector("unknown-type", "a type that does not exist", of_n(&[9])),
        vector(
            "number-that-is-an-integer",
            "100 as a number, which is an integer",
            of_n(&[vec![4], sized(b"100")].concat()),
        ),
        vector(
            "number-of-another-spelling",
            "98.70 in the place of 98.7",
            of_n(&[vec![4], sized(b"98.70")].concat()),
        ),
        vector(
            "decimal-scale",
            "a decimal of scale 19",
            of_n(&[vec![3, 19], vec![0; 8]].concat()),
        ),
        vector(
            "text-not-utf-8",
            "a text that is not UTF-8",
            of_n(&[vec![5], sized(&[0xff])].concat()),
        ),
        vector(
            "list-longer-than-it-is",
            "a list of more values than there are",
            of_n(&[7, 0xff, 0xff, 0xff, 0xff]),
        ),
        vector(
            "keys-unsorted",
            "members out of order",
            members([b"b", b"a"]),
        ),
        vector("keys-twice", "a key twice", members([b"a", b"a"])),
        vector("key-empty", "an empty key", members([b"", b"a"])),
        vector(
            "tree-not-an-object",
            "a list in the place of a tree",
            with_tree(&[7, 0, 0, 0, 0]),
        ),
        vector(
            "service",
            "a service that is none",
            with_text(world::SERVICE, b"mail example"),
        ),
        vector(
            "operation",
            "an operation that is none",
            with_text("mail.send", b"Mail"),
        ),
        vector(
            "resource-empty",
            "a resource with an empty segment",
            with_text("outbox", b""),
        ),
        vector(
            "effect",
            "an effect that does not exist",
            [
                b"\0BAILIWICK\0\x01".to_vec(),
                sized(b"action"),
                sized(world::SERVICE.as_bytes()),
                sized(b"mail.send"),
                sized(b"ponder"),
                count(1),
                sized(b"outbox"),
                vec![8, 0, 0, 0, 0, 8, 0, 0, 0, 0],
            ]
            .concat(),
        ),
    ]
}

pub fn check(vector: &Vector) {
    let read = Action::from_bytes(&hex::from(vector.body()));
    match vector.get("expect") {
        "read" => {
            let line = vector.get("action");
            let json: Json = serde_json::from_str(line).unwrap();
            assert_eq!(hex::to(&bytes(&json)), vector.body(), "{}", vector.name);
            let action = json::action_from(line);
            assert_eq!(hex::to(&action.to_bytes()), vector.body());
            assert_eq!(action.digest().to_string(), vector.get("digest"));
            assert_eq!(read, Ok(action));
        }
        _ => assert!(read.is_err(), "{}", vector.name),
    }
}
