//! Approvals through the protocol's own questions for input. Only a signature counts, whatever a client "accepts".

use bailiwick::approve::{Answer, AnswerTextError, Approval, ApprovalRequest, SignedRequest};
use bailiwick::gate::Refusal;
use bailiwick::present::{Presentation, TooManyApprovals};
use bailiwick::token::Limits;
use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequests, InputRequiredResult, ProtocolVersion,
};
use rmcp::service::RequestContext;
use serde_json::json;

use crate::attach::Agent;

/// The name of a guard's question for approvals, and of the member of the answer that holds them: `bwa1_…`, with spaces between
/// several.
pub const APPROVALS: &str = "bailiwick_approvals";

/// Whether who calls can be asked, and was not asked before.
pub(crate) fn may_ask(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> bool {
    let knows_how = context
        .protocol_version()
        .is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
    let shows_forms = context
        .client_capabilities()
        .and_then(|client| client.elicitation)
        // A client that names neither kind shows forms.
        .is_some_and(|shown| shown.form.is_some() || shown.url.is_none());
    request.input_responses.is_none() && knows_how && shows_forms
}

/// The question for the approvals that are all that is missing.
pub(crate) fn question(refusal: &Refusal) -> Option<InputRequiredResult> {
    let request = refusal.approval_request()?;
    let schema = ElicitationSchema::builder().required_string(APPROVALS);
    let asked = ElicitRequestParams::FormElicitationParams {
        meta: None,
        // In the message, as `_meta` is stripped on the way. Last, so that it is found.
        message: format!(
            "{}. Approvers sign this: {}",
            refusal.message(),
            request.to_text()
        ),
        requested_schema: schema.build().ok()?,
    };
    let question = InputRequest::Elicitation(ElicitRequest::new(asked));
    let questions = InputRequests::from([(APPROVALS.to_owned(), question)]);
    Some(InputRequiredResult::from_input_requests(questions))
}

/// Why what came back with a call is not looked at.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error(
        "an answer came along to a question that the guard has not asked, and no proof covers it"
    )]
    Foreign,
    #[error("the approvals are no text")]
    NoText,
    #[error(transparent)]
    TooMany(#[from] TooManyApprovals),
    #[error("an approval is damaged: {0}")]
    Malformed(#[from] AnswerTextError),
    #[error("an approver has declined")]
    Declined,
}

impl NoAnswer {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Foreign => "input_not_covered",
            Self::NoText => "approval_malformed",
            Self::TooMany(_) => "approvals_too_many",
            Self::Malformed(error) => error.code(),
            Self::Declined => "approval_declined",
        }
    }
}

/// The presentation together with the approvals that were answered, which are taken out of the request.
pub(crate) fn answered(
    presentation: String,
    request: &mut CallToolRequestParams,
) -> Result<String, NoAnswer> {
    // Such state could only be the state of a tool, which is not asked about it.
    if request.request_state.is_some() {
        return Err(NoAnswer::Foreign);
    }
    let mut responses = request.input_responses.take().unwrap_or_default();
    let answer = responses.remove(APPROVALS);
    if !responses.is_empty() {
        return Err(NoAnswer::Foreign);
    }
    let Some(answer) = answer.filter(|answer| answer["action"] == "accept") else {
        return Ok(presentation);
    };
    let texts = answer["content"][APPROVALS].as_str();
    let approvals = read(texts.ok_or(NoAnswer::NoText)?)?;
    // What is no presentation is refused by the gate.
    let Ok(carried) = Presentation::parse(&presentation, &Limits::default()) else {
        return Ok(presentation);
    };
    let all = [carried.approvals(), &approvals].concat();
    Ok(carried.with_approvals(all)?.to_text())
}

/// Reads no more than there is room for.
fn read(texts: &str) -> Result<Vec<Approval>, NoAnswer> {
    let texts = texts
        .split_whitespace()
        .take(Presentation::MAX_APPROVALS + 1);
    let approvals = texts.map(|text| match Answer::parse(text)? {
        Answer::Approved(approval) => Ok(approval),
        Answer::Declined(_) => Err(NoAnswer::Declined),
    });
    approvals.collect()
}

impl Agent {
    /// What people are to be asked, signed by the token's holder, if this is a guard's question for approvals of a call of
    /// this agent. `None` is any other question.
    ///
    /// For the [`ClientHandler`](rmcp::ClientHandler) of an agent's runtime, which sends it to people and answers with
    /// [`approved`].
    ///
    /// ```no_run
    /// use bailiwick::approve::{Approval, SignedRequest};
    /// use bailiwick_mcp::{Agent, approved};
    /// use rmcp::{ClientHandler, ErrorData, RoleClient, model::*, service::RequestContext};
    ///
    /// struct Runtime {
    ///     agent: Agent,
    /// }
    ///
    /// impl ClientHandler for Runtime {
    ///     async fn create_elicitation(
    ///         &self,
    ///         asked: ElicitRequestParams,
    ///         _: RequestContext<RoleClient>,
    ///     ) -> Result<ElicitResult, ErrorData> {
    ///         match self.agent.question(&asked) {
    ///             Some(request) => Ok(approved(ask_people(&request).await)),
    ///             None => Ok(ElicitResult::new(ElicitationAction::Decline)),
    ///         }
    ///     }
    /// }
    /// # async fn ask_people(_: &SignedRequest) -> Vec<Approval> { vec![] }
    /// ```
    pub fn question(&self, asked: &ElicitRequestParams) -> Option<SignedRequest> {
        let ElicitRequestParams::FormElicitationParams { message, .. } = asked else {
            return None;
        };
        let (_, text) = message.rsplit_once(' ')?;
        let request = ApprovalRequest::parse(text, &Limits::default()).ok()?;
        self.ask(&request)
    }
}

/// The answer to a guard's question: what people have signed. Without any, the answer is no.
pub fn approved(approvals: impl IntoIterator<Item = Approval>) -> ElicitResult {
    let texts: Vec<_> = approvals.into_iter().map(|one| one.to_text()).collect();
    if texts.is_empty() {
        return ElicitResult::new(ElicitationAction::Decline);
    }
    ElicitResult::new(ElicitationAction::Accept).with_content(json!({ APPROVALS: texts.join(" ") }))
}
