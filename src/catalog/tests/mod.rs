//! The catalog as its users see it.

use super::*;
use crate::action::{Call, Tree};
use crate::gate::Mapped;

mod findings;
mod http;
mod laws;
mod notes;
mod tools;

/// The page that describes the format shows catalogs, and names every type and every code.
#[test]
fn the_page_says_what_is_so() {
    let page = include_str!("../../../docs/catalog.md");
    let examples = page.split("```toml\n").skip(1);
    let examples = examples.map(|from| from.split("```").next().unwrap());
    let catalogs = examples.map(|example| parsed(example).unwrap());
    assert_eq!(
        catalogs.map(|it| it.operations().len()).collect::<Vec<_>>(),
        [2, 2]
    );
    for code in [
        "call_unmapped",
        "argument_missing",
        "argument_unknown",
        "argument_mistyped",
        "argument_repeated",
        "arguments_too_large",
        "segment_not_canonical",
        "query_malformed",
        "body_malformed",
        "body_mismatch",
        "too_many_actions",
        "attribute_missing",
        "attribute_unknown",
        "attribute_mistyped",
        "attributes_unavailable",
        "resource_not_found",
    ] {
        assert!(page.contains(&format!("`{code}`")), "{code}");
    }
    let unknown = "?".parse::<Type>().unwrap_err().to_string();
    let (_, names) = unknown.split_once("one of ").unwrap();
    for name in names.split(", ") {
        let table = format!("type = \"{name}\"");
        let offset = name.replace("+hh:mm", "+01:00");
        assert!(
            page.contains(&format!("| `{offset}`")) || page.contains(&table),
            "{name}"
        );
    }
}

/// A service with something of everything.
const MAIL: &str = r#"
service = "mail.example"

[operation."mail.archive"]
effect = "write"
resource = "mail/{folder}/{id}"
undo = "mail.restore"

[operation."mail.archive".arguments]
folder = { type = "text", default = "inbox" }
id = "integer"
note = { type = "text", optional = true }

[operation."mail.archive".mcp]
tool = "archive_mail"
arguments = { mail_id = "id" }

[operation."mail.archive".http]
method = "POST"
path = "/mail/{folder}/{id}/archive"
query = { why = "note" }

[operation."mail.restore"]
effect = "write"
resource = "mail/{folder}/{id}"
[operation."mail.restore".arguments]
folder = "text"
id = "integer"

[operation."mail.read"]
effect = "read"
resource = "mail/{folder}/{id}"
untrusted = true
[operation."mail.read".arguments]
folder = "text"
id = "integer"
[operation."mail.read".attributes]
owner = "email"
label = { type = "text", optional = true }
[operation."mail.read".mcp]
tool = "read_mail"

[operation."mail.send"]
effect = "send"
resource = "outbox"
irreversible = true
[operation."mail.send".arguments]
to = { type = "list", items = "email" }
text = "text"
price = { type = "decimal(2)", optional = true }
options = { type = "object", fields = { copies = { type = "integer", default = 1 }, tag = { type = "text", optional = true } }, optional = true }
[operation."mail.send".mcp]
tool = "send_mail"
[operation."mail.send".http]
method = "POST"
path = "/outbox/"
body = { body = "text" }

[operation."file.delete"]
effect = "delete"
resource = "files/{paths**}"
[operation."file.delete".arguments]
paths = { type = "list", items = "path", each = true }
[operation."file.delete".mcp]
tool = "delete_files"

[operation."file.move-from"]
effect = "delete"
resource = "files/{source**}"
arguments = { source = "path" }
mcp = { tool = "move_file" }

[operation."file.move-to"]
effect = "write"
resource = "files/{destination**}"
arguments = { destination = "path" }
mcp = { tool = "move_file" }
"#;

fn parsed(text: &str) -> Result<Catalog, Findings> {
    Catalog::parse("mail.toml", text)
}

fn mail() -> Catalog {
    parsed(MAIL).unwrap()
}

fn tool(name: &str, arguments: &str) -> Call {
    let arguments = Tree::from_json_slice(arguments.as_bytes()).unwrap();
    Call::tool(name.parse().unwrap(), arguments)
}

/// Each action on a line: operation, resource, arguments, attributes.
fn shown(mapped: &Mapped) -> Vec<String> {
    let preview = |tree: &Tree| crate::action::Value::from(tree.root().clone()).preview();
    let line = |action: &crate::action::Action| {
        let mut line = format!("{} {}", action.operation(), action.resource());
        for tree in [action.arguments(), action.attributes()] {
            if !tree.root().is_empty() {
                line.push(' ');
                line.push_str(&preview(tree));
            }
        }
        line
    };
    mapped.actions().iter().map(line).collect()
}

fn mapped(name: &str, arguments: &str) -> Result<Vec<String>, &'static str> {
    let mapped = mail().map(&tool(name, arguments), None, &NoAttributes);
    mapped.map(|it| shown(&it)).map_err(|error| error.code())
}
