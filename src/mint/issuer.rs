//! The holder of a root key.

use super::{Assignment, MintWarning, warning};
use crate::action::Task;
use crate::clock::Timestamp;
use crate::keys::{HolderPublicKey, IssuerKey, RootKeyId, Signer};
use crate::manifest::{Manifest, ManifestError, Parameters};
use crate::revoke::{Stop, StopTicket};
use crate::scope::{Scope, ScopeError};
use crate::token::{Limits, TaskInfo, Token, TokenError};

/// Mints tokens with a root key, which may live in a KMS behind a [`Signer`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{HolderKey, IssuerKey, RootKeyId};
/// use bailiwick::action::Task;
/// use bailiwick::mint::{Issuer, MintError};
/// use bailiwick::scope::{Capability, Scope};
///
/// let issuer = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1));
/// let (agent, now) = (HolderKey::generate()?, Timestamp::from_unix_seconds(1_800_000_000)?);
/// let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// let scope = Scope::builder()
///     .allow(Capability::operation("forum.read", "forum/thread/42")?)
///     .audience("forum.example".parse()?);
///
/// let endless = issuer.mint(&task, scope.clone().build()?, &agent.public_key(), now);
/// assert!(matches!(endless, Err(MintError::NoEnd)));
///
/// let scope = scope.not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
/// let minted = issuer.mint(&task, scope, &agent.public_key(), now)?;
/// assert!(minted.token.to_text().starts_with("bwt1_"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Issuer<S = IssuerKey> {
    signer: S,
    key_id: RootKeyId,
    limits: Limits,
}

/// What minting gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Minted {
    /// The token, at rest: harmless to whoever does not have the holder's key.
    pub token: Token,
    /// Stops the task before its end, in whoever's hands: give it to the person for whom the task
    /// is done.
    pub stop: StopTicket,
    /// What the issuer should look at before handing it over.
    pub warnings: Vec<MintWarning>,
}

/// Why nothing is minted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MintError {
    /// The scope allows nothing.
    #[error("a token must say what it allows")]
    NoAllow,
    /// The scope never ends.
    #[error("a token must say when it ends")]
    NoEnd,
    /// The scope names no service.
    #[error("a token must name the services that it is for")]
    NoAudience,
    /// The scope has ended already.
    #[error("the token would have ended at {not_after}, and it is {now}")]
    AlreadyOver {
        /// Its end.
        not_after: Timestamp,
        /// The time of minting.
        now: Timestamp,
    },
    /// The manifest makes no scope or no purpose with these values.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The scope cannot be completed.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The token would pass a limit, or the signer failed.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl MintError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAllow => "allow_missing",
            Self::NoEnd => "end_missing",
            Self::NoAudience => "audience_missing",
            Self::AlreadyOver { .. } => "already_over",
            Self::Manifest(error) => error.code(),
            Self::Scope(_) => "scope_invalid",
            Self::Token(error) => error.code(),
        }
    }
}

/// How many blocks may follow the first, unless the scope says something else.
pub const DEFAULT_MAX_DEPTH: u32 = 3;

impl<S: Signer> Issuer<S> {
    /// Mints with this signer, whose key services know under this id.
    pub fn new(signer: S, key_id: RootKeyId) -> Self {
        Self {
            signer,
            key_id,
            limits: Limits::default(),
        }
    }

    /// Mints a token for one task of the kind that a manifest describes, with these values of its parameters.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bailiwick::clock::Timestamp;
    /// # use bailiwick::keys::{HolderKey, IssuerKey, RootKeyId};
    /// use bailiwick::manifest::{Manifest, Parameters};
    /// use bailiwick::mint::{Assignment, Issuer};
    ///
    /// let manifest = Manifest::parse_unchecked("answer-thread.toml", r#"
    ///     task     = "answer-thread"
    ///     purpose  = "answer the question in thread {thread}"
    ///     audience = ["forum.example"]
    ///     ttl      = "15m"
    ///     parameters.thread = "segment"
    ///
    ///     [[allow]]
    ///     operation = "forum.read"
    ///     resource  = "forum/thread/{thread}"
    /// "#)?;
    /// let issuer = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1));
    /// let (agent, now) = (HolderKey::generate()?, Timestamp::from_unix_seconds(1_800_000_000)?);
    /// let ada = Assignment::new("t-42", "ada@example.com", "helper")?;
    ///
    /// let thread = Parameters::new().with("thread", "42");
    /// let minted = issuer.mint_task(&manifest, &thread, &ada, &agent.public_key(), now)?;
    /// let info = minted.token.unverified().info();
    /// assert_eq!(info.task().purpose().as_str(), "answer the question in thread 42");
    ///
    /// let path = Parameters::new().with("thread", "42/posts");
    /// let refused = issuer.mint_task(&manifest, &path, &ada, &agent.public_key(), now);
    /// assert_eq!(refused.unwrap_err().code(), "parameter_not_canonical");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`MintError::Manifest`] if the values cannot be used; else as [`Issuer::mint`].
    pub fn mint_task(
        &self,
        manifest: &Manifest,
        parameters: &Parameters,
        assignment: &Assignment,
        holder: &HolderPublicKey,
        now: Timestamp,
    ) -> Result<Minted, MintError> {
        let task = assignment.task(manifest.purpose(parameters)?);
        self.mint(&task, manifest.scope(parameters, now)?, holder, now)
    }

