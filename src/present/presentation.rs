//! A token with a proof for one call.

use std::fmt;

use super::{Proof, WireError};
use crate::approve::Approval;
use crate::note::{NotesError, OpenedNote, PresentedNotes};
use crate::token::{Limits, TextError, TextKind, Token, text};
use crate::wire::{Reader, put_bytes, put_count};

/// A token with a proof of possession for one call, and the approvals and notes that go with it.
///
/// Nothing of it is verified. Its bytes are no secret, but whoever sees them before the service
/// does can present them first.
#[derive(Clone, PartialEq, Eq)]
pub struct Presentation {
    token: Vec<u8>,
    proof: Proof,
    approvals: Vec<Approval>,
    notes: PresentedNotes,
}

/// More approvals than a presentation may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{found} approvals are more than the {} that a presentation may carry",
    Presentation::MAX_APPROVALS
)]
pub struct TooManyApprovals {
    /// How many there were.
    pub found: usize,
}

/// Why a text is not a presentation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentationError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The bytes in it are.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl PresentationError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text(_) => "presentation_malformed",
            Self::Wire(error) => error.code(),
        }
    }
}

impl Presentation {
    /// The most approvals that it carries.
    pub const MAX_APPROVALS: usize = 32;

    pub(crate) fn new(token: &Token, proof: Proof) -> Self {
        Self {
            token: token.as_bytes().to_vec(),
            proof,
            approvals: Vec::new(),
            notes: PresentedNotes::default(),
        }
    }

    /// The same presentation with these approvals, in the place of any that it had.
    ///
    /// The proof does not cover them: each has a signature of its own.
    ///
    /// # Errors
    ///
    /// [`TooManyApprovals`] if they are more than [`MAX_APPROVALS`](Self::MAX_APPROVALS).
    pub fn with_approvals(
        mut self,
        approvals: impl IntoIterator<Item = Approval>,
    ) -> Result<Self, TooManyApprovals> {
        self.approvals = approvals.into_iter().collect();
        match self.approvals.len() {
            found if found > Self::MAX_APPROVALS => Err(TooManyApprovals { found }),
            _ => Ok(self),
        }
    }

    /// The same presentation with these notes, in the place of any that it had. A
    /// [`Presenter`](super::Presenter) with a [`NoteBook`](crate::note::NoteBook) does it by itself.
    ///
    /// The proof does not cover them: each has a signature of its own.
    ///
    /// # Errors
    ///
    /// [`NotesError`] if they are more, or more bytes, than a presentation carries.
    pub fn with_notes(
        mut self,
        notes: impl IntoIterator<Item = OpenedNote>,
    ) -> Result<Self, NotesError> {
        self.notes = PresentedNotes::new(notes)?;
        Ok(self)
    }

    /// As [`with_notes`](Self::with_notes), with as many as there is room for.
    pub(crate) fn with_fitting_notes(mut self, notes: Vec<OpenedNote>) -> Self {
        self.notes = PresentedNotes::fitting(notes);
        self
    }

