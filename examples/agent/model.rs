//! A model that does what it reads, whoever wrote it. Real ones do so now and then; this one always does.

use rig_core::completion::CompletionRequest;
use rig_core::driver::{Exchange, Model, Opening, Transport};
use rig_core::message::{AssistantContent, Message, ToolResultContent, UserContent};
use rig_core::test_utils::{MockCompletionModel, MockFrame, MockScript, MockTurn};
use serde_json::Value;

/// The model. Every line `> tool {…}` is an order to it, the newest text first, and each is followed once.
pub(crate) fn obedient() -> Model<MockScript, Obedient> {
    Model::new(MockScript::new("obedient"), Obedient)
}

#[derive(Clone)]
pub(crate) struct Obedient;

impl Transport<MockScript> for Obedient {
    fn send(&self, request: CompletionRequest, exchange: Exchange) -> Opening<MockFrame> {
        let followed = followed(&request.chat_history);
        let texts = request.chat_history.iter().rev().flat_map(texts);
        let mut orders = texts.flat_map(str::lines).filter_map(order);
        let turn = match orders.find(|order| !followed.contains(order)) {
            Some((tool, arguments)) => {
                MockTurn::tool_call(format!("call_{}", followed.len()), tool, arguments)
            }
            None => MockTurn::text("I have done all of it."),
        };
        let script = MockCompletionModel::from_turns([turn]);
        script.transport.send(request, exchange)
    }
}

type Order = (String, Value);

fn order(line: &str) -> Option<Order> {
    let (tool, arguments) = line.strip_prefix("> ")?.split_once(' ')?;
    Some((tool.to_owned(), serde_json::from_str(arguments).ok()?))
}

/// What it has called so far.
pub(crate) fn followed(history: &[Message]) -> Vec<Order> {
    let turns = history.iter().filter_map(|message| match message {
        Message::Assistant(turn) => Some(&turn.content),
        _ => None,
    });
    let calls = turns.flatten().filter_map(|content| match content {
        AssistantContent::ToolCall(call) => Some(&call.function),
        _ => None,
    });
    calls
        .map(|call| (call.name.to_string(), call.arguments_value()))
        .collect()
}

/// What it is told: by the prompt, and by tools.
fn texts(message: &Message) -> Vec<&str> {
    let Message::User { content } = message else {
        return vec![];
    };
    let said = content.iter().flat_map(|content| match content {
        UserContent::Text(text) => vec![text.text.as_str()],
        UserContent::ToolResult(result) => result.content.iter().filter_map(text).collect(),
        _ => vec![],
    });
    said.collect()
}

pub(crate) fn text(content: &ToolResultContent) -> Option<&str> {
    match content {
        ToolResultContent::Text(text) => Some(&text.text),
        _ => None,
    }
}
