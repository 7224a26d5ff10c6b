//! Reads protobuf messages, leniently: what is spelled in another way than ours shows when the block is encoded again.

/// The fields of a protobuf message, in the order in which they stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(&'a [u8]);

/// One field of a message. The wire types that Biscuit does not use are malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    Number(u64, u64),
    Bytes(u64, &'a [u8]),
}

/// Bytes that are no message of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl<'a> Fields<'a> {
    pub(crate) fn new(message: &'a [u8]) -> Self {
        Fields(message)
    }

    /// What is not read yet.
    #[cfg(test)]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    #[inline]
    fn field(&mut self) -> Option<Field<'a>> {
        let key = self.number()?;
        match key & 7 {
            0 => Some(Field::Number(key >> 3, self.number()?)),
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Some(Field::Bytes(key >> 3, bytes))
            }
            _ => None,
        }
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        if let [byte @ ..0x80, rest @ ..] = self.0 {
            self.0 = rest;
            return Some(u64::from(*byte));
        }
        let mut number = 0;
        for (position, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * position);
            if *byte < 0x80 {
                self.0 = self.0.get(position + 1..)?;
                return Some(number);
            }
        }
        None
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or(Malformed))
    }
}
