//! What the forum does. Every function takes a permit by value, and acts on what the permit says.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bailiwick::action::Action;
use bailiwick::gate::Permit;
use bailiwick_examples::text;
use serde::Serialize;
use serde_json::json;

/// A few threads.
pub(crate) struct Forum(Mutex<BTreeMap<String, Thread>>);

#[derive(Serialize)]
struct Thread {
    posts: Vec<Post>,
    drafts: Vec<Post>,
    moderators: Vec<String>,
}

/// A text, and whose it is, so that nobody takes an agent's words for a colleague's.
#[derive(Serialize)]
struct Post {
    by: String,
    text: String,
}

impl Forum {
    pub(crate) fn read(&self, permit: Permit) -> serde_json::Value {
        self.act(&permit, |thread, _| json!({ "thread": thread }))
    }

    pub(crate) fn draft(&self, permit: Permit) -> serde_json::Value {
        let by = author(&permit);
        self.act(&permit, |thread, action| {
            thread.drafts.push(Post {
                by,
                text: text(action.arguments(), "text").to_owned(),
            });
            json!({ "drafts": thread.drafts.len() })
        })
    }

    pub(crate) fn publish(&self, permit: Permit) -> serde_json::Value {
        let by = author(&permit);
        self.act(&permit, |thread, action| {
            thread.posts.push(Post {
                by,
                text: text(action.arguments(), "text").to_owned(),
            });
            json!({ "posts": thread.posts.len() })
        })
    }

    pub(crate) fn grant(&self, permit: Permit) -> serde_json::Value {
        self.act(&permit, |thread, action| {
            thread
                .moderators
                .push(text(action.arguments(), "moderator").to_owned());
            json!({ "moderators": thread.moderators })
        })
    }

    /// All of it, for the end of the story.
    pub(crate) fn state(&self) -> serde_json::Value {
        json!(*self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Acts on the thread that the permit names, whatever the request said.
    fn act(
        &self,
        permit: &Permit,
        act: impl FnOnce(&mut Thread, &Action) -> serde_json::Value,
    ) -> serde_json::Value {
        let mut threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [action] = permit.actions() else {
            return json!({ "done": "nothing" });
        };
        let thread = action.resource().segments().last();
        match thread.and_then(|id| threads.get_mut(id.as_str())) {
            Some(thread) => act(thread, action),
            None => json!({ "done": "nothing" }),
        }
    }
}

impl Default for Forum {
    fn default() -> Self {
        let thread = |id: &str, by: &str, text: &str| {
            let post = Post {
                by: by.to_owned(),
                text: text.to_owned(),
            };
            (
                id.to_owned(),
                Thread {
                    posts: vec![post],
                    drafts: vec![],
                    moderators: vec![],
                },
            )
        };
        Self(Mutex::new(BTreeMap::from([
            thread("42", "grace", "Does a read need a lock here?"),
            thread("43", "linus", "Salaries, for moderators only"),
        ])))
    }
}

/// `helper, for ada@example.com (t-42), approved by grace`, from what was verified.
fn author(permit: &Permit) -> String {
    permit.label().to_string()
}
