//! What the store does. Every function takes a permit by value, and acts on what the permit says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bailiwick::action::{Action, Resource, Segment, Tree, Value};
use bailiwick::catalog::{Asked, Attributes, MapError};
use bailiwick::gate::Permit;
use bailiwick_examples::text;
use serde_json::json;

/// Buckets, and texts in them by their places, such as `store/kb/articles/1`.
#[derive(Clone)]
pub(crate) struct Objects(Arc<Mutex<Inside>>);

struct Inside {
    /// Whether everybody in the world can read them.
    public: BTreeMap<String, bool>,
    texts: BTreeMap<String, String>,
    /// How often anything was done.
    runs: u32,
}

impl Objects {
    pub(crate) fn read(&self, permit: Permit) -> serde_json::Value {
        self.act(
            &permit,
            |inside, action| json!({ "text": inside.texts.get(&action.resource().to_string()) }),
        )
    }

    pub(crate) fn write(&self, permit: Permit) -> serde_json::Value {
        self.act(&permit, |inside, action| {
            let text = text(action.arguments(), "text").to_owned();
            let bytes = text.len();
            inside.texts.insert(action.resource().to_string(), text);
            json!({ "bytes": bytes })
        })
    }

    pub(crate) fn publish(&self, permit: Permit) -> serde_json::Value {
        self.act(&permit, |inside, action| {
            inside.public.insert(action.resource().to_string(), true);
            json!({ "public": true })
        })
    }

    /// How long each text is, and which buckets are public, for the end of the story.
    pub(crate) fn state(&self) -> serde_json::Value {
        let inside = self.inside();
        let bytes = inside.texts.iter().map(|(place, text)| (place, text.len()));
        let bytes: BTreeMap<_, _> = bytes.collect();
        json!({ "bytes": bytes, "public": inside.public, "runs": inside.runs })
    }

    fn act(
        &self,
        permit: &Permit,
        act: impl FnOnce(&mut Inside, &Action) -> serde_json::Value,
    ) -> serde_json::Value {
        let mut inside = self.inside();
        inside.runs += 1;
        match permit.actions() {
            [action] => act(&mut inside, action),
            _ => json!({ "done": "nothing" }),
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the store knows of a write, and nobody needs to tell it: whether the bucket is public, and how long the text is.
impl Attributes for Objects {
    fn look_up(&self, asked: Asked<'_>) -> Result<Tree, MapError> {
        let arguments = asked.arguments();
        let (bytes, said) = (text(arguments, "text").len(), arguments.get("bytes"));
        // What is counted is what is written.
        if said.and_then(Value::as_int) != i64::try_from(bytes).ok() {
            return Err(MapError::ArgumentMistyped {
                argument: "bytes".to_owned(),
                expected: bytes.to_string(),
                found: said.map(Value::preview).unwrap_or_default(),
            });
        }
        let segments = asked.resource().segments().iter().take(2);
        let bucket = Resource::from_segments(segments.map(Segment::as_str))?.to_string();
        match self.inside().public.get(&bucket) {
            Some(public) => Tree::from_pairs([("public", *public)])
                .map_err(|error| MapError::attributes_unavailable(&error.to_string())),
            None => Err(MapError::not_found(&bucket)),
        }
    }
}

/// Two articles of 300 letters, and buckets, one of which is a website.
impl Default for Objects {
    fn default() -> Self {
        let bucket = |name: &str, public| (format!("store/{name}"), public);
        let article = |id: u32| (format!("store/kb/articles/{id}"), "a".repeat(300));
        let inside = Inside {
            public: [
                bucket("kb", false),
                bucket("sandbox-eu", false),
                bucket("sandbox-web", true),
            ]
            .into(),
            texts: [article(1), article(2)].into(),
            runs: 0,
        };
        Self(Arc::new(Mutex::new(inside)))
    }
}
