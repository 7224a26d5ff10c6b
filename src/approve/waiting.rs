//! An agent that waits for answers.

use std::fmt;
use std::time::Duration;

use super::rules::{asks, is_in_chain, rules};
use super::{Answer, AnswerTextError, Approval, RequestError, SignedRequest};
use crate::action::{Action, ActionDigest};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, HolderPublicKey};
use crate::present::Presentation;
use crate::scope::{ApprovalRule, ApproverGroup};
use crate::token::Limits;
use crate::verify::Verifier;

/// What an agent keeps while it waits for approvals: the request that it signed, and the answers so
/// far. Its text form survives a restart.
///
/// It is as good as the agent's knowledge: of the ceiling of its root, and of a service's own rules,
/// an agent knows nothing. Where its token wants no approval, one yes counts as approved and one no as
/// denied. What counts in the end is what the service decides.
///
/// See the [room](crate::approve) for an example.
#[derive(Clone)]
pub struct Waiting {
    request: SignedRequest,
    answers: Vec<Answer>,
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitState {
    /// More approvals are needed.
    Pending {
        /// Which, for each action and each group that lacks some. Empty where only the service knows.
        missing: Vec<Missing>,
    },
    /// Every requirement is met: present these approvals.
    Approved(Vec<Approval>),
    /// So many said no, to all or to a part, that the others are too few.
    Denied {
        /// Who said no, in the order of their keys.
        by: Vec<ApproverPublicKey>,
    },
    /// The request has ended. No answer is a no.
    Expired,
}

/// Approvals that an action lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The action, by its index.
    pub action: usize,
    /// How many more.
    pub more: usize,
    /// The keys that can still give them.
    pub of: Vec<ApproverPublicKey>,
}

/// Why an answer does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The text is none.
    #[error(transparent)]
    Text(#[from] AnswerTextError),
    /// It is for another token, another request, or for actions that the request does not have.
    #[error("the answer is to another request")]
    Foreign,
    /// Its maker is a holder of the token.
    #[error("approver {0} is a holder of the token")]
    InChain(ApproverPublicKey),
    /// The token does not ask its maker.
    #[error("approver {0} is not asked for any of these actions")]
    NotAsked(ApproverPublicKey),
    /// Its signature does not hold.
    #[error("the signature of the answer by approver {0} does not hold")]
    Invalid(ApproverPublicKey),
    /// The approver has given another answer before.
    #[error("approver {0} has given another answer before")]
    Duplicate(ApproverPublicKey),
    /// There are as many answers as a presentation can carry.
    #[error("there are {} answers already", Presentation::MAX_APPROVALS)]
    TooMany,
    /// It was made in the future.
    #[error("the answer was made at {issued}, and it is {now}")]
    NotYetValid {
        /// When it was made.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The approval has ended.
    #[error("the approval ended at {until}, and it is {now}")]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The request has ended.
    #[error("the request ended at {until}, and it is {now}")]
    TooLate {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
}

impl AnswerError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Foreign => "approval_foreign",
            Self::InChain(_) => "approver_in_chain",
            Self::NotAsked(_) => "approver_not_asked",
            Self::Invalid(_) => "approval_invalid",
            Self::Duplicate(_) => "approval_duplicate",
            Self::TooMany => "too_many_approvals",
            Self::NotYetValid { .. } => "approval_not_yet_valid",
            Self::Expired { .. } => "approval_expired",
            Self::TooLate { .. } => "request_expired",
        }
    }
}

/// Why a text is not what an agent waits with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The request is damaged, or not signed by its token's holder.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// An answer is damaged, or is none to the request.
    #[error("answer {index}: {source}")]
    Answer {
        /// Which one, from 0.
        index: usize,
        /// What is wrong with it.
        source: AnswerError,
    },
}

impl Waiting {
    /// Begins to wait for the answers to a request.
    pub fn new(request: SignedRequest) -> Self {
        Self {
            request,
            answers: Vec::new(),
        }
    }

