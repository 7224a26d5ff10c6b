//! A token at rest.

use std::fmt;

use super::block::{BlockContent, BlockError, Delegation, Grant, decode, encode};
use super::datalog::SymbolTable;
use super::{
    Block, Chain, ChainError, ContainerError, Limits, SealedToken, TextError, TextKind, text,
};
use crate::action::AgentName;
use crate::action::Task;
use crate::clock::Timestamp;
use crate::keys::{HolderKey, HolderPublicKey, IssuerPublicKey, RootKeyId, Signature, Signer};
use crate::scope::Scope;

/// A token at rest: a chain of signed blocks, each read by the strict grammar of format 1.
///
/// Public and harmless: no service accepts it without a proof by the key that its last block names.
/// **None of its signatures is verified**; what its blocks say is only known to be said.
#[derive(Clone)]
pub struct Token {
    chain: Chain,
    contents: Contents,
}

/// Why something is not a token of format 1, or cannot become one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The container is.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// A block says what format 1 does not.
    #[error("block {block}: {source}")]
    Block {
        /// The block.
        block: usize,
        /// What is wrong with it.
        source: BlockError,
    },
    /// A first block stands later, or a later one first.
    #[error("block {block} is of the wrong kind for its place")]
    Misplaced {
        /// The block.
        block: usize,
    },
    /// A signature does not hold, or cannot be made.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl TokenError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Container(_) => "token_malformed",
            Self::Block { .. } | Self::Misplaced { .. } => "block_malformed",
            Self::Chain(_) => "chain_invalid",
        }
    }
}

impl Token {
    /// Reads the text form, `bwt1_…`.
    ///
    /// # Errors
    ///
    /// [`TokenError`] says what is wrong, and with which block.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, TokenError> {
        let bytes = text::decode(TextKind::Token, text, limits.max_bytes())?;
        Self::from_bytes(&bytes, limits)
    }

    /// The text form, `bwt1_…`.
    pub fn to_text(&self) -> String {
        text::encode(TextKind::Token, self.chain.as_bytes())
    }

    /// The bytes: a Biscuit whose proof is empty.
    pub fn as_bytes(&self) -> &[u8] {
        self.chain.as_bytes()
    }

    /// Reads the bytes.
    ///
    /// # Errors
    ///
    /// As [`Token::parse`].
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, TokenError> {
        let chain = Chain::decode(bytes, limits)?;
        let mut symbols = SymbolTable::new();
        let mut contents = Vec::with_capacity(chain.block_count());
        for (block, Block { content, .. }) in chain.blocks().enumerate() {
            let content = decode(content, block, &mut symbols);
            contents.push(content.map_err(|source| TokenError::Block { block, source })?);
        }
        let contents = Contents::new(contents)?;
        Ok(Self { chain, contents })
    }

    /// The id of the root key that signed it, says whoever sent it: a hint.
    pub fn root_key_id(&self) -> RootKeyId {
        self.chain.root_key_id()
    }

    /// The key that the last block names: only its holder can present the token.
    pub fn holder(&self) -> HolderPublicKey {
        self.chain.last().next_key
    }

    /// How many blocks it has.
    pub fn block_count(&self) -> usize {
        self.chain.block_count()
    }

    /// What the blocks say, **without any proof that it is so**: for holders, who look at their own
    /// token, and for tools that show one.
    pub fn unverified(&self) -> &Contents {
        &self.contents
    }

    /// The bytes of each block, the first one first: the part of a token that is Datalog.
    pub fn block_bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.chain.blocks().map(|block| block.content)
    }

    /// The Datalog text of each block, the first one first: a stock Biscuit builder makes the same
    /// block of it.
    ///
    /// For documentation and debugging. A reviewer reads [`unverified`](Self::unverified) scopes,
    /// and nothing reads this text back.
    pub fn to_datalog(&self) -> Vec<String> {
        let mut symbols = SymbolTable::new();
        let blocks = self.block_bytes().enumerate();
        // The blocks were read when the token was made, so each is read again.
        blocks
            .filter_map(|(index, bytes)| {
                let content = decode(bytes, index, &mut symbols).ok()?;
                Some(super::block::datalog(&content, index))
            })
            .collect()
    }

    pub(crate) fn mint(
        signer: &impl Signer,
        root_key_id: RootKeyId,
        info: TaskInfo,
        scope: Scope,
        holder: &HolderPublicKey,
        limits: &Limits,
    ) -> Result<Self, TokenError> {
        let content = info.into_block(scope);
        let bytes = encode(&content, 0, &mut SymbolTable::new());
        let chain = Chain::mint(signer, root_key_id, holder, &bytes, limits)?;
        Self::from_bytes(chain.as_bytes(), limits)
    }

    pub(crate) fn append(
        &self,
        key: &HolderKey,
        to: &HolderPublicKey,
        delegate: AgentName,
        scope: Scope,
        limits: &Limits,
    ) -> Result<Self, TokenError> {
        let mut symbols = SymbolTable::new();
        for (block, Block { content, .. }) in self.chain.blocks().enumerate() {
            decode(content, block, &mut symbols)
                .map_err(|source| TokenError::Block { block, source })?;
        }
        let content = BlockContent::Later(Box::new(Delegation { delegate, scope }));
        let bytes = encode(&content, self.block_count(), &mut symbols);
        let chain = self.chain.append(key, to, &bytes, limits)?;
        Self::from_bytes(chain.as_bytes(), limits)
    }

    pub(crate) fn seal(&self, key: &HolderKey) -> Result<SealedToken, ChainError> {
        self.chain.seal(key)
    }

    pub(crate) fn verify_chain(&self, root: &IssuerPublicKey) -> Result<(), ChainError> {
        self.chain.verify(root)
    }

    #[cfg(feature = "oracle")]
    pub(crate) fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The key that each block names, the first block's first. Nothing proves them here.
    pub fn holders(&self) -> impl Iterator<Item = HolderPublicKey> {
        self.chain.blocks().map(|block| block.next_key)
    }

    /// The signature of each block, the first one first: its revocation id. None is verified here.
    pub fn signatures(&self) -> impl Iterator<Item = Signature> {
        self.chain.blocks().map(|block| block.signature)
    }

    pub(crate) fn last_signature(&self) -> Signature {
        self.chain.last().signature
    }

    pub(crate) fn first_block_len(&self) -> usize {
        self.chain.first().content.len()
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.chain == other.chain
    }
}