    /// Reads the text form, `bwp1_…`.
    ///
    /// # Errors
    ///
    /// [`PresentationError`] says whether the text is truncated, damaged, or something else.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, PresentationError> {
        let bytes = text::decode(TextKind::Presentation, text, longest(limits))?;
        Ok(Self::read_within(&bytes, limits)?)
    }

    /// The text form, `bwp1_…`.
    pub fn to_text(&self) -> String {
        text::encode(TextKind::Presentation, &self.to_bytes())
    }

    /// The same in two texts: the token's own, `bwt1_…`, and all else as `bwp1_…` without a token. For
    /// transports with a place for each, such as two headers of a request.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, present::*, scope::*, token::Limits};
    /// # let (now, agent) = (Timestamp::from_unix_seconds(1_800_000_000)?, HolderKey::generate()?);
    /// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
    /// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
    /// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
    /// # let token = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
    /// # let call = Call::tool("read_thread".parse()?, Tree::empty());
    /// let presentation = Holder::new(token, agent)?.present(&"forum.example".parse()?, &call, now)?;
    /// let (token, rest) = presentation.to_texts();
    /// let limits = Limits::default();
    /// assert_eq!(Presentation::parse_apart(&token, &rest, &limits)?, presentation);
    /// // There is one token.
    /// assert!(Presentation::parse_apart(&token, &presentation.to_text(), &limits).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_texts(&self) -> (String, String) {
        let token = text::encode(TextKind::Token, &self.token);
        let rest = text::encode(TextKind::Presentation, &self.beside(&[]));
        (token, rest)
    }

    /// Reads the two texts of [`to_texts`](Self::to_texts).
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse); and [`WireError::SecondToken`] if the second text has a token too.
    pub fn parse_apart(
        token: &str,
        rest: &str,
        limits: &Limits,
    ) -> Result<Self, PresentationError> {
        let token = text::decode(TextKind::Token, token, limits.max_bytes())?;
        let rest = text::decode(TextKind::Presentation, rest, OVERHEAD)?;
        match Self::read(&rest)? {
            rest if rest.token.is_empty() => Ok(Self { token, ..rest }),
            _ => Err(WireError::SecondToken.into()),
        }
    }

    /// The binary form, for transports that carry bytes: the text form without its checksum.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, present::*, scope::*, token::Limits};
    /// # let (now, agent) = (Timestamp::from_unix_seconds(1_800_000_000)?, HolderKey::generate()?);
    /// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
    /// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
    /// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
    /// # let token = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
    /// # let call = Call::tool("read_thread".parse()?, Tree::empty());
    /// let presentation = Holder::new(token, agent)?.present(&"forum.example".parse()?, &call, now)?;
    /// let bytes = presentation.to_bytes();
    /// let limits = Limits::default();
    /// assert_eq!(Presentation::from_bytes(&bytes, &limits)?, presentation);
    /// assert!(Presentation::from_bytes(&bytes[1..], &limits).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        self.beside(&self.token)
    }

    /// All but the token, which is this.
    fn beside(&self, token: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(token.len() + OVERHEAD_ALONE);
        put_bytes(&mut bytes, token);
        let mut proof = Vec::with_capacity(Proof::LENGTH);
        self.proof.write(&mut proof);
        put_bytes(&mut bytes, &proof);
        put_count(&mut bytes, self.approvals.len());
        for approval in &self.approvals {
            put_bytes(&mut bytes, &approval.to_bytes());
        }
        self.notes.write(&mut bytes);
        bytes
    }

    /// Reads the binary form.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the bytes are more than the limits allow, or anything else than one
    /// presentation.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, WireError> {
        match bytes.len().checked_sub(longest(limits)) {
            None | Some(0) => Self::read_within(bytes, limits),
            Some(more) => Err(WireError::TooLong(more)),
        }
    }

    /// A token does not take the room of approvals or notes.
    fn read_within(bytes: &[u8], limits: &Limits) -> Result<Self, WireError> {
        let presentation = Self::read(bytes)?;
        match presentation.token.len().checked_sub(limits.max_bytes()) {
            None | Some(0) => Ok(presentation),
            Some(more) => Err(WireError::TooLong(more)),
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let token = reader.bytes()?;
        let proof = Proof::read(reader.bytes()?)?;
        let approvals = read_approvals(&mut reader)?;
        let notes = PresentedNotes::read::<WireError>(&mut reader)?;
        reader.finish()?;
        Ok(Self {
            token: token.to_vec(),
            proof,
            approvals,
            notes,
        })
    }

    /// The token's bytes, of which nothing is read or verified yet.
    pub fn token(&self) -> &[u8] {
        &self.token
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The approvals, of which nothing is verified.
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// The notes, of which nothing is verified.
    pub fn notes(&self) -> &[OpenedNote] {
        self.notes.as_slice()
    }
}

/// A malformed approval is an error, and never no approval.
fn read_approvals(reader: &mut Reader<'_>) -> Result<Vec<Approval>, WireError> {
    let found = reader.count()?;
    if found > Presentation::MAX_APPROVALS {
        return Err(WireError::TooManyApprovals { found });
    }
    let mut approvals = Vec::with_capacity(found);
    for index in 0..found {
        let approval = Approval::from_bytes(reader.bytes()?);
        approvals.push(approval.map_err(|source| WireError::Approval { index, source })?);
    }
    Ok(approvals)
}

/// Beside the token: four lengths or counts, and the proof.
const OVERHEAD_ALONE: usize = 4 + 4 + Proof::LENGTH + 2 + 2;
const OVERHEAD: usize = OVERHEAD_ALONE - 2
    + Presentation::MAX_APPROVALS * (4 + Approval::MAX_BYTES)
    + PresentedNotes::MAX_WIRE_BYTES;

fn longest(limits: &Limits) -> usize {
    limits.max_bytes().saturating_add(OVERHEAD)
}

/// Leaves the token and the signature out: a log is no place for what can be presented.
impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presentation")
            .field("token_bytes", &self.token.len())
            .field("issued", &self.proof.issued())
            .field("approvals", &self.approvals.len())
            .field("notes", &self.notes().len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ActionDigest;
    use crate::testing::{approval, call, forum, holder, now, scope};

    fn bytes() -> Vec<u8> {
        let presentation = holder(scope()).present(&forum(), &call(), now()).unwrap();
        let most = Limits::default().max_bytes() + OVERHEAD;
        text::decode(TextKind::Presentation, &presentation.to_text(), most).unwrap()
    }

    /// Where the length of the proof begins.
    fn proof(bytes: &[u8]) -> usize {
        bytes.len() - 2 - 2 - Proof::LENGTH - 4
    }

    fn refused(change: impl FnOnce(&mut Vec<u8>)) -> WireError {
        let mut bytes = bytes();
        change(&mut bytes);
        Presentation::read(&bytes).unwrap_err()
    }

    #[test]
    fn what_is_read_is_written_again() {
        let bytes = bytes();
        let presentation = Presentation::read(&bytes).unwrap();
        let text = text::encode(TextKind::Presentation, &bytes);
        assert_eq!(presentation.to_text(), text);
        assert_eq!(
            Presentation::parse(&text, &Limits::default()),
            Ok(presentation)
        );
    }

    #[test]
    fn in_two_texts_there_is_one_token() {
        let presentation = approved(1).unwrap();
        let (token, rest) = presentation.to_texts();
        let read =
            |token: &str, rest: &str| Presentation::parse_apart(token, rest, &Limits::default());
        assert_eq!(read(&token, &rest), Ok(presentation.clone()));
        let whole = presentation.to_text();
        let second = PresentationError::Wire(WireError::SecondToken);
        assert_eq!(read(&token, &whole), Err(second));
        assert!(matches!(
            read(&whole, &rest),
            Err(PresentationError::Text(TextError::WrongKind { .. }))
        ));
        assert!(matches!(
            read(&rest, &token),
            Err(PresentationError::Text(_))
        ));
        // Alone, the second text is a presentation of a token without bytes, which is no token.
        let alone = Presentation::parse(&rest, &Limits::default()).unwrap();
        assert!(alone.token().is_empty());
    }

    #[test]
    fn a_presentation_cut_anywhere_is_too_short() {
        let bytes = bytes();
        for end in 0..bytes.len() {
            assert_eq!(
                Presentation::read(&bytes[..end]),
                Err(WireError::TooShort),
                "{end}"
            );
        }
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        assert_eq!(refused(|bytes| bytes.push(0)), WireError::TooLong(1));
        // Also after the end of the proof, within its own length.
        let longer = |bytes: &mut Vec<u8>| {
            let at = proof(bytes);
            bytes[at + 3] += 1;
            bytes.insert(at + 4 + Proof::LENGTH, 0);
        };
        assert_eq!(refused(longer), WireError::TooLong(1));
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        assert_eq!(refused(|bytes| bytes[..4].fill(0xff)), WireError::TooShort);
    }

    #[test]
    fn a_proof_of_an_unknown_kind_is_refused() {
        for kind in [0, 2, 255] {
            let change = |bytes: &mut Vec<u8>| {
                let at = proof(bytes) + 4;
                bytes[at] = kind;
            };
            assert_eq!(refused(change), WireError::UnknownProofKind);
        }
    }

    #[test]
    fn a_proof_from_after_the_last_moment_is_refused() {
        let change = |bytes: &mut Vec<u8>| {
            let at = proof(bytes) + 5;
            bytes[at..at + 8].fill(0xff);
        };
        assert_eq!(refused(change), WireError::ProofTime);
    }

    #[test]
    fn notes_that_are_announced_and_do_not_come_are_refused() {
        let announced = |count: [u8; 2]| {
            refused(|bytes| {
                let at = bytes.len() - 2;
                bytes[at..].copy_from_slice(&count);
            })
        };
        assert_eq!(announced([0, 1]), WireError::TooShort);
        let error = announced([1, 0]);
        assert_eq!(error, NotesError::TooMany { found: 256 }.into());
        assert_eq!(error.code(), "notes_too_many");
    }

    /// A presentation with so many approvals.
    fn approved(count: usize) -> Result<Presentation, TooManyApprovals> {
        let holder = holder(scope());
        let approvals = (0..count).map(|_| {
            let digests = (0..=255).take(Approval::MAX_DIGESTS);
            let digests = digests.map(|byte| ActionDigest::from_bytes([byte; 32]));
            approval(1, &holder, digests.collect())
        });
        let presentation = holder.present(&forum(), &call(), now()).unwrap();
        presentation.with_approvals(approvals)
    }

    #[test]
    fn approvals_travel_along() {
        let presentation = approved(32).unwrap();
        assert_eq!(presentation.approvals().len(), 32);
        let text = presentation.to_text();
        let read = Presentation::parse(&text, &Limits::default()).unwrap();
        assert_eq!(read, presentation);
        assert_eq!(read.to_text(), text);
    }

    #[test]
    fn the_longest_presentation_is_as_long_as_the_limit() {
        let mut presentation = approved(32).unwrap();
        presentation.token = vec![0; Limits::default().max_bytes()];
        let notes = PresentedNotes::MAX_WIRE_BYTES - 2;
        let longest = longest(&Limits::default());
        assert_eq!(presentation.to_bytes().len() + notes, longest);
    }

    #[test]
    fn more_approvals_than_a_presentation_carries_are_refused() {
        assert_eq!(approved(33), Err(TooManyApprovals { found: 33 }));
        let counted = |bytes: &mut Vec<u8>| {
            let at = bytes.len() - 3;
            bytes[at] = 33;
        };
        let error = refused(counted);
        assert_eq!(error, WireError::TooManyApprovals { found: 33 });
        assert_eq!(error.code(), "approval_malformed");
    }

    #[test]
    fn a_malformed_approval_is_an_error_and_never_none() {
        let bytes = approved(2).unwrap().to_bytes();
        // The second approval ends before the count of notes.
        let second = bytes.len() - 2 - Approval::MAX_BYTES;
        let mut of_another_kind = bytes.clone();
        of_another_kind[second] = 9;
        let mut longer = bytes.clone();
        longer[second - 1] += 1;
        longer.insert(bytes.len() - 2, 0);
        for bytes in [of_another_kind, longer] {
            let error = Presentation::read(&bytes).unwrap_err();
            assert!(
                matches!(error, WireError::Approval { index: 1, .. }),
                "{error:?}"
            );
            assert_eq!(error.code(), "approval_malformed");
        }
    }

    #[test]
    fn a_presentation_with_approvals_cut_anywhere_is_too_short() {
        let bytes = approved(1).unwrap().to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(
                Presentation::read(&bytes[..end]),
                Err(WireError::TooShort),
                "{end}"
            );
        }
    }

    #[test]
    fn a_text_longer_than_any_presentation_is_refused_first() {
        let long = "*".repeat(1 << 20);
        let error = Presentation::parse(&long, &Limits::default()).unwrap_err();
        assert!(matches!(
            error,
            PresentationError::Text(TextError::TooLong { .. })
        ));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = Presentation::read(&bytes);
        }
    }
}
