//! What holds for every call.

use proptest::prelude::*;

use super::*;
use crate::action::{Resource, arbitrary};

const FILES: &str = r#"
service = "files.example"
[operation."file.read"]
effect = "read"
resource = "files/{path**}"
arguments = { path = "text" }
http = { method = "GET", path = "/files/{path**}" }
[operation."file.stat"]
effect = "read"
resource = "stat/{path}"
arguments = { path = "text" }
http = { method = "GET", path = "/stat/{path}" }
"#;

fn resource(catalog: &Catalog, path: &str) -> Option<Resource> {
    let call = Call::http("GET", path, None, b"").ok()?;
    let mapped = catalog.map(&call, None, &NoAttributes).ok()?;
    mapped
        .actions()
        .first()
        .map(|action| action.resource().clone())
}

/// Paths that are often almost the same.
fn path() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a"),
        Just("%61"),
        Just("."),
        Just(".."),
        Just("%2e"),
        Just("%2E"),
        Just(""),
        Just("a%2Fb"),
        Just("a%2fb"),
        Just("%20"),
        Just("+"),
        Just("%C3%A9"),
        Just("%c3%a9"),
        Just("e%CC%81"),
        Just("%3A"),
        Just(":"),
        Just("~"),
        Just("%7E"),
        Just("%5C"),
        Just("A"),
    ];
    let first = prop_oneof![Just("files"), Just("stat"), Just("%66iles")];
    (first, prop::collection::vec(piece, 0..3))
        .prop_map(|(first, pieces)| format!("/{first}/{}", pieces.join("/")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn two_paths_never_mean_one_resource_and_what_maps_reads_back(left in path(), right in path()) {
        let files = parsed(FILES).unwrap();
        let (one, two) = (resource(&files, &left), resource(&files, &right));
        if let Some(one) = &one {
            prop_assert_eq!(&one.to_string().parse::<Resource>().unwrap(), one);
            prop_assert_eq!(Some(one) == two.as_ref(), left == right);
        }
    }

    #[test]
    fn no_tool_call_makes_a_resource_beyond_its_template(folder in "[a/.%\\\\*{} é\u{301}]{0,6}", id: i64) {
        let arguments = Tree::from_pairs([("mail_id", id.into()), ("folder", crate::action::Value::from(folder.as_str()))]).unwrap();
        let call = Call::tool("archive_mail".parse().unwrap(), arguments);
        if let Ok(mapped) = mail().map(&call, None, &NoAttributes) {
            let resource = mapped.actions()[0].resource();
            prop_assert_eq!(resource.segments().len(), 3);
            prop_assert_eq!(resource.segments()[1].as_str(), folder);
        }
    }

    #[test]
    fn whatever_tree_comes_mapping_ends_and_says_why_not(tree in arbitrary::tree(), tool in prop_oneof![Just("archive_mail"), Just("send_mail"), Just("x")]) {
        let call = Call::tool(tool.parse().unwrap(), tree);
        let error = mail().map(&call, None, &NoAttributes).unwrap_err();
        prop_assert!(!error.code().is_empty() && error.to_string().chars().all(|it| !it.is_control()));
    }

    #[test]
    fn whatever_text_comes_as_a_catalog_reading_ends(text in "\\PC{0,40}", line in 0_usize..90, cut: bool) {
        let mut lines: Vec<&str> = MAIL.lines().collect();
        let at = line.min(lines.len() - 1);
        if cut { lines[at] = &text } else { lines.insert(at, &text) }
        if let Err(findings) = parsed(&lines.join("\n")) {
            prop_assert!(findings.iter().count() > 0);
            prop_assert!(findings.to_string().chars().all(|it| it == '\n' || !it.is_control()));
        }
    }
}