    /// Mints a token for one task with a scope that was built in code, and one holder, of whom the public half of its key is enough.
    ///
    /// The signer is asked twice: for the token, and for the ticket that stops its task.
    /// `now` becomes the token's time of issue, in whole seconds. A scope that says nothing of
    /// delegation gets a limit of [`DEFAULT_MAX_DEPTH`].
    ///
    /// # Errors
    ///
    /// [`MintError`] names what the first block of a token must say, and this scope does not.
    pub fn mint(
        &self,
        task: &Task,
        scope: Scope,
        holder: &HolderPublicKey,
        now: Timestamp,
    ) -> Result<Minted, MintError> {
        if scope.allow().is_none() {
            return Err(MintError::NoAllow);
        }
        if scope.audience().is_none() {
            return Err(MintError::NoAudience);
        }
        let not_after = scope.window().not_after().ok_or(MintError::NoEnd)?;
        if now >= not_after {
            return Err(MintError::AlreadyOver { not_after, now });
        }
        let scope = match scope.max_depth() {
            Some(_) => scope,
            None => scope.into_builder().max_depth(DEFAULT_MAX_DEPTH).build()?,
        };
        let mut warnings = warning::contradictions(&scope);
        let info = TaskInfo::new(task.clone(), now);
        let token = Token::mint(&self.signer, self.key_id, info, scope, holder, &self.limits)?;
        warnings.extend(warning::payload(&token));
        let stop = Stop {
            root_id: self.key_id,
            root: self.signer.public_key(),
            task: task.id().clone(),
            issued: token.unverified().info().issued(),
            ends: not_after,
        };
        let stop = StopTicket::sign(stop, &self.signer).map_err(TokenError::Chain)?;
        Ok(Minted {
            token,
            stop,
            warnings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{END, START, agent, at, issuer, scope, task};

    fn mint(scope: crate::scope::ScopeBuilder, now: Timestamp) -> Result<Minted, MintError> {
        let issuer = Issuer::new(issuer(), RootKeyId::new(1));
        issuer.mint(&task(), scope.build().unwrap(), &agent(1).public_key(), now)
    }

    fn code(minted: Result<Minted, MintError>) -> &'static str {
        minted.unwrap_err().code()
    }

    fn capability() -> crate::scope::Capability {
        crate::scope::Capability::operation("forum.read", "forum/thread/42").unwrap()
    }

    #[test]
    fn a_token_without_allow_is_not_minted() {
        let nothing = Scope::builder()
            .audience("forum.example".parse().unwrap())
            .not_after(at(END));
        assert_eq!(code(mint(nothing, at(START))), "allow_missing");
    }

    #[test]
    fn a_token_without_an_end_is_not_minted() {
        let endless = Scope::builder()
            .allow(capability())
            .audience("forum.example".parse().unwrap());
        assert_eq!(code(mint(endless, at(START))), "end_missing");
    }

    #[test]
    fn a_token_without_an_audience_is_not_minted() {
        let anywhere = Scope::builder().allow(capability()).not_after(at(END));
        assert_eq!(code(mint(anywhere, at(START))), "audience_missing");
    }

    #[test]
    fn a_token_that_has_ended_is_not_minted() {
        assert_eq!(code(mint(scope(), at(END))), "already_over");
        assert!(mint(scope(), at(END - 1)).is_ok());
    }

    #[test]
    fn a_token_over_a_limit_is_not_minted() {
        let deny = |index: usize| {
            crate::scope::Pattern::any()
                .resource(&format!("{index:0>400}"))
                .unwrap()
        };
        let long = (0..60)
            .map(deny)
            .fold(scope(), crate::scope::ScopeBuilder::deny);
        assert_eq!(code(mint(long, at(START))), "chain_invalid");
    }

    #[test]
    fn a_scope_that_cannot_be_completed_says_so_by_its_code() {
        let error = MintError::from(ScopeError::EmptyAllow);
        assert_eq!(error.code(), "scope_invalid");
    }

    #[test]
    fn a_root_key_mints_for_no_holder_with_the_same_key() {
        let scope = scope().build().unwrap();
        let holder = crate::keys::dangerous::holder_key_from_seed(&[100; 32]).public_key();
        let issuer = Issuer::new(issuer(), RootKeyId::new(1));
        let minted = issuer.mint(&task(), scope, &holder, at(START));
        assert_eq!(code(minted), "chain_invalid");
    }

    #[test]
    fn a_scope_that_says_nothing_of_delegation_gets_a_limit() {
        let depth = |scope| {
            let token = mint(scope, at(START)).unwrap().token;
            token.unverified().scopes()[0].max_depth()
        };
        assert_eq!(depth(scope()), Some(DEFAULT_MAX_DEPTH));
        assert_eq!(depth(scope().max_depth(0)), Some(0));
        assert_eq!(depth(scope().max_depth(9)), Some(9));
    }

    #[test]
    fn the_time_of_issue_is_in_whole_seconds() {
        let now = Timestamp::from_unix_millis(START * 1_000 + 999).unwrap();
        let token = mint(scope(), now).unwrap().token;
        assert_eq!(token.unverified().info().issued(), at(START));
    }
}
