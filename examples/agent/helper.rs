//! Ada's helper: an agent of Rig in a process of its own.

use std::io;
use std::sync::Arc;

use bailiwick::catalog::NoAttributes;
use bailiwick::guard::{ByCatalog, Guard};
use bailiwick::http::HttpSigner;
use bailiwick::keys::HolderKey;
use bailiwick::present::{Holder, Presenter};
use bailiwick::token::{Limits, Token};
use bailiwick_examples::Outcome;
use bailiwick_rig::{Guarded, RefuseUnoffered};
use rig_agent::AgentBuilder;
use rig_agent::tool::ToolSet;
use rig_agent::tool::server::{ToolServer, ToolServerHandle};
use rig_core::message::{Message, ToolResult, UserContent};
use serde_json::json;

use crate::model::{followed, obedient, text};
use crate::tools::{Wiki, tools};
use crate::wiki::{SERVICE, catalog, gate};

/// The argument by which the program knows that it is the helper.
pub(crate) const ROLE: &str = "helper";

/// What Ada asks for.
const TASK: &str = r#"Summarize the page of the release in a note.
> read_page {"space": "team", "name": "release"}
> save_note {"space": "team", "name": "release", "text": "Reads take no lock."}
"#;

/// Says its public key, takes a token for it, does its task, and says what became of each call.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(way: &str, address: &str, root: &str) -> Outcome {
    let (gate, key) = (gate(root)?, HolderKey::generate()?);
    println!("{}", key.public_key());
    let mut token = String::new();
    io::stdin().read_line(&mut token)?;
    let token = Token::parse(token.trim(), &Limits::default())?;

    // One token for two doors: the guard beside the agent, and the wiki.
    let presenter = Presenter::from(Holder::new(token, key)?);
    let signer = HttpSigner::new(presenter.clone())
        .with_service(format!("http://{address}").parse()?, SERVICE.parse()?);
    let wiki = Arc::new(Wiki::at(address, (way != "bare").then_some(signer))?);
    let tools = match way {
        "guarded" => {
            let guard = Guard::new(gate, ByCatalog::new(catalog()?, NoAttributes));
            Guarded::new(guard.held_by(presenter)).serve(tools(&wiki)?)?
        }
        _ => unguarded(tools(&wiki)?),
    };
    let agent = AgentBuilder::new(obedient())
        .add_hook(RefuseUnoffered)
        .tool_server_handle(tools)
        .build();
    let done = agent.prompt(TASK).max_turns(20).await?;
    for ((tool, arguments), result) in followed(&done.messages).iter().zip(results(&done.messages))
    {
        println!("{} {tool} {arguments}", verdict(result));
    }
    println!("{}", json!({ "asked": wiki.sent() }));
    Ok(())
}

fn unguarded(tools: ToolSet) -> ToolServerHandle {
    let server = ToolServer::new().run();
    server.add_tools(tools);
    server
}

/// What its model was answered, call by call.
fn results(messages: &[Message]) -> impl Iterator<Item = &ToolResult> {
    let contents = messages.iter().filter_map(|message| match message {
        Message::User { content } => Some(content),
        _ => None,
    });
    contents.flatten().filter_map(|content| match content {
        UserContent::ToolResult(result) => Some(result),
        _ => None,
    })
}

/// `allow`, or `deny` and the code.
fn verdict(result: &ToolResult) -> String {
    let said = result.content.iter().find_map(text).unwrap_or_default();
    let code = said
        .strip_prefix("denied (")
        .and_then(|said| said.split_once(')'));
    match (result.is_error, code) {
        (false, _) => "allow".to_owned(),
        (true, Some((code, _))) => format!("deny {code}"),
        (true, None) => format!("error {said}"),
    }
}
