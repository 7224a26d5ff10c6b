//! What it does not start with.

use tokio::time::timeout;

use crate::support::mode;
use crate::world::{CATALOG, PATIENCE, World};

async fn refuses(world: &World, upstream: &str, more: &[&str], expected: &str) {
    let mut command = world.command(upstream);
    let output = command.args(more).spawn().unwrap().wait_with_output();
    let output = timeout(PATIENCE, output)
        .await
        .expect("it does not end")
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(expected), "{expected} is not in:\n{said}");
    assert!(!said.contains("s3cret"), "{said}");
}

#[tokio::test]
async fn an_upstream_that_is_no_origin_or_would_get_a_credential_without_tls_is_refused() {
    let world = World::new();
    for (upstream, expected) in [
        ("https://api.example/v1", "a host alone"),
        ("https://api.example?x", "a host alone"),
        ("ftp://api.example", "a host alone"),
        ("https://ada@api.example", "a host alone"),
        ("http://api.example", "without TLS"),
    ] {
        refuses(&world, upstream, &[], expected).await;
    }
}

#[tokio::test]
async fn files_that_are_not_as_they_must_be_are_refused() {
    let world = World::new();
    let key = world.directory.path("key");
    let origin = "https://api.example";
    for name in [
        "Host",
        "Connection",
        "Content-Type",
        "a b",
        "Bailiwick-Proof",
        "Bailiwick-Note",
    ] {
        let named = format!("{name}={}", key.display());
        refuses(&world, origin, &["--header", &named], "error[name_invalid]").await;
    }
    let twice = format!("authorization={}", key.display());
    refuses(&world, origin, &["--header", &twice], "is there twice").await;
    mode(&key, 0o644);
    refuses(&world, origin, &[], "error[credential_unusable]").await;
    mode(&key, 0o600);
    let tools = "service = \"a.example\"\n[operation.\"a.b\"]\neffect = \"read\"\nresource = \"a\"\nmcp = { tool = \"a\" }\n";
    world.directory.write("catalog.toml", tools);
    refuses(&world, origin, &[], "error[catalog_maps_nothing]").await;
    world
        .directory
        .write("catalog.toml", &CATALOG.replace("GET", "get"));
    refuses(&world, origin, &[], "catalog.toml:8:").await;
}

#[tokio::test]
async fn notes_without_a_key_of_its_own_and_signers_without_one_are_refused() {
    let world = World::new();
    let roots = world.directory.path("roots.toml");
    let good = std::fs::read_to_string(&roots).unwrap();
    let signs = world.directory.note_signer("lists:people");
    let (notes, signers) = signs.split_once("[note_signers]").unwrap();
    let signers = format!("[note_signers]{signers}");
    let refused = async |more: &str, expected: &str| {
        world
            .directory
            .write("roots.toml", &format!("{good}{more}"));
        refuses(&world, "https://api.example", &["--check"], expected).await;
    };
    for seconds in ["0", "2592001", "-1"] {
        let lifetime = format!("{notes}lifetime_seconds = {seconds}\n");
        refused(&lifetime, "error[roots_invalid]").await;
    }
    refused(&format!("{notes}days = 1\n"), "unknown field `days`").await;
    let label = |label: &str| signers.replace("lists:people", label);
    refused(&label("The People"), "error[roots_invalid]").await;
    refused(&label("lists:people@lists/team"), "name the field alone").await;
    refused(&signers.replace("ed25519/", "rsa/"), "error[roots_invalid]").await;
    refused("[note_signers]\n\"lists:people\" = []\n", "there is no key").await;
    refused("[notes]\nkey = \"none.pem\"\n", "error[file_unreadable]").await;

    let key = world.directory.path("note.pem");
    mode(&key, 0o644);
    refused(&signs, "error[credential_unusable]").await;
    world.directory.secret("note.pem", "-----BEGIN s3cret-----");
    refused(&signs, "error[key_unusable]").await;
}
