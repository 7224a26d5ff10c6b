//! Protobuf with one spelling: fields in ascending order, each once, numbers in their shortest
//! form.

use std::fmt;

use super::ContainerError;

/// A message of the outer container, for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message {
    /// The whole token.
    Token,
    /// The signed block with this index.
    SignedBlock(usize),
    /// The key that the block with this index names.
    NextKey(usize),
    /// The proof at the end.
    Proof,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token => f.write_str("outer message"),
            Self::SignedBlock(block) => write!(f, "signed block {block}"),
            Self::NextKey(block) => write!(f, "next key of block {block}"),
            Self::Proof => f.write_str("proof"),
        }
    }
}

/// How the value of a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Varint,
    Bytes,
}

impl Wire {
    fn code(self) -> u8 {
        match self {
            Self::Varint => 0,
            Self::Bytes => 2,
        }
    }
}

/// A field's number and wire type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) field: u64,
    pub(super) wire_type: u8,
}

/// Reads the fields of one message in their order.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    message: Message,
    /// Field `n` of the profile at index `n - 1`.
    schema: &'static [Wire],
    rest: &'a [u8],
    /// Where this message ends in the whole token.
    end: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(message: Message, schema: &'static [Wire], bytes: &'a [u8]) -> Self {
        Self {
            message,
            schema,
            rest: bytes,
            end: bytes.len(),
        }
    }

    /// Reads the next field, which must be this message.
    pub(super) fn nested(
        &mut self,
        field: u64,
        message: Message,
        schema: &'static [Wire],
    ) -> Result<Self, ContainerError> {
        let bytes = self.bytes(field)?;
        Ok(Self {
            message,
            schema,
            rest: bytes,
            end: self.position(),
        })
    }

    /// Where the next field begins in the whole token.
    pub(super) fn position(&self) -> usize {
        self.end - self.rest.len()
    }

    /// Whether the next field is this one. Takes nothing.
    pub(super) fn next_is(&self, field: u64) -> bool {
        self.clone().tag().is_ok_and(|tag| tag.field == field)
    }

    /// The next field, which must be this number.
    pub(super) fn number(&mut self, field: u64) -> Result<u64, ContainerError> {
        self.expect(field)?;
        self.varint()
    }

    /// The next field, which must be these bytes.
    pub(super) fn bytes(&mut self, field: u64) -> Result<&'a [u8], ContainerError> {
        self.expect(field)?;
        let length = self.varint()?;
        let (taken, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length))
            .ok_or(ContainerError::Truncated {
                message: self.message,
            })?;
        self.rest = rest;
        Ok(taken)
    }

    /// Nothing may be left.
    pub(super) fn finish(mut self) -> Result<(), ContainerError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        let message = self.message;
        let tag = self
            .tag()
            .map_err(|_| ContainerError::TrailingBytes { message })?;
        self.check(tag)?;
        // Every field of the profile is required, so one that comes now has been there.
        Err(ContainerError::DuplicateField {
            message,
            field: tag.field,
        })
    }

    fn expect(&mut self, field: u64) -> Result<(), ContainerError> {
        let message = self.message;
        if self.rest.is_empty() {
            return Err(ContainerError::MissingField { message, field });
        }
        let tag = self.tag()?;
        self.check(tag)?;
        match tag.field.cmp(&field) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Less => Err(ContainerError::DuplicateField {
                message,
                field: tag.field,
            }),
            std::cmp::Ordering::Greater => Err(ContainerError::MissingField { message, field }),
        }
    }

    /// Refuses a tag that the profile does not have.
    fn check(&self, tag: Tag) -> Result<(), ContainerError> {
        let message = self.message;
        let wire = tag
            .field
            .checked_sub(1)
            .and_then(|at| self.schema.get(usize::try_from(at).ok()?));
        match wire {
            None => Err(ContainerError::UnknownField {
                message,
                field: tag.field,
            }),
            Some(wire) if wire.code() != tag.wire_type => Err(ContainerError::WrongWireType {
                message,
                field: tag.field,
                wire_type: tag.wire_type,
            }),
            Some(_) => Ok(()),
        }
    }

    fn tag(&mut self) -> Result<Tag, ContainerError> {
        let tag = self.varint()?;
        Ok(Tag {
            field: tag >> 3,
            wire_type: (tag & 7) as u8,
        })
    }

    fn varint(&mut self) -> Result<u64, ContainerError> {
        let message = self.message;
        let mut value = 0_u64;
        for at in 0..10 {
            let Some((&byte, rest)) = self.rest.split_first() else {
                return Err(ContainerError::Truncated { message });
            };
            self.rest = rest;
            // The tenth byte has room for one bit.
            if at == 9 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                // A last byte of zero adds nothing: the number has a shorter form.
                if byte == 0 && at > 0 {
                    break;
                }
                return Ok(value);
            }
        }
        Err(ContainerError::NonCanonicalVarint { message })
    }
}

