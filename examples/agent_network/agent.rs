//! An agent: does work with the token that comes with it, or hands it on with a narrower one.

use std::sync::Arc;

use bailiwick::delegate::DelegateError;
use bailiwick::keys::{HolderKey, HolderPublicKey};
use bailiwick::present::{Holder, NotTheHolder};
use bailiwick::scope::{Capability, Scope};
use bailiwick::token::{Limits, Token};
use bailiwick_examples::{Outcome, ask_once, mcp_client, mcp_routes, serve};
use bailiwick_mcp::{Agent as Presents, Attach};
use rmcp::handler::server::ServerHandler;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{tool, tool_handler, tool_router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::library::SERVICE;

/// The argument by which the program knows that it is an agent.
pub(crate) const ROLE: &str = "agent";

/// Work for an agent, and the right to do it.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Work {
    /// What allows it, to this agent alone. It is no secret: its holder's key is.
    pub(crate) token: String,
    /// The document to read.
    pub(crate) place: String,
    /// Who is to do it, each handed the work by the one before; whoever is last does it.
    pub(crate) way: Vec<Hop>,
}

/// One more agent, and what of its own right the one before hands on to it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Hop {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) only: String,
}

/// Serves until standard input ends. The key is made here, and never leaves.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(library: &str) -> Outcome {
    let key = HolderKey::generate()?;
    let agent = Agent {
        key: Arc::new(key),
        library: library.to_owned(),
    };
    serve(mcp_routes(Arc::new(agent))).await
}

struct Agent {
    key: Arc<HolderKey>,
    library: String,
}

#[tool_router]
impl Agent {
    #[tool(description = "The public key that a token for this agent must name")]
    fn public_key(&self) -> CallToolResult {
        CallToolResult::structured(json!({ "public_key": self.key.public_key().to_string() }))
    }

    #[tool(description = "Reads a document, or has it read, by the right that comes with the work")]
    async fn work(&self, Parameters(work): Parameters<Work>) -> CallToolResult {
        match self.carry_out(work).await {
            Ok(result) => result,
            Err(error) => CallToolResult::structured_error(
                json!({ "code": code(&*error), "message": error.to_string() }),
            ),
        }
    }
}

#[tool_handler]
impl ServerHandler for Agent {}

impl Agent {
    async fn carry_out(&self, work: Work) -> Outcome<CallToolResult> {
        let token = Token::parse(&work.token, &Limits::default())?;
        let holder = Holder::new(token, self.key.clone())?;
        match work.way.split_first() {
            None => self.read(holder, &work.place).await,
            Some((next, rest)) => hand_on(&holder, &work.place, next, rest).await,
        }
    }

    /// Asks the library, with a proof for this one call.
    async fn read(&self, holder: Holder, place: &str) -> Outcome<CallToolResult> {
        let presents = Presents::new(holder, SERVICE.parse()?);
        let library = Attach::new(mcp_client(&self.library)?, presents);
        ask_once(library, "read_document", json!({ "place": place })).await
    }
}

/// Hands the work to the next agent, with what of this token it needs. The public half of its key is enough.
async fn hand_on(
    holder: &Holder,
    place: &str,
    next: &Hop,
    rest: &[Hop],
) -> Outcome<CallToolResult> {
    let key = public_key(&next.address).await?;
    let only = Capability::operation("library.read", &next.only)?;
    let scope = Scope::builder().allow(only).build()?;
    let work = Work {
        token: holder.delegate(&key, next.name.parse()?, scope)?.to_text(),
        place: place.to_owned(),
        way: rest.to_vec(),
    };
    give(&next.address, &work).await
}

/// Which key an agent has. Whoever answers gets the work: between machines, over TLS.
pub(crate) async fn public_key(address: &str) -> Outcome<HolderPublicKey> {
    let said = ask_once(mcp_client(address)?, "public_key", json!({})).await?;
    let key = said.structured_content.unwrap_or_default();
    Ok(key["public_key"]
        .as_str()
        .ok_or("an agent without a key")?
        .parse()?)
}

/// Gives work to an agent. What comes of it comes back as it is.
pub(crate) async fn give(address: &str, work: &Work) -> Outcome<CallToolResult> {
    ask_once(mcp_client(address)?, "work", serde_json::to_value(work)?).await
}

/// What the agent itself cannot do, in the words of who says so.
fn code(error: &(dyn std::error::Error + 'static)) -> &'static str {
    match error.downcast_ref::<DelegateError>() {
        Some(error) => error.code(),
        None if error.is::<NotTheHolder>() => "not_the_holder",
        None => "work_failed",
    }
}
