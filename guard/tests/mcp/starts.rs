//! What it does not start with.

use std::process::{Output, Stdio};

use bailiwick::catalog::Catalog;
use tokio::process::Command;
use tokio::time::timeout;

use crate::session::{PATIENCE, Session};
use crate::support::mode;
use crate::world::{CATALOG, SECRET, World};

async fn run(mut command: Command) -> Output {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output();
    timeout(PATIENCE, output)
        .await
        .expect("it does not end")
        .unwrap()
}

/// It says this, and neither served nor started anything.
async fn refuses(world: &World, command: Command, expected: &[&str]) {
    let output = run(command).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty());
    for part in expected {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    assert!(!said.contains(SECRET), "{said}");
    assert!(world.log("process").is_empty(), "the server was started");
}

#[tokio::test]
async fn a_bad_catalog_is_shown_with_its_places() {
    let world = World::new();
    let text = CATALOG.replace("effect = \"delete\"", "efect = \"delete\"");
    world.directory.write("catalog.toml", &text);
    let place = "catalog.toml:17:1";
    refuses(
        &world,
        world.before_notes(),
        &["error[key_unknown]", place, "^^^^^"],
    )
    .await;

    world.directory.write(
        "catalog.toml",
        "service = \"notes.example\"\n[operation.\"a.b\"]\neffect = \"read\"\nresource = \"a\"\n",
    );
    refuses(
        &world,
        world.before_notes(),
        &["error[catalog_maps_nothing]"],
    )
    .await;
    std::fs::remove_file(world.directory.path("catalog.toml")).unwrap();
    refuses(
        &world,
        world.before_notes(),
        &["error[file_unreadable]", "catalog.toml"],
    )
    .await;
}

#[tokio::test]
async fn bad_roots_are_shown_with_their_places() {
    let world = World::new();
    let good = std::fs::read_to_string(world.directory.path("roots.toml")).unwrap();
    let invalid = "error[roots_invalid]";
    for (bad, expected) in [
        (
            good.replace("key =", "kay ="),
            vec![invalid, "line 3, column 1", "unknown field `kay`"],
        ),
        (
            good.replace("ed25519/", "rsa/"),
            vec![invalid, "line 3, column 7"],
        ),
        (
            good.replace("id = 1", "id = -1"),
            vec![invalid, "line 2, column 6"],
        ),
        (
            good.replace("until", "# until"),
            vec![invalid, "missing field `until`"],
        ),
        (format!("{good}{good}"), vec![invalid, "root 1"]),
        (
            format!("{good}revocation_keys = []\nceiling = 1"),
            vec![invalid, "ceiling"],
        ),
        (
            format!("{good}[revocations]\nlist = \"x\"\nmax_age_seconds = 1"),
            vec![invalid, "revocation_keys"],
        ),
        (
            format!("{good}[stops]\ntickets = \"none\""),
            vec!["error[file_unreadable]", "none"],
        ),
        ("root = []".to_owned(), vec![invalid, "no root"]),
    ] {
        world.directory.write("roots.toml", &bad);
        refuses(&world, world.before_notes(), &expected).await;
    }
}

#[tokio::test]
async fn a_credential_that_others_can_read_or_that_is_none_is_refused() {
    let world = World::new();
    let key = world.directory.path("key");
    for bits in [0o604, 0o620, 0o602] {
        mode(&key, bits);
        refuses(
            &world,
            world.before_notes(),
            &["error[credential_unusable]", "chmod 600"],
        )
        .await;
    }
    mode(&key, 0o600);
    for (text, why) in [
        ("", "is empty"),
        ("\n", "is empty"),
        ("a\nb", "one line"),
        ("a\0b", "does not print"),
    ] {
        world.directory.secret("key", text);
        refuses(
            &world,
            world.before_notes(),
            &["error[credential_unusable]", why],
        )
        .await;
    }
    world.directory.secret("key", &"k".repeat(20_000));
    refuses(&world, world.before_notes(), &["error[file_too_large]"]).await;
    std::fs::remove_file(&key).unwrap();
    refuses(&world, world.before_notes(), &["error[file_unreadable]"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_another_guard_has_is_refused() {
    let world = World::new();
    let session = Session::start(world.before_notes(), None).await;
    let second = World::new();
    let mut command = second.guard();
    command
        .arg("--ledger")
        .arg(world.directory.path("spent.redb"));
    second.notes(&mut command);
    let output = run(command).await;
    // Twice the same option is no option either.
    assert_eq!(output.status.code(), Some(2));

    std::fs::hard_link(
        world.directory.path("spent.redb"),
        second.directory.path("spent.redb"),
    )
    .unwrap();
    refuses(&second, second.before_notes(), &["error[ledger_in_use]"]).await;
    session.end().await;
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_or_trusted_with_a_credential_is_refused() {
    let world = World::new();
    let upstream = |url: &str, header: bool| {
        let mut command = world.guard();
        command.args(["--upstream", url, "--timeout", "3"]);
        if header {
            let key = world.directory.path("key");
            command
                .arg("--header")
                .arg(format!("Authorization={}", key.display()));
        }
        command
    };
    for (url, header, expected) in [
        ("http://notes.example/mcp", true, "without TLS"),
        (
            "https://ada:secret@notes.example/mcp",
            false,
            "has a credential in its URL",
        ),
        ("ftp://notes.example/mcp", false, "neither http nor https"),
        ("notes", false, "is no URL"),
        ("http://127.0.0.1:1/mcp", true, "error[upstream_silent]"),
    ] {
        refuses(&world, upstream(url, header), &[expected]).await;
    }
    let mut nothing = world.guard();
    nothing.arg("--").arg("/no/such/server");
    refuses(&world, nothing, &["error[upstream_silent]"]).await;
    refuses(&world, world.guard(), &["error[upstream_invalid]"]).await;
}

#[tokio::test]
async fn checking_starts_nothing_and_opens_no_ledger() {
    let world = World::new();
    let mut command = world.guard();
    command.arg("--check");
    world.notes(&mut command);
    let output = run(command).await;
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(world.log("process").is_empty());
    assert!(!world.directory.path("spent.redb").exists());
}

#[tokio::test]
async fn a_draft_of_a_catalog_is_one() {
    let world = World::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-guard"));
    command.args(["import", "--service", "notes.example"]);
    world.notes(&mut command);
    let output = run(command).await;
    assert!(output.status.success(), "{output:?}");
    let draft = String::from_utf8(output.stdout).unwrap();
    let catalog = Catalog::parse("draft", &draft).unwrap();
    assert_eq!(catalog.tools().len(), 6);
    assert!(draft.contains("effect = \"read\" # guessed"), "{draft}");
}
