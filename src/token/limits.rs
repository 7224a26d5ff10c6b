//! How much of a token is looked at.

/// What a token may weigh. Checked before anything else is done with it.
///
/// ```
/// use bailiwick::token::Limits;
///
/// let limits = Limits::default().with_max_blocks(4);
/// assert_eq!(limits.max_blocks(), 4);
/// assert_eq!(limits.max_bytes(), 16 * 1024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    max_bytes: usize,
    max_blocks: usize,
}

impl Limits {
    /// The longest token, in bytes of its binary form. 16 KiB by default.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// The most blocks, the first one included. 16 by default.
    #[must_use]
    pub fn max_blocks(&self) -> usize {
        self.max_blocks
    }

    /// Allows tokens of up to so many bytes.
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Allows up to so many blocks, the first one included.
    #[must_use]
    pub fn with_max_blocks(mut self, blocks: usize) -> Self {
        self.max_blocks = blocks;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 16 * 1024,
            max_blocks: 16,
        }
    }
}
