//! What a tool does, from its name.

use serde_json::Value as Json;

use crate::action::Effect;

/// A guess, and what it rests on.
pub(super) struct Guess {
    pub(super) effect: Effect,
    pub(super) why: String,
}

/// What words of names speak of, the most careful reading first.
const WORDS: [(Effect, &[&str]); 8] = [
    (
        Effect::Admin,
        &[
            "admin",
            "chmod",
            "chown",
            "cmd",
            "command",
            "config",
            "configure",
            "disable",
            "enable",
            "eval",
            "exec",
            "execute",
            "grant",
            "install",
            "invoke",
            "kill",
            "permission",
            "permissions",
            "role",
            "roles",
            "run",
            "script",
            "secret",
            "setting",
            "settings",
            "shell",
            "sql",
            "sudo",
            "token",
            "tokens",
            "uninstall",
        ],
    ),
    (
        Effect::Pay,
        &[
            "buy",
            "charge",
            "checkout",
            "donate",
            "invoice",
            "order",
            "pay",
            "payment",
            "purchase",
            "refund",
            "subscribe",
            "transfer",
            "withdraw",
        ],
    ),
    (
        Effect::Delete,
        &[
            "cancel", "clean", "cleanup", "clear", "delete", "destroy", "discard", "drop", "empty",
            "erase", "expire", "forget", "prune", "purge", "remove", "reset", "revoke", "rm",
            "rmdir", "trash", "truncate", "unlink", "wipe",
        ],
    ),
    (
        Effect::Publish,
        &[
            "announce",
            "broadcast",
            "deploy",
            "merge",
            "post",
            "publish",
            "push",
            "release",
            "share",
            "tweet",
        ],
    ),
    (
        Effect::Send,
        &[
            "call", "comment", "dispatch", "dm", "email", "fax", "forward", "invite", "mail",
            "message", "notify", "reply", "respond", "send", "sms", "submit",
        ],
    ),
    (
        Effect::Write,
        &[
            "add", "append", "apply", "archive", "assign", "attach", "book", "close", "commit",
            "copy", "create", "edit", "import", "insert", "mark", "mkdir", "modify", "move", "new",
            "patch", "put", "rename", "replace", "restore", "save", "schedule", "set", "store",
            "tag", "touch", "update", "upload", "upsert", "write",
        ],
    ),
    (Effect::Draft, &["draft", "prepare", "propose", "suggest"]),
    (
        Effect::Read,
        &[
            "browse", "count", "describe", "diff", "fetch", "find", "get", "head", "info",
            "inspect", "list", "lookup", "ls", "open", "peek", "query", "read", "retrieve",
            "search", "show", "stat", "status", "tail", "tree", "view",
        ],
    ),
];

impl Guess {
    /// From a name, and from hints of the server, which can only make it more careful.
    pub(super) fn of(name: &str, hints: Option<&Json>) -> Self {
        let words = words(name);
        let spoken = WORDS.iter().find_map(|(effect, known)| {
            let word = words.iter().find(|word| known.contains(&word.as_str()))?;
            Some((*effect, word))
        });
        let hint = |key| hints?.get(key)?.as_bool();
        let (effect, why) = match spoken {
            None => (Effect::Admin, "the name says nothing".to_owned()),
            Some((effect, word)) => (effect, format!("the name says `{word}`")),
        };
        let changes = hint("readOnlyHint") == Some(false) || hint("destructiveHint") == Some(true);
        let reads = hint("readOnlyHint") == Some(true);
        match effect {
            Effect::Read if changes && !reads => Self {
                effect: Effect::Admin,
                why: format!("{why}, and the server that it changes something"),
            },
            Effect::Read if reads => Self {
                effect,
                why: format!("{why}, and so does the server"),
            },
            _ => Self { effect, why },
        }
    }
}

/// The words of `snake_case`, `camelCase` and what lies between, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small_before = false;
    for character in name.chars() {
        let begins = character.is_ascii_uppercase() && small_before;
        if begins || !character.is_ascii_alphabetic() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_ascii_alphabetic()) {
            word.push(character.to_ascii_lowercase());
        }
        small_before = character.is_ascii_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn guess(name: &str, hints: Json) -> Effect {
        Guess::of(name, Some(&hints)).effect
    }

    #[test]
    fn a_name_is_taken_for_the_most_harmful_that_it_speaks_of() {
        for (name, effect) in [
            ("read_text_file", Effect::Read),
            ("list_allowed_directories", Effect::Read),
            ("directory_tree", Effect::Read),
            ("search_nodes", Effect::Read),
            ("getFileInfo", Effect::Read),
            ("write_file", Effect::Write),
            ("create_entities", Effect::Write),
            ("deleteEntities", Effect::Delete),
            ("get_and_delete", Effect::Delete),
            ("read-then-send", Effect::Send),
            ("list_payment", Effect::Pay),
            ("create_draft", Effect::Write),
            ("draft.reply", Effect::Send),
            ("run_query", Effect::Admin),
            ("frobnicate", Effect::Admin),
            ("deleted", Effect::Admin),
            ("", Effect::Admin),
            ("読む", Effect::Admin),
        ] {
            assert_eq!(guess(name, json!({})), effect, "{name}");
        }
    }

    #[test]
    fn hints_make_a_guess_more_careful_and_never_less() {
        let reads = json!({"readOnlyHint": true, "destructiveHint": false});
        assert_eq!(guess("delete_file", reads.clone()), Effect::Delete);
        assert_eq!(guess("frobnicate", reads.clone()), Effect::Admin);
        assert_eq!(guess("read_file", reads), Effect::Read);
        assert_eq!(
            guess("read_file", json!({"readOnlyHint": false})),
            Effect::Admin
        );
        assert_eq!(
            guess("read_file", json!({"destructiveHint": true})),
            Effect::Admin
        );
        assert_eq!(
            guess("read_file", json!({"readOnlyHint": "false"})),
            Effect::Read
        );
        assert_eq!(
            guess("write_file", json!({"readOnlyHint": true})),
            Effect::Write
        );
    }
}
