//! Bytes in named pieces, as `docs/` tables and worked examples have them.

use crate::hex;

/// What is put together from pieces, each with its name.
#[derive(Clone, Debug, Default)]
pub struct Layout(Vec<(String, Vec<u8>)>);

impl Layout {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn put(mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push((name.into(), bytes.as_ref().to_vec()));
        self
    }

    /// A length in 4 bytes, and so many bytes.
    pub fn sized(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let length = u32::try_from(bytes.as_ref().len()).unwrap();
        self.put("length", length.to_be_bytes()).put(name, bytes)
    }

    /// A length in 2 bytes, and so many bytes.
    pub fn short(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let length = u16::try_from(bytes.as_ref().len()).unwrap();
        self.put("length", length.to_be_bytes()).put(name, bytes)
    }

    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0
            .iter()
            .flat_map(|(_, bytes)| bytes.iter().copied())
            .collect()
    }

    /// Another piece in the place of the first of this name.
    pub fn with(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let piece = self.0.iter_mut().find(|(one, _)| one == name);
        piece.unwrap_or_else(|| panic!("no `{name}`")).1 = bytes.as_ref().to_vec();
        self
    }

    /// A line each: the bytes, and what they are. Of many, the first and the last.
    pub fn lines(&self) -> String {
        let line = |(name, bytes): &(String, Vec<u8>)| match bytes.len() {
            0..=32 => format!("{:64}  {name}\n", hex::to(bytes)),
            33..=64 => {
                let (one, two) = bytes.split_at(32);
                format!("{}\n{:64}  {name}\n", hex::to(one), hex::to(two))
            }
            count => {
                let ends = [&bytes[..16], &bytes[count - 8..]].map(hex::to).join("…");
                format!("{ends:64}  {name} ({count} bytes)\n")
            }
        };
        self.0.iter().map(line).collect()
    }
}
