//! In one process: a gate that knows what tools do, and the same with the agent's token.

use bailiwick::action::Tree;
use bailiwick::gate::{Admission, Permit};
use bailiwick::guard::{ByCatalog, Guard, HeldGuard};
use bailiwick::present::{Presentation, Presenter};
use bailiwick_conformance::{Adapter, Desk, Sends, Store, conforms, tool_call};
use serde_json::Value;

use crate::place;

struct Service {
    guard: Guard<Store, ByCatalog>,
    desk: Desk,
}

impl Adapter for Service {
    /// A gate is always handed a text, and an empty one is no presentation.
    fn says_of_nothing(&self) -> &'static str {
        "presentation_malformed"
    }

    async fn send(
        &mut self,
        agent: &Presenter,
        presented: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> String {
        let text = presented.map(Presentation::to_text).unwrap_or_default();
        let admitted = self.guard.admit(&text, &tool_call(tool, arguments));
        match admitted.and_then(Admission::first) {
            Ok(permit) => {
                let noting = self.guard.expect(&permit);
                self.desk.act(&permit);
                if let Some(noting) = noting {
                    let answer = Desk::answer();
                    agent.keep_notes(&noting.sign(&answer), &answer);
                }
                "allow".to_owned()
            }
            Err(refusal) => refusal.code().to_owned(),
        }
    }
}

struct Runtime {
    guard: HeldGuard<Store, ByCatalog>,
    desk: Desk,
    waits: bool,
}

impl Adapter for Runtime {
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
        let arguments = Tree::from_json_value(arguments).unwrap();
        let act = |permit: Permit| {
            let noting = self.guard.guard().expect(&permit);
            self.desk.act(&permit);
            noting.inspect(|noting| self.guard.keep(noting, &Desk::answer()));
        };
        let ran = match self.waits {
            true => {
                let run = async |permit| act(permit);
                self.guard.run_async(tool, arguments, run).await
            }
            false => self.guard.run(tool, arguments, act),
        };
        ran.map_or_else(|error| error.code().to_owned(), |()| "allow".to_owned())
    }
}

#[tokio::test]
async fn a_guard_in_a_service_conforms() {
    let place = place();
    let desk = place.world.desk.clone();
    let mut service = Service {
        guard: desk.guard(),
        desk,
    };
    let agent = place.world.agent();
    conforms("guard", &place.world, &agent, &mut service).await;
}

#[tokio::test]
async fn a_guard_beside_an_agent_conforms() {
    for waits in [false, true] {
        let place = place();
        let desk = place.world.desk.clone();
        let held = place.world.agent();
        let mut runtime = Runtime {
            guard: desk.guard().held_by(held.clone()),
            desk,
            waits,
        };
        conforms("held guard", &place.world, &held, &mut runtime).await;
    }
}