impl Eq for Token {}

/// Names whose token it is, and leaves out its bytes.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("chain", &self.chain)
            .finish_non_exhaustive()
    }
}

/// What the blocks of a token say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    info: TaskInfo,
    delegates: Vec<AgentName>,
    scopes: Vec<Scope>,
}

/// The task that a token was minted for, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskInfo {
    task: Task,
    issued: Timestamp,
}

impl TaskInfo {
    pub(crate) fn new(task: Task, issued: Timestamp) -> Self {
        let issued = Timestamp::from_unix_seconds(issued.unix_seconds()).unwrap_or(issued);
        Self { task, issued }
    }

    /// The task.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// When the token was issued, in whole seconds.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    fn into_block(self, scope: Scope) -> BlockContent {
        let Self { task, issued } = self;
        let (task, purpose, principal, agent) = task.into_parts();
        BlockContent::First(Box::new(Grant {
            issued,
            task,
            purpose,
            principal,
            agent,
            scope,
        }))
    }
}

impl Contents {
    fn new(blocks: Vec<BlockContent>) -> Result<Self, TokenError> {
        let mut blocks = blocks.into_iter();
        let Some(BlockContent::First(grant)) = blocks.next() else {
            return Err(TokenError::Misplaced { block: 0 });
        };
        let Grant {
            issued,
            task,
            purpose,
            principal,
            agent,
            scope,
        } = *grant;
        let task = Task::from_parts(task, purpose, principal, agent);
        let mut contents = Self {
            info: TaskInfo::new(task, issued),
            delegates: Vec::new(),
            scopes: vec![scope],
        };
        for (index, block) in (1..).zip(blocks) {
            let BlockContent::Later(delegation) = block else {
                return Err(TokenError::Misplaced { block: index });
            };
            contents.delegates.push(delegation.delegate);
            contents.scopes.push(delegation.scope);
        }
        Ok(contents)
    }

    /// When the token ends, at the latest: the first end that one of its blocks states.
    pub fn not_after(&self) -> Timestamp {
        let ends = self.scopes.iter().map(|scope| scope.window().not_after());
        ends.flatten().min().unwrap_or(Timestamp::MAX)
    }

    /// The task, and when the token was issued.
    pub fn info(&self) -> &TaskInfo {
        &self.info
    }

    /// The agents that it was delegated to after the first, each by the word of its delegator.
    pub fn delegates(&self) -> &[AgentName] {
        &self.delegates
    }

    /// What each block says, the first one first.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }
}
