//! Signs requests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, Request, Uri};

use super::{Attempt, Origin};
use crate::action::{Call, CallError, Service};
use crate::approve::Approval;
use crate::clock::Clock;
use crate::http::headers::{self, PROOF, SCHEME};
use crate::http::noted;
use crate::note::texts_of_json;
use crate::present::{Holder, NoRandomness, Presenter, TooManyApprovals};

/// Attaches a token and a fresh proof to requests, for whatever client sends them.
///
/// It knows which service is at which origin. A token goes to no other.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::*, keys::*, mint::*, present::*, scope::*};
/// # let (now, agent) = (SystemClock.now(), HolderKey::generate()?);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(now.saturating_add(std::time::Duration::from_secs(900))).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let token = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
/// # let holder = Holder::new(token, agent)?;
/// use bailiwick::http::{HttpSigner, PROOF, SignError};
///
/// let signer = HttpSigner::new(holder)
///     .with_service("https://forum.example".parse()?, "forum.example".parse()?);
/// let mut request = http::Request::get("https://forum.example/threads/42").body("")?;
/// signer.sign(&mut request)?;
/// assert!(request.headers().contains_key(PROOF));
///
/// let mut elsewhere = http::Request::get("https://evil.example/threads/42").body("")?;
/// assert!(matches!(signer.sign(&mut elsewhere), Err(SignError::UnknownOrigin { .. })));
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// Sign last, just before the request is sent: what is changed after that no service accepts. And the
/// client must not follow redirects on its own; see [`PresentLayer`](super::PresentLayer).
pub struct HttpSigner {
    presenter: Presenter,
    services: BTreeMap<Origin, Service>,
    elsewhere: Elsewhere,
}

/// What becomes of a request to an origin at which no service is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Elsewhere {
    /// It is refused.
    #[default]
    Refuse,
    /// It goes out without a token.
    SendWithout,
}

/// Why a request is not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// No service is known at the origin of the request.
    #[error("no service is known at {}", named(.origin.as_ref()))]
    UnknownOrigin {
        /// The origin, if the target has one.
        origin: Option<Origin>,
    },
    /// The request is no call.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The request has credentials of another kind, and can have one.
    #[error("the request has other credentials")]
    OtherCredentials,
    /// More approvals than can be sent along.
    #[error(transparent)]
    TooManyApprovals(#[from] TooManyApprovals),
    /// There is no randomness for a proof.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Approvals that go along with a request, among its extensions.
#[derive(Clone)]
struct Approvals(Arc<[Approval]>);

impl HttpSigner {
    /// Signs for this holder, for no service yet.
    pub fn new(presenter: impl Into<Presenter>) -> Self {
        Self {
            presenter: presenter.into(),
            services: BTreeMap::new(),
            elsewhere: Elsewhere::default(),
        }
    }

    /// Knows that this service is at this origin.
    pub fn with_service(mut self, origin: Origin, service: Service) -> Self {
        self.services.insert(origin, service);
        self
    }

    /// Does this with requests to any other origin.
    pub fn with_elsewhere(mut self, elsewhere: Elsewhere) -> Self {
        self.elsewhere = elsewhere;
        self
    }

    /// Reads the time from this clock.
    pub fn with_clock(mut self, clock: Arc<dyn Clock + Send + Sync>) -> Self {
        self.presenter = self.presenter.with_clock(clock);
        self
    }

    /// Sends these approvals along with a request, each time that it is signed.
    pub fn attach_approvals<B>(
        request: &mut Request<B>,
        approvals: impl IntoIterator<Item = Approval>,
    ) {
        let approvals = Approvals(approvals.into_iter().collect());
        request.extensions_mut().insert(approvals);
    }

    /// The holder, who signs what is asked of approvers too.
    pub fn holder(&self) -> Arc<Holder> {
        self.presenter.holder()
    }

    /// Attaches a token and a fresh proof of the request as it is. One that was attached before is
    /// replaced.
    ///
    /// # Errors
    ///
    /// [`SignError`]. The request has none of our headers then.
    pub fn sign<B: AsRef<[u8]>>(&self, request: &mut Request<B>) -> Result<(), SignError> {
        headers::strip(request.headers_mut());
        let origin = Origin::of(request.uri());
        let Some(service) = origin.as_ref().and_then(|origin| self.services.get(origin)) else {
            return match self.elsewhere {
                Elsewhere::Refuse => Err(SignError::UnknownOrigin { origin }),
                Elsewhere::SendWithout => Ok(()),
            };
        };
        if request.headers().contains_key(AUTHORIZATION) {
            return Err(SignError::OtherCredentials);
        }
        let (uri, body) = (request.uri(), request.body().as_ref());
        let call = Call::http(request.method().as_str(), uri.path(), uri.query(), body)?;
        let texts = match self.presenter.notes() {
            Some(_) => texts_of_json(body),
            None => Vec::new(),
        };
        let extensions = request.extensions_mut();
        let attempt = Attempt::begin(extensions)?.id_for(&call);
        let texts = texts.iter().map(String::as_str);
        let mut presentation = (self.presenter).present_using(service, &call, attempt, texts)?;
        if let Some(Approvals(approvals)) = extensions.get() {
            presentation = presentation.with_approvals(approvals.iter().cloned())?;
        }
        let (token, proof) = presentation.to_texts();
        attach(request.headers_mut(), &format!("{SCHEME} {token}"), &proof);
        Ok(())
    }

    /// Takes the notes out of the headers of an answer, and keeps those of its body, if the presenter has a
    /// [`NoteBook`](crate::note::NoteBook): for who reads answers without a [`PresentLayer`](super::PresentLayer).
    ///
    /// The body is all of it, decompressed. Of one with more than 4 MiB nothing was noted.
    ///
    /// # Security
    ///
    /// Only for answers of the services that this signer knows: others have nothing to note for this agent.
    pub fn keep(&self, headers: &mut HeaderMap, body: &[u8]) {
        let notes = headers::take_notes(headers);
        if notes.is_empty() || body.len() > noted::LIMIT {
            return;
        }
        if let Ok(answer) = serde_json::from_slice(body) {
            self.presenter.keep_notes(&notes, &answer);
        }
    }

    /// Whether notes of an answer from there are kept.
    pub(super) fn keeps_from(&self, uri: &Uri) -> bool {
        let origin = Origin::of(uri);
        self.presenter.notes().is_some() && origin.is_some_and(|it| self.services.contains_key(&it))
    }
}

/// Text forms have nothing that a header cannot have.
fn attach(headers: &mut HeaderMap, authorization: &str, proof: &str) {
    for (name, text) in [(AUTHORIZATION, authorization), (PROOF, proof)] {
        if let Ok(mut value) = HeaderValue::try_from(text) {
            // Kept out of logs, and out of the tables of HTTP/2.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
}

fn named(origin: Option<&Origin>) -> String {
    origin.map_or_else(
        || "a target without an origin".to_owned(),
        Origin::to_string,
    )
}

impl fmt::Debug for HttpSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSigner")
            .field("presenter", &self.presenter)
            .field("services", &self.services)
            .field("elsewhere", &self.elsewhere)
            .finish_non_exhaustive()
    }
}
