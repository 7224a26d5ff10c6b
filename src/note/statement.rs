//! What a service signs.

use std::fmt;

use super::tree::Hash;
use super::{Note, NoteWireError};
use crate::action::{Resource, Service, TaskId};
use crate::clock::Timestamp;
use crate::keys::{HolderPublicKey, IssuerPublicKey, NoteKey, NotePublicKey, Signature};
use crate::scope::Label;
use crate::signed::{Purpose, SignedMessage};
use crate::wire::{Reader, put_short};

/// What a service signed of the values that it gave: to which task and holder, in which field, of which
/// object, and when. Of the values themselves it says how many there are, and the root of their hashes.
///
/// Nothing of it is verified before a [`Verifier`](crate::verify::Verifier) does.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteStatement {
    pub(super) given: Given,
    pub(super) signer: NotePublicKey,
    pub(super) count: u32,
    pub(super) hash: Hash,
    pub(super) signature: Signature,
}

/// To whom values were given, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) service: Service,
    pub(super) root: IssuerPublicKey,
    pub(super) task: TaskId,
    pub(super) holder: HolderPublicKey,
    pub(super) label: Label,
    pub(super) object: Option<Resource>,
    pub(super) issued: Timestamp,
    pub(super) until: Timestamp,
}

impl NoteStatement {
    pub(super) const MAX_BYTES: usize = 32 + (2 + Service::MAX_BYTES)
        + 32 + (2 + TaskId::MAX_BYTES)
        + 32 + (2 + Label::MAX_FIELD_BYTES)
        // A resource is shown with a slash between its segments.
        + (2 + Resource::MAX_BYTES + Resource::MAX_SEGMENTS)
        + 8 + 8 + 4 + 32 + 64;

    pub(super) fn sign(key: &NoteKey, given: Given, count: u32, hash: Hash) -> Self {
        let mut statement = Self {
            given,
            signer: key.public_key(),
            count,
            hash,
            signature: Signature::from_bytes([0; 64]),
        };
        statement.signature = key.sign_message(statement.message().as_bytes());
        statement
    }

    /// Whether its signer signed it.
    pub(crate) fn is_signed(&self) -> bool {
        self.signer
            .verify(self.message().as_bytes(), &self.signature)
            .is_ok()
    }

    fn message(&self) -> SignedMessage {
        SignedMessage::new(Purpose::Note)
            .field(self.signer.as_bytes())
            .field(self.given.service.as_str().as_bytes())
            .field(self.given.root.as_bytes())
            .field(self.given.task.as_str().as_bytes())
            .field(self.given.holder.as_bytes())
            .field(self.given.label.as_str().as_bytes())
            .field(self.object_text().as_bytes())
            .field(&self.given.issued.unix_millis().to_be_bytes())
            .field(&self.given.until.unix_millis().to_be_bytes())
            .field(&self.count.to_be_bytes())
            .field(&self.hash)
    }

    /// Empty if there is none: no resource is.
    fn object_text(&self) -> String {
        let object = self.given.object.as_ref();
        object.map(Resource::to_string).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.signer.as_bytes());
        put_short(out, self.given.service.as_str().as_bytes());
        out.extend_from_slice(self.given.root.as_bytes());
        put_short(out, self.given.task.as_str().as_bytes());
        out.extend_from_slice(self.given.holder.as_bytes());
        put_short(out, self.given.label.as_str().as_bytes());
        put_short(out, self.object_text().as_bytes());
        out.extend_from_slice(&self.given.issued.unix_millis().to_be_bytes());
        out.extend_from_slice(&self.given.until.unix_millis().to_be_bytes());
        out.extend_from_slice(&self.count.to_be_bytes());
        out.extend_from_slice(&self.hash);
        out.extend_from_slice(self.signature.as_bytes());
    }

    /// Reads what [`write`](Self::write) writes, and nothing else.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, NoteWireError> {
        // Verifying a signature shows whether a key is on the curve; the others are only compared.
        let signer = NotePublicKey::without_curve_check(reader.array()?)?;
        let service = name(reader, "service", |text| Service::parse(text).ok())?;
        let root = IssuerPublicKey::without_curve_check(reader.array()?)?;
        let task = name(reader, "task", |text| TaskId::parse(text).ok())?;
        let holder = HolderPublicKey::without_curve_check(reader.array()?)?;
        let label = name(reader, "label", |text| {
            Label::new(text)
                .ok()
                .filter(|label| label.object().is_none())
        })?;
        let object = name(reader, "object", |text| match text {
            "" => Some(None),
            text => Resource::parse(text).ok().map(Some),
        })?;
        let issued = reader.time(NoteWireError::Time)?;
        let until = reader.time(NoteWireError::Time)?;
        let lasts = until.saturating_since(issued);
        if lasts.is_zero() || lasts > Note::LONGEST {
            return Err(NoteWireError::Lifetime);
        }
        let count = u32::from_be_bytes(reader.array()?);
        let found = usize::try_from(count).unwrap_or(usize::MAX);
        if found == 0 || found > Note::MAX_VALUES {
            return Err(NoteWireError::Values { found });
        }
        Ok(Self {
            given: Given {
                service,
                root,
                task,
                holder,
                label,
                object,
                issued,
                until,
            },
            signer,
            count,
            hash: reader.array()?,
            signature: Signature::from_bytes(reader.array()?),
        })
    }

    /// The key that signed it, if its signature holds.
    pub fn signer(&self) -> &NotePublicKey {
        &self.signer
    }

    /// The service that gave the values, by the word of its signer.
    pub fn service(&self) -> &Service {
        &self.given.service
    }

    /// The root key of the task.
    pub fn root(&self) -> &IssuerPublicKey {
        &self.given.root
    }

    /// The task.
    pub fn task(&self) -> &TaskId {
        &self.given.task
    }

    /// The holder that the values were given to.
    pub fn holder(&self) -> &HolderPublicKey {
        &self.given.holder
    }

    /// The field in which they were given.
    pub fn label(&self) -> &Label {
        &self.given.label
    }

    /// The object that they came from.
    pub fn object(&self) -> Option<&Resource> {
        self.given.object.as_ref()
    }

    /// The labels under which its values are noted: of the field, and of the field of its object.
    pub(crate) fn labels(&self) -> impl Iterator<Item = Label> {
        let of_object = self.object().map(|object| self.label().of(object));
        std::iter::once(self.label().clone()).chain(of_object)
    }

    /// When it was made, by its maker's clock.
    pub fn issued(&self) -> Timestamp {
        self.given.issued
    }

    /// From when on it counts no more.
    pub fn until(&self) -> Timestamp {
        self.given.until
    }

    /// How many values there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn signature(&self) -> &Signature {
        &self.signature
    }
}

/// Leaves the hash and the signature out.
impl fmt::Debug for NoteStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteStatement")
            .field("given", &self.given)
            .field("signer", &self.signer)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

fn name<T>(
    reader: &mut Reader<'_>,
    what: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, NoteWireError> {
    let text = std::str::from_utf8(reader.short()?).ok();
    text.and_then(parse).ok_or(NoteWireError::Name(what))
}
