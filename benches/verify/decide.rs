//! What a decision costs when the token is verified: 4 blocks of 3 capabilities each, of which the
//! last one grants.

use bailiwick::action::{Action, Effect, Tree};
use bailiwick::clock::Timestamp;
use bailiwick::scope::{Capability, Context, Layers, Matcher, Scope, ScopeError, evaluate};

use crate::task;

pub(crate) struct Decision {
    pub(crate) name: &'static str,
    blocks: [Scope; 4],
    actions: [Action; 1],
    now: Timestamp,
}

impl Decision {
    pub(crate) fn all() -> [Self; 3] {
        let constrained = |publish: Capability| {
            publish
                .argument("text", Matcher::text_length(1, 500)?)?
                .argument("tags.*", Matcher::one_of(["rust", "tokens", "agents"])?)?
                .optional_argument("notify", Matcher::int(0, 5)?)
        };
        [
            Self::new("with audiences", Ok, true),
            Self::new("without audiences", Ok, false),
            Self::new("with constraints on arguments", constrained, true),
        ]
    }

    fn new(
        name: &'static str,
        publish: impl Fn(Capability) -> Result<Capability, ScopeError>,
        audience: bool,
    ) -> Self {
        let capability = |operation, resource| Capability::operation(operation, resource).unwrap();
        let scope = Scope::builder()
            .allow(capability("forum.read", "forum/thread/42/**"))
            .allow(capability("forum.draft", "forum/thread/42/draft/*"))
            .allow(publish(capability("forum.publish", "forum/thread/42")).unwrap())
            .not_after(task::at(900));
        let scope = if audience {
            scope.audience(task::service())
        } else {
            scope
        };
        let scope = scope.build().unwrap();
        let text = br#"{"text": "It depends.", "tags": ["rust", "tokens"], "notify": 3}"#;
        let action = Action::new(
            task::service(),
            "forum.publish".parse().unwrap(),
            Effect::Publish,
            "forum/thread/42".parse().unwrap(),
        );
        let own = Self {
            name,
            blocks: [scope.clone(), scope.clone(), scope.clone(), scope],
            actions: [action.with_arguments(Tree::from_json_slice(text).unwrap())],
            now: task::at(0),
        };
        assert!(own.decide());
        own
    }

    pub(crate) fn decide(&self) -> bool {
        let context = Context::at(self.now);
        evaluate(Layers::blocks(&self.blocks), &self.actions, &context).is_allow()
    }
}
