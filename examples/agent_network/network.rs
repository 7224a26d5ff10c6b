//! The agents as processes of their own, and the work that the first one is given.

use bailiwick::keys::HolderPublicKey;
use bailiwick_examples::{Answer, Child, Outcome, must_be};

use crate::ada::Ada;
use crate::agent::{self, Hop, Work};

/// Five agents, and the editor, to whom Ada granted the task. Dropped, they are stopped.
pub(crate) struct Network {
    editor: Child,
    others: [Child; 5],
    token: String,
    allowed: Vec<String>,
}

/// One more agent on the way that work takes, and what the one before hands on to it.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    agent: usize,
    only: &'static str,
}

/// Each narrower than the one before; the archivist stands beside the researcher.
const HOPS: [(&str, &str); 5] = [
    ("planner", "library/physics/quantum/**"),
    ("researcher", "library/physics/quantum/papers/**"),
    ("reader", "library/physics/quantum/papers/2026/*"),
    ("copyist", "library/physics/quantum/papers/2026/1"),
    ("archivist", "library/physics/quantum/figures/*"),
];

impl Network {
    /// Starts the agents. They know where the library is, and nothing else.
    pub(crate) async fn start(library: &str, ada: &Ada) -> Outcome<Self> {
        let start = || Child::start(agent::ROLE, [library]);
        let editor = start()?;
        let key = agent::public_key(editor.address()).await?;
        Ok(Self {
            token: ada.grant("editor", &key)?.to_text(),
            editor,
            others: [start()?, start()?, start()?, start()?, start()?],
            allowed: vec![],
        })
    }

    /// Planner, researcher, reader, copyist and archivist, each with what it is usually handed.
    pub(crate) fn hops(&self) -> [Step; 5] {
        std::array::from_fn(|agent| Step {
            agent,
            only: HOPS[agent].1,
        })
    }

    /// Has a document read, by the last agent on this way.
    pub(crate) async fn ask(&mut self, way: &[Step], place: &str) -> Outcome<Tried> {
        let names = way.iter().map(|step| HOPS[step.agent].0);
        let by: Vec<_> = ["editor"].into_iter().chain(names).collect();
        let read = format!("{place} by {}", by.join(" > "));
        let tried = self.give(self.editor.address(), way, place, read).await?;
        if tried.answer.is_allowed() {
            self.allowed.push(format!("library/{}", tried.work));
        }
        Ok(tried)
    }

    /// Gives the editor's token to another agent.
    pub(crate) async fn send_astray(&self, to: Step, place: &str) -> Outcome<Tried> {
        let read = format!("{place} by {}", HOPS[to.agent].0);
        self.give(self.others[to.agent].address(), &[], place, read)
            .await
    }

    pub(crate) async fn public_key(&self, of: Step) -> Outcome<HolderPublicKey> {
        agent::public_key(self.others[of.agent].address()).await
    }

    /// Stops the agents. What was allowed to them, in order.
    pub(crate) fn end(self) -> Vec<String> {
        self.allowed
    }

    async fn give(&self, to: &str, way: &[Step], place: &str, work: String) -> Outcome<Tried> {
        let hop = |step: &Step| Hop {
            name: HOPS[step.agent].0.to_owned(),
            address: self.others[step.agent].address().to_owned(),
            only: step.only.to_owned(),
        };
        let order = Work {
            token: self.token.clone(),
            place: place.to_owned(),
            way: way.iter().map(hop).collect(),
        };
        let answer = Answer::of(agent::give(to, &order).await?)?;
        Ok(Tried { work, answer })
    }
}

impl Step {
    /// Handed this instead.
    pub(crate) fn with(self, only: &'static str) -> Self {
        Self { only, ..self }
    }
}

/// What came of a piece of work.
pub(crate) struct Tried {
    work: String,
    answer: Answer,
}

impl Tried {
    /// Prints what was said. Something else is the end of the story.
    pub(crate) fn must_be(&self, verdict: &str) -> Outcome {
        let Self { work, answer } = self;
        must_be(format!("{answer} {work}"), &format!("{verdict} {work}"))
    }
}