/// Writes a field that is a number.
pub(super) fn put_number(out: &mut Vec<u8>, field: u64, number: u64) {
    put_varint(out, field << 3);
    put_varint(out, number);
}

/// Writes a field that is bytes.
pub(super) fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_bytes_header(out, field, bytes.len());
    out.extend_from_slice(bytes);
}

/// Writes what comes before the bytes of a field.
pub(super) fn put_bytes_header(out: &mut Vec<u8>, field: u64, length: usize) {
    put_varint(out, field << 3 | u64::from(Wire::Bytes.code()));
    put_varint(out, length as u64);
}

/// How many bytes a field of so many bytes takes, its number being below 16.
pub(super) fn bytes_field_len(length: usize) -> usize {
    1 + varint_len(length as u64) + length
}

fn varint_len(number: u64) -> usize {
    let bits = 64 - (number | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCHEMA: &[Wire] = &[Wire::Varint, Wire::Bytes];

    fn read_number(bytes: &[u8]) -> Result<u64, ContainerError> {
        let mut reader = Reader::new(Message::Token, SCHEMA, bytes);
        let number = reader.number(1)?;
        reader.finish()?;
        Ok(number)
    }

    proptest! {
        #[test]
        fn a_number_has_one_spelling(number: u64, padding in 1..4_usize) {
            let mut bytes = Vec::new();
            put_number(&mut bytes, 1, number);
            prop_assert_eq!(bytes.len(), 1 + varint_len(number));
            prop_assert_eq!(read_number(&bytes), Ok(number));

            *bytes.last_mut().unwrap() |= 0x80;
            bytes.extend(std::iter::repeat_n(0x80, padding - 1));
            bytes.push(0);
            prop_assert_eq!(read_number(&bytes), Err(ContainerError::NonCanonicalVarint { message: Message::Token }));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let mut reader = Reader::new(Message::Token, SCHEMA, &bytes);
            let _ = reader.next_is(2);
            let _ = reader.number(1);
            let _ = reader.bytes(2);
            let _ = reader.finish();
        }
    }

    #[test]
    fn a_number_over_64_bits_is_refused() {
        let mut bytes = vec![0x08];
        bytes.extend([0xff; 9]);
        bytes.push(0x01);
        assert_eq!(read_number(&bytes), Ok(u64::MAX));
        bytes[10] = 0x02;
        assert_eq!(
            read_number(&bytes),
            Err(ContainerError::NonCanonicalVarint {
                message: Message::Token
            })
        );
        bytes[10] = 0x81;
        bytes.push(0x01);
        assert_eq!(
            read_number(&bytes),
            Err(ContainerError::NonCanonicalVarint {
                message: Message::Token
            })
        );
    }

    #[test]
    fn a_length_beyond_the_end_is_a_truncation() {
        let mut reader = Reader::new(Message::Proof, SCHEMA, &[0x08, 0x00, 0x12, 0x03, 1, 2]);
        assert_eq!(reader.number(1), Ok(0));
        assert_eq!(
            reader.bytes(2),
            Err(ContainerError::Truncated {
                message: Message::Proof
            })
        );
    }

    #[test]
    fn a_written_length_is_the_foreseen_one() {
        for length in [0, 1, 127, 128, 16_383, 16_384] {
            let mut out = Vec::new();
            put_bytes(&mut out, 2, &vec![0; length]);
            assert_eq!(out.len(), bytes_field_len(length));
        }
    }
}
