//! The schemas that editors complete from, against the files of this repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn schema(of: &str) -> Value {
    let program = env!("CARGO_BIN_EXE_bailiwick");
    let printed = Command::new(program).args(["schema", of]).output().unwrap();
    assert!(printed.status.success());
    serde_json::from_slice(&printed.stdout).unwrap()
}

fn validator(of: &str) -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema(of)).unwrap()
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap()
}

/// Every file of the repository that has this key and ends in `.toml`.
fn files(key: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut open = [
        "examples",
        "guard",
        "conformance",
        "cli",
        "tests",
        "adapters",
    ]
    .map(|it| root.join(it))
    .to_vec();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "toml")
                && read(&path).get(key).is_some_and(|it| !it.is_array())
            {
                found.push(path);
            }
        }
    }
    found
}

fn check_all(of: &str, key: &str, at_least: usize) {
    let (validator, files) = (validator(of), files(key));
    assert!(files.len() >= at_least, "{files:?}");
    for path in files {
        let mut value = read(&path);
        // Some examples put a key where a name in capital letters stands.
        let approvers = value.get_mut("approvers").and_then(Value::as_object_mut);
        for key in approvers.into_iter().flat_map(|it| it.values_mut()) {
            if key
                .as_str()
                .is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_uppercase()))
            {
                *key = format!("ed25519/{}", "0".repeat(64)).into();
            }
        }
        let errors: Vec<_> = validator
            .iter_errors(&value)
            .map(|it| format!("{it} at {}", it.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn every_task_file_of_the_repository_is_one_by_the_schema() {
    check_all("manifest", "task", 4);
}

#[test]
fn every_catalog_of_the_repository_is_one_by_the_schema() {
    check_all("catalog", "operation", 8);
}

fn refuses(of: &str, good: &str, changes: &[(&str, &str)]) {
    let validator = validator(of);
    let value = |text: &str| toml::from_str::<Value>(text).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&value(good))
        .map(|it| it.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for (from, to) in changes {
        assert!(good.contains(from), "{from}");
        assert!(!validator.is_valid(&value(&good.replace(from, to))), "{to}");
    }
}

#[test]
fn the_task_file_of_the_manual_is_one_and_a_misspelt_key_is_seen() {
    let page = include_str!("../../../docs/manifest.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (good, _) = rest.split_once("```").unwrap();
    let changes = [
        ("ttl ", "tll "),
        ("\"15m\"", "\"15 minutes\""),
        ("max_len", "max_length"),
        ("at_least", "atleast"),
        ("uses", "use"),
        ("\"delete\"", "\"remove\""),
        ("when_tainted", "if_tainted"),
        ("\"segment\"", "\"segmnt\""),
        ("max_depth = 1", "max_depth = -1"),
    ];
    refuses("manifest", good, &changes);
}

#[test]
fn the_catalog_of_the_manual_is_one_and_a_misspelt_key_is_seen() {
    let page = include_str!("../../../docs/catalog.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (good, _) = rest.split_once("```").unwrap();
    let changes = [
        ("effect = \"write\"", "effect = \"change\""),
        ("resource =", "resouce ="),
        ("optional", "optinal"),
        ("\"integer\"", "\"int\""),
        ("tool =", "toool ="),
        ("method = \"POST\"", "method = \"post\""),
        ("untrusted", "untrustd"),
    ];
    refuses("catalog", good, &changes);
}
