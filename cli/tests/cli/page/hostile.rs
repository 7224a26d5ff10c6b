//! Whatever a token or a file says stands on the page as text, and as what it says.

use std::time::Duration;

use bailiwick::action::{AgentName, Task, quoted};
use bailiwick::keys::RootKeyId;
use bailiwick::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
use bailiwick::mint::Issuer;
use bailiwick::scope::{Capability, Matcher, Scope};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use super::{NOW, checks};
use crate::browser::Browser;
use crate::world::{World, at};

const PIECES: [&str; 20] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style>",
    "</title>",
    "\"><svg onload=alert(1)>",
    "' onclick='alert(1)",
    "<!--",
    "-->",
    "]]>",
    "&lt;b&gt;",
    "&#x3c;",
    "\u{202e}",
    "\u{200b}",
    "\u{0}",
    "\n",
    "\u{9b}31m",
    "\\u{202e}",
    "  ",
    "`",
    "Zürich 東京 e\u{301}",
];

/// Pieces that mean something to a browser, and any characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z ]{1,6}",
    ];
    prop::collection::vec(piece, 1..5).prop_map(|all| all.concat())
}

/// What the page says under a name.
const SAID: &str = "Object.fromEntries([...document.querySelectorAll('.short > div')].map(it => [it.firstElementChild.textContent, it.lastElementChild.textContent]))";
const HEADS: &str =
    "[...document.querySelectorAll('.chain h3, .says code')].map(it => it.textContent)";

#[test]
fn every_text_of_a_token_stands_on_the_page_as_it_is() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let world = World::new();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let browser = std::cell::RefCell::new(&mut browser);
    let texts = (text(), text(), text(), text(), text());
    let run = TestRunner::new_with_rng(config, rng).run(
        &texts,
        |(id, purpose, principal, agent, constant)| {
            // Names refuse some characters: what they take must be shown.
            let is_taken = |it: &char| AgentName::parse(&format!("x{it}")).is_ok();
            let clean = |text: String| -> String { text.chars().filter(is_taken).collect() };
            let (id, agent) = (clean(id), clean(agent));
            let (purpose, principal) = (clean(purpose), clean(principal));
            let task = Task::new(&id, &purpose, &principal, &agent);
            let Ok(task) = task else {
                return Err(TestCaseError::reject("no task"));
            };
            world.write("token", &token(&task, Matcher::equals(constant.clone())));
            let printed = world.shell(&format!(
                "rm -f page.html; bailiwick report token {NOW} --out page.html"
            ));
            prop_assert_eq!(printed, "wrote `page.html`\n");
            let mut browser = browser.borrow_mut();
            browser.open(&world.path("page.html"));
            checks::nothing_is_run_or_fetched(&mut browser, &world.path("page.html"));
            let said = browser.ask(SAID);
            for (name, text) in [
                ("Task", &id),
                ("Purpose", &purpose),
                ("For", &principal),
                ("Agent", &agent),
            ] {
                prop_assert_eq!(&said[name], &Value::from(quoted(text)));
            }
            let said = browser.ask(HEADS);
            let said: Vec<&str> = said
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            for text in [
                format!("Block 0, for {}", quoted(&agent)),
                format!("\"x\": equals = {}", quoted(&constant)),
            ] {
                prop_assert!(said.contains(&text.as_str()), "{text}: {said:?}");
            }
            Ok(())
        },
    );
    run.unwrap();
}

fn token(task: &Task, equals: Matcher) -> String {
    let start = at("2026-11-21T09:00:00Z");
    let read = Capability::operation("forum.read", "forum/**").unwrap();
    let scope = Scope::builder()
        .allow(read.argument("x", equals).unwrap())
        .audience("forum.example".parse().unwrap())
        .not_after(start + Duration::from_secs(900))
        .build()
        .unwrap();
    let issuer = Issuer::new(issuer_key_from_seed(&[1; 32]), RootKeyId::new(1));
    let holder = holder_key_from_seed(&[2; 32]).public_key();
    issuer
        .mint(task, scope, &holder, start)
        .unwrap()
        .token
        .to_text()
}

/// Names of files are text too, and so are names that a task file gives.
#[test]
fn names_of_files_and_values_stay_text() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let world = World::new();
    let name = "<img src=x onerror=alert(1)>\u{202e}\"&lt;.toml";
    let text = "task = 't'\npurpose = '<script>alert(1)</script> {what}'\naudience = ['forum.example']\nttl = '15m'\n[parameters]\nwhat = 'text'\n\
                [[allow]]\noperation = 'forum.read'\nresource = 'forum/<svg onload=alert(1)>'\narguments.what = '{what}'\n";
    world.write(name, text);
    let what = "</style><script>alert(1)</script>\u{202e}";
    world.write("what", what);
    let printed = world.shell(&format!(
        "bailiwick report *.toml --no-catalog --param \"what=$(cat what)\" {NOW} --out page.html"
    ));
    assert_eq!(printed, "wrote `page.html`\n");
    browser.open(&world.path("page.html"));
    checks::nothing_is_run_or_fetched(&mut browser, &world.path("page.html"));
    let title = browser.ask("[document.title, document.querySelector('h1').textContent]");
    let said = r#"What <img src=x onerror=alert(1)>\u{202e}"&lt;.toml allows"#;
    assert_eq!(title, serde_json::json!([said, said]));
    let page = browser.ask("document.body.textContent");
    for text in [
        "forum/<svg onload=alert(1)>",
        r"</style><script>alert(1)</script>\u{202e}",
    ] {
        assert!(page.as_str().unwrap().contains(text), "{text}: {page}");
    }
}
