//! Choices, from a seed or from a list that proptest shrinks.

/// A source of choices. When a list runs out, every choice is the first: so shorter lists make simpler cases.
pub struct Dice<'a> {
    rolls: Rolls<'a>,
}

enum Rolls<'a> {
    Seed(u64),
    List(std::slice::Iter<'a, u16>),
}

impl<'a> Dice<'a> {
    /// Endless choices, the same ones for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Dice {
            rolls: Rolls::Seed(seed),
        }
    }

    /// The choices of a list, then always the first.
    pub fn list(rolls: &'a [u16]) -> Self {
        Dice {
            rolls: Rolls::List(rolls.iter()),
        }
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        let roll = match &mut self.rolls {
            // SplitMix64.
            Rolls::Seed(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut z = *state;
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                (z ^ (z >> 31)) >> 16
            }
            Rolls::List(list) => list.next().copied().unwrap_or(0).into(),
        };
        roll as usize % count
    }

    /// True in so many of a hundred cases; false when a list has run out.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}