    /// What is sent to approvers.
    pub fn request(&self) -> &SignedRequest {
        &self.request
    }

    /// Takes an answer. One that came before changes nothing.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] if it is to another request, by somebody who is not asked, forged, ended or
    /// late, or if the approver gave another answer before. What came before still counts.
    pub fn receive(
        &mut self,
        answer: impl Into<Answer>,
        now: Timestamp,
    ) -> Result<(), AnswerError> {
        let answer = answer.into();
        // An approver whose approval has ended may give another one.
        let ended = |had: &Answer| matches!(had, Answer::Approved(one) if now >= one.until());
        self.answers.retain(|had| !ended(had));
        if self.answers.contains(&answer) {
            return Ok(());
        }
        self.check(&answer)?;
        self.check_times(&answer, now)?;
        self.answers.push(answer);
        Ok(())
    }

    /// Takes an answer as the text that came, `bwa1_…`.
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive), and if the text is damaged.
    pub fn receive_text(&mut self, text: &str, now: Timestamp) -> Result<(), AnswerError> {
        self.receive(Answer::parse(text)?, now)
    }

    /// How the request stands.
    pub fn state(&self, now: Timestamp) -> WaitState {
        let ended = |had: &&Answer| matches!(had, Answer::Approved(one) if now >= one.until());
        let answers: Vec<_> = self.answers.iter().filter(|had| !ended(had)).collect();
        let (mut missing, mut denied_by) = (Vec::new(), Vec::new());
        let mut wanted = false;
        for (index, action) in self.actions().iter().enumerate() {
            let digest = action.digest();
            for group in self.groups(action) {
                wanted = true;
                let standing = GroupStanding::of(group, &answers, &digest);
                if standing.more > standing.open.len() {
                    denied_by.extend_from_slice(&standing.refused);
                }
                if standing.more > 0 {
                    missing.push(Missing {
                        action: index,
                        more: standing.more,
                        of: standing.open,
                    });
                }
            }
        }
        let approvals: Vec<_> = answers.iter().filter_map(|had| had.approval()).collect();
        // A token that wants nothing leaves it to whoever answers first.
        if !wanted && approvals.is_empty() {
            denied_by.extend(answers.iter().map(|had| *had.approver()));
        }
        denied_by.sort();
        denied_by.dedup();
        let met = missing.is_empty() && (wanted || !approvals.is_empty());
        let over = now >= self.request.request().until();
        match (met, denied_by.is_empty(), over) {
            // What was approved in time stays approved for as long as the approvals last.
            (true, _, _) => WaitState::Approved(approvals.into_iter().cloned().collect()),
            (false, false, _) => WaitState::Denied { by: denied_by },
            (false, true, true) => WaitState::Expired,
            (false, true, false) => WaitState::Pending { missing },
        }
    }

    /// The text form: the request and each answer, a line each.
    pub fn to_text(&self) -> String {
        let answers = self.answers.iter().map(Answer::to_text);
        let lines = std::iter::once(self.request.to_text()).chain(answers);
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Reads the text form, and verifies every signature again.
    ///
    /// # Errors
    ///
    /// [`ResumeError`] if the request or an answer is damaged or forged.
    pub fn resume(text: &str, limits: &Limits) -> Result<Self, ResumeError> {
        let mut lines = text.split('\n');
        let request = SignedRequest::parse(lines.next().unwrap_or_default(), limits)?;
        if !request.is_signed_by(&request.request().token().holder()) {
            return Err(RequestError::SignatureInvalid.into());
        }
        let mut waiting = Self::new(request);
        for (index, line) in lines.enumerate() {
            let answer = Answer::parse(line).map_err(AnswerError::from);
            let checked = answer.and_then(|answer| waiting.check(&answer).map(|()| answer));
            let answer = checked.map_err(|source| ResumeError::Answer { index, source })?;
            waiting.answers.push(answer);
        }
        Ok(waiting)
    }

    /// Everything that time does not change.
    fn check(&self, answer: &Answer) -> Result<(), AnswerError> {
        let request = self.request.request();
        let token = request.token().last_signature();
        let ours = match answer {
            Answer::Approved(approval) => {
                let asked: Vec<_> = self.actions().iter().map(Action::digest).collect();
                let mut digests = approval.digests().iter();
                *approval.token() == token && digests.all(|digest| asked.contains(digest))
            }
            Answer::Declined(no) => *no.token() == token && no.request() == request.id(),
        };
        if !ours {
            return Err(AnswerError::Foreign);
        }
        let approver = *answer.approver();
        let holders: Vec<HolderPublicKey> = request.token().holders().collect();
        if is_in_chain(&approver, None, &holders) {
            return Err(AnswerError::InChain(approver));
        }
        let known: Vec<_> = self.actions().iter().flat_map(|a| self.rules(a)).collect();
        if !known.is_empty() && !known.iter().any(|rule| asks(rule, &approver)) {
            return Err(AnswerError::NotAsked(approver));
        }
        if self.answers.iter().any(|had| *had.approver() == approver) {
            return Err(AnswerError::Duplicate(approver));
        }
        if self.answers.len() >= Presentation::MAX_APPROVALS {
            return Err(AnswerError::TooMany);
        }
        let signed = match answer {
            Answer::Approved(approval) => approval.is_signed(),
            Answer::Declined(declined) => declined.is_signed(),
        };
        if !signed {
            return Err(AnswerError::Invalid(approver));
        }
        Ok(())
    }

    fn check_times(&self, answer: &Answer, now: Timestamp) -> Result<(), AnswerError> {
        let until = self.request.request().until();
        if now >= until {
            return Err(AnswerError::TooLate { until, now });
        }
        let (issued, until) = match answer {
            Answer::Approved(approval) => (approval.issued(), approval.until()),
            Answer::Declined(declined) => (declined.issued(), Timestamp::MAX),
        };
        let skew: Duration = Verifier::DEFAULT_SKEW;
        if issued > now.saturating_add(skew) {
            return Err(AnswerError::NotYetValid { issued, now });
        }
        if now >= until {
            return Err(AnswerError::Expired { until, now });
        }
        Ok(())
    }

    fn actions(&self) -> &[Action] {
        self.request.request().actions()
    }

    fn rules<'a>(&'a self, action: &Action) -> impl Iterator<Item = &'a ApprovalRule> + use<'a> {
        let token = self.request.request().token();
        let rules: Vec<_> = rules(token.unverified().scopes(), action).collect();
        rules.into_iter()
    }

    fn groups<'a>(&'a self, action: &Action) -> impl Iterator<Item = &'a ApproverGroup> + use<'a> {
        self.rules(action).flat_map(ApprovalRule::groups)
    }
}

/// How a group stands towards one action.
struct GroupStanding {
    /// How many more must say yes.
    more: usize,
    /// Who has not answered.
    open: Vec<ApproverPublicKey>,
    /// Who said no, or said yes to other actions and not to this one.
    refused: Vec<ApproverPublicKey>,
}

impl GroupStanding {
    fn of(group: &ApproverGroup, answers: &[&Answer], action: &ActionDigest) -> Self {
        let threshold = usize::try_from(group.threshold()).unwrap_or(usize::MAX);
        let mut standing = Self {
            more: threshold,
            open: Vec::new(),
            refused: Vec::new(),
        };
        for key in group.approvers() {
            let answer = answers.iter().find(|answer| answer.approver() == key);
            match answer.map(|answer| answer.approval()) {
                None => standing.open.push(*key),
                Some(Some(yes)) if yes.digests().contains(action) => {
                    standing.more = standing.more.saturating_sub(1);
                }
                Some(_) => standing.refused.push(*key),
            }
        }
        standing
    }
}

/// Leaves tokens and signatures out.
impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("request", &self.request)
            .field("answers", &self.answers)
            .finish()
    }
}
