//! The bytes that proofs and approvals are bound to. The layout is in `docs/format/digests.md`.

use sha2::{Digest, Sha256};

use super::action::Action;
use super::call::Call;
use super::object::Object;
use super::resource::Resource;
use super::tree::Tree;
use super::value::Value;

macro_rules! digest_type {
    ($name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// A digest from its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:x}", base16ct::HexDisplay(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::action::DigestError;

            /// Reads 64 lower-case hex digits.
            fn from_str(text: &str) -> Result<Self, $crate::action::DigestError> {
                let mut bytes = [0; 32];
                match base16ct::lower::decode(text, &mut bytes) {
                    Ok(read) if read.len() == 32 => Ok(Self(bytes)),
                    _ => Err($crate::action::DigestError::NotHex),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

pub(crate) use digest_type;

digest_type! {
    CallDigest,
    /// The SHA-256 of a [`Call`]. Equal digests mean equal calls.
    ///
    /// ```
    /// use bailiwick::action::{Call, CallDigest};
    ///
    /// let digest = Call::http("GET", "/threads/42", None, b"")?.digest();
    /// assert_eq!(digest.to_string().parse::<CallDigest>()?, digest);
    /// assert!("abc".parse::<CallDigest>().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
}

digest_type! {
    ActionDigest,
    /// The SHA-256 of an [`Action`]. Equal digests mean equal actions.
    ///
    /// ```
    /// use bailiwick::action::{Action, ActionDigest, Effect};
    ///
    /// let read = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Read, "forum/thread/42".parse()?);
    /// let send = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Send, "forum/thread/42".parse()?);
    /// assert_eq!(read.digest().to_string().parse::<ActionDigest>()?, read.digest());
    /// assert_ne!(read.digest(), send.digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
}

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// The text is not 64 lower-case hex digits.
    #[error("a digest is 64 lower-case hex digits")]
    NotHex,
}

impl Call {
    /// The digest that a proof of possession covers.
    #[must_use]
    pub fn digest(&self) -> CallDigest {
        let mut hash = Sha256::new();
        write_call(&mut hash, self);
        CallDigest(hash.finalize().into())
    }
}

impl Action {
    /// The digest that an approval covers.
    #[must_use]
    pub fn digest(&self) -> ActionDigest {
        let mut hash = Sha256::new();
        write_action(&mut hash, self);
        ActionDigest(hash.finalize().into())
    }

    /// The very bytes whose SHA-256 is the [`digest`](Self::digest), as an approval request carries them.
    ///
    /// ```
    /// use bailiwick::action::{Action, Effect};
    ///
    /// let read = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Read, "forum/thread/42".parse()?);
    /// let bytes = read.to_bytes();
    /// assert_eq!(Action::from_bytes(&bytes)?, read);
    /// assert!(Action::from_bytes(&bytes[1..]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        write_action(&mut bytes, self);
        bytes
    }
}

/// The SHA-256 of a value that is something else than an action's: `what` keeps them apart.
pub(crate) fn digest_value(what: &str, value: &Value) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.put(HEAD);
    write_field(&mut hash, what.as_bytes());
    write_value(&mut hash, value);
    hash.finalize().into()
}

/// Where the bytes of a digest go: a hash, or a vector.
trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Sha256 {
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// What everything of ours that is hashed or signed begins with, and the format byte.
pub(super) const HEAD: &[u8] = b"\0BAILIWICK\0\x01";
/// What follows where it is an action that is hashed.
pub(super) const ACTION: &[u8] = b"action";

fn write_call(sink: &mut impl Sink, call: &Call) {
    sink.put(HEAD);
    write_field(sink, b"call");
    match call {
        Call::Direct(call) => {
            sink.put(&[1]);
            write_field(sink, call.operation().as_str().as_bytes());
            write_resource(sink, call.resource());
            write_tree(sink, call.arguments());
        }
        Call::Tool(call) => {
            sink.put(&[2]);
            write_field(sink, call.name().as_str().as_bytes());
            write_tree(sink, call.arguments());
        }
        Call::Http(call) => {
            sink.put(&[3]);
            write_field(sink, call.method().as_bytes());
            write_field(sink, call.path().as_bytes());
            match call.query() {
                None => sink.put(&[0]),
                Some(query) => {
                    sink.put(&[1]);
                    write_field(sink, query.as_bytes());
                }
            }
            sink.put(call.body_sha256());
        }
    }
}

fn write_action(sink: &mut impl Sink, action: &Action) {
    sink.put(HEAD);
    write_field(sink, ACTION);
    write_field(sink, action.service().as_str().as_bytes());
    write_field(sink, action.operation().as_str().as_bytes());
    write_field(sink, action.effect().as_str().as_bytes());
    write_resource(sink, action.resource());
    write_tree(sink, action.arguments());
    write_tree(sink, action.attributes());
}

fn write_resource(sink: &mut impl Sink, resource: &Resource) {
    write_count(sink, resource.segments().len());
    for segment in resource.segments() {
        write_field(sink, segment.as_str().as_bytes());
    }
}

fn write_tree(sink: &mut impl Sink, tree: &Tree) {
    write_object(sink, tree.root());
}

fn write_value(sink: &mut impl Sink, value: &Value) {
    match value {
        Value::Null => sink.put(&[0]),
        Value::Bool(value) => sink.put(&[1, u8::from(*value)]),
        Value::Int(value) => {
            sink.put(&[2]);
            sink.put(&value.to_be_bytes());
        }
        Value::Decimal(value) => {
            sink.put(&[3, value.scale()]);
            sink.put(&value.units().to_be_bytes());
        }
        Value::Number(value) => {
            sink.put(&[4]);
            write_field(sink, value.as_str().as_bytes());
        }
        Value::Text(value) => {
            sink.put(&[5]);
            write_field(sink, value.as_bytes());
        }
        Value::Bytes(value) => {
            sink.put(&[6]);
            write_field(sink, value);
        }
        Value::List(values) => {
            sink.put(&[7]);
            write_count(sink, values.len());
            for value in values {
                write_value(sink, value);
            }
        }
        Value::Object(object) => write_object(sink, object),
    }
}

fn write_object(sink: &mut impl Sink, object: &Object) {
    sink.put(&[8]);
    write_count(sink, object.len());
    for (key, value) in object.iter() {
        write_field(sink, key.as_str().as_bytes());
        write_value(sink, value);
    }
}

fn write_field(sink: &mut impl Sink, bytes: &[u8]) {
    write_count(sink, bytes.len());
    sink.put(bytes);
}

fn write_count(sink: &mut impl Sink, count: usize) {
    // Everything that is counted here was checked to fit when it was made.
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    sink.put(&count.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::arbitrary;
    use super::super::decimal::Decimal;
    use super::super::effect::Effect;
    use super::*;

    fn call_input(call: &Call) -> Vec<u8> {
        let mut input = Vec::new();
        write_call(&mut input, call);
        input
    }

    fn call_vector(name: &str, call: &Call) -> String {
        vector(name, &call_input(call), &call.digest().to_string())
    }

    fn action_vector(name: &str, action: &Action) -> String {
        vector(name, &action.to_bytes(), &action.digest().to_string())
    }

    fn vector(name: &str, input: &[u8], digest: &str) -> String {
        let lines: Vec<_> = input
            .chunks(32)
            .map(base16ct::lower::encode_string)
            .collect();
        format!(
            "```text\nname:   {name}\ninput:  {}\ndigest: {digest}\n```\n",
            lines.join("\n        ")
        )
    }

    fn read_42() -> Action {
        Action::new(
            "forum".parse().unwrap(),
            "forum.read".parse().unwrap(),
            Effect::Read,
            "forum/thread/42".parse().unwrap(),
        )
    }

    fn every_type() -> Tree {
        Tree::from_pairs([
            ("zip", Value::Null),
            ("yes", Value::from(true)),
            ("int", Value::from(-2)),
            ("price", Value::from(Decimal::new(2, 9870).unwrap())),
            ("number", Value::number("98.70").unwrap()),
            ("text", Value::from("Zürich")),
            ("bytes", Value::Bytes(vec![0, 255])),
            (
                "list",
                Value::from(vec![Value::from("a"), Value::from(Vec::new())]),
            ),
            ("object", Value::from(Object::new())),
        ])
        .unwrap()
    }

    #[test]
    fn the_documented_vectors_are_what_is_computed() {
        let page = include_str!("../../docs/format/digests.md");
        let arguments = Tree::from_json_slice(br#"{"id": 42}"#).unwrap();
        let vectors = [
            call_vector(
                "call-direct",
                &Call::direct(
                    "forum.read".parse().unwrap(),
                    "forum/thread/42".parse().unwrap(),
                    Tree::empty(),
                ),
            ),
            call_vector(
                "call-tool",
                &Call::tool("read_thread".parse().unwrap(), arguments),
            ),
            call_vector(
                "call-http",
                &Call::http("GET", "/threads/42", None, b"").unwrap(),
            ),
            call_vector(
                "call-http-query-and-body",
                &Call::http(
                    "POST",
                    "/threads/42/drafts",
                    Some("notify=no"),
                    br#"{"text":"It depends."}"#,
                )
                .unwrap(),
            ),
            action_vector("action-empty-trees", &read_42()),
            action_vector(
                "action-every-type",
                &read_42()
                    .with_arguments(every_type())
                    .with_attributes(Tree::from_pairs([("visibility", "internal")]).unwrap()),
            ),
        ];
        for vector in &vectors {
            assert!(
                page.contains(vector.as_str()),
                "not in docs/format/digests.md:\n{vector}"
            );
        }
        assert_eq!(page.matches("\ndigest: ").count(), vectors.len());
    }

    #[test]
    fn a_call_and_an_action_never_have_the_same_input() {
        let call = Call::direct(
            "forum.read".parse().unwrap(),
            "forum".parse().unwrap(),
            Tree::empty(),
        );
        let (call, action) = (call_input(&call), read_42().to_bytes());
        assert!(call.starts_with(b"\0BAILIWICK\0\x01\0\0\0\x04call"));
        assert!(action.starts_with(b"\0BAILIWICK\0\x01\0\0\0\x06action"));
    }

    #[test]
    fn every_field_of_an_action_changes_its_digest() {
        let base = || read_42().with_arguments(every_type());
        let with = |service: &str, operation: &str, effect, resource: &str| {
            Action::new(
                service.parse().unwrap(),
                operation.parse().unwrap(),
                effect,
                resource.parse().unwrap(),
            )
            .with_arguments(every_type())
        };
        let changed = [
            with("forum2", "forum.read", Effect::Read, "forum/thread/42"),
            with("forum", "forum.reads", Effect::Read, "forum/thread/42"),
            with("forum", "forum.read", Effect::Draft, "forum/thread/42"),
            with("forum", "forum.read", Effect::Read, "forum/thread/43"),
            with("forum", "forum.read", Effect::Read, "forum/thread"),
            with("forum", "forum.read", Effect::Read, "thread/forum/42"),
            base().with_arguments(Tree::empty()),
            base().with_attributes(every_type()),
            // The same trees, the other way round.
            base()
                .with_arguments(Tree::empty())
                .with_attributes(every_type()),
        ];
        let mut seen = std::collections::BTreeSet::from([base().digest()]);
        for action in &changed {
            assert!(seen.insert(action.digest()), "{action:?}");
        }
        assert_eq!(
            with("forum", "forum.read", Effect::Read, "forum/thread/42").digest(),
            base().digest()
        );
    }

    #[test]
    fn the_kinds_of_call_differ_in_their_digest() {
        let direct = Call::direct(
            "read".parse().unwrap(),
            "read".parse().unwrap(),
            Tree::empty(),
        );
        let tool = Call::tool("read".parse().unwrap(), Tree::empty());
        let http = Call::http("read", "/", None, b"").unwrap();
        assert_ne!(direct.digest(), tool.digest());
        assert_ne!(tool.digest(), http.digest());
    }

    #[test]
    fn a_digest_is_read_from_64_lower_case_hex_digits_only() {
        let text = read_42().digest().to_string();
        assert_eq!(text.len(), 64);
        for bad in [
            text.to_uppercase(),
            format!("{text}0"),
            text[1..].to_owned(),
            format!(" {}", &text[1..]),
            String::new(),
        ] {
            assert_eq!(
                bad.parse::<ActionDigest>(),
                Err(DigestError::NotHex),
                "{bad}"
            );
        }
        assert_eq!(
            format!("{:?}", read_42().digest()),
            format!("ActionDigest({text})")
        );
        assert_eq!(
            serde_json::to_string(&read_42().digest()).unwrap(),
            format!("\"{text}\"")
        );
    }

    fn tool(arguments: Tree) -> Call {
        Call::tool("t".parse().unwrap(), arguments)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn digests_are_equal_exactly_when_the_trees_are(left in arbitrary::tree(), right in arbitrary::tree()) {
            let calls = (tool(left.clone()), tool(right.clone()));
            prop_assert_eq!(calls.0.digest() == calls.1.digest(), left == right);
            let actions = (read_42().with_arguments(left.clone()), read_42().with_arguments(right.clone()));
            prop_assert_eq!(actions.0.digest() == actions.1.digest(), left == right);
        }

        #[test]
        fn no_input_is_the_beginning_of_another(left in arbitrary::tree(), right in arbitrary::tree()) {
            let inputs = (call_input(&tool(left.clone())), call_input(&tool(right.clone())));
            prop_assert_eq!(inputs.1.starts_with(&inputs.0), left == right);
        }

        #[test]
        fn one_changed_value_changes_the_digest(
            tree in arbitrary::tree(),
            one in arbitrary::value(),
            other in arbitrary::value(),
        ) {
            let with = |value: Value| {
                let mut root = tree.root().clone();
                root.insert("changed", value).unwrap();
                tool(Tree::new(root).unwrap()).digest()
            };
            prop_assert_eq!(with(one.clone()) == with(other.clone()), one == other);
            prop_assert_ne!(with(one), tool(tree.clone()).digest());
        }

        #[test]
        fn the_two_trees_of_an_action_do_not_run_into_each_other(
            left in (arbitrary::tree(), arbitrary::tree()),
            right in (arbitrary::tree(), arbitrary::tree()),
        ) {
            let digest = |(arguments, attributes): &(Tree, Tree)| {
                read_42().with_arguments(arguments.clone()).with_attributes(attributes.clone()).digest()
            };
            prop_assert_eq!(digest(&left) == digest(&right), left == right);
        }

        #[test]
        fn the_order_of_segments_counts(segments in proptest::collection::vec("[ab/]{1,3}", 1..5)) {
            let (Ok(forth), Ok(back)) = (
                Resource::from_segments(&segments),
                Resource::from_segments(segments.iter().rev()),
            ) else {
                return Ok(());
            };
            let digest = |resource: Resource| Call::direct("o".parse().unwrap(), resource, Tree::empty()).digest();
            let same = forth == back;
            prop_assert_eq!(digest(forth) == digest(back), same);
        }

        #[test]
        fn an_http_call_differs_when_any_part_does(
            left in ("[AB]{1,2}", "/[ab]{0,2}", proptest::option::of("[ab]{0,2}"), "[ab]{0,1}"),
            right in ("[AB]{1,2}", "/[ab]{0,2}", proptest::option::of("[ab]{0,2}"), "[ab]{0,1}"),
        ) {
            let digest = |(method, path, query, body): &(String, String, Option<String>, String)| {
                Call::http(method, path, query.as_deref(), body.as_bytes()).unwrap().digest()
            };
            prop_assert_eq!(digest(&left) == digest(&right), left == right);
        }
    }
}
