//! Tools of an agent built with Rig, beside the agent.

use bailiwick::gate::Permit;
use bailiwick::guard::ByCatalog;
use bailiwick::present::{Presentation, Presenter};
use bailiwick_conformance::{Adapter, Desk, Sends, Store, conforms};
use bailiwick_rig::Guarded;
use rig_agent::tool::RegisteredTool;
use rig_core::message::ToolName;
use rig_core::tool::{DynamicTool, ToolContext, ToolOutput};
use serde_json::{Value, json};

use crate::place;

struct Tools {
    guarded: Guarded<Store, ByCatalog>,
    desk: Desk,
}

impl Tools {
    /// A tool of this name, which acts whenever it runs.
    fn tool(&self, name: &str) -> RegisteredTool {
        let (desk, name) = (self.desk.clone(), ToolName::new(name).unwrap());
        let schema = json!({ "type": "object" });
        let tool = DynamicTool::new_with_context(name, "a tool", schema, move |context, _| {
            desk.act(&context.scope::<Permit>().unwrap());
            Box::pin(async { Ok(ToolOutput::json(Desk::answer())) })
        });
        let tool = RegisteredTool::from_dynamic(tool);
        self.guarded.tool(&tool).unwrap()
    }
}

impl Adapter for Tools {
    fn sends(&self) -> Sends {
        Sends::ItsOwn
    }

    async fn send(
        &mut self,
        _: &Presenter,
        _: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> String {
        let (tool, mut context) = (self.tool(tool), ToolContext::new());
        let ran = tool.execute(arguments.to_string(), &mut context).await;
        match ran.refusal() {
            Some(refused) => refused.code().unwrap().to_owned(),
            None => {
                assert!(ran.is_success());
                "allow".to_owned()
            }
        }
    }
}

#[tokio::test]
async fn tools_of_an_agent_of_rig_conform() {
    let place = place();
    let desk = place.world.desk.clone();
    let held = place.world.agent();
    let guarded = Guarded::new(desk.guard().held_by(held.clone()));
    let mut tools = Tools { guarded, desk };
    conforms("rig", &place.world, &held, &mut tools).await;
}
