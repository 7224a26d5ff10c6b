//! A hash tree over values, so that one of them can be shown without the others.
//!
//! It has the shape of RFC 6962: neighbours are hashed together level by level, and a last one without
//! a neighbour goes up as it is. Each leaf is salted, so that a value that is not shown cannot be
//! guessed from the hashes beside it.

use sha2::{Digest as _, Sha256};

pub(super) type Hash = [u8; 32];
pub(super) type Salt = [u8; 16];

/// Before every input, so that no hash of ours elsewhere is one of this tree.
const DOMAIN: &[u8] = b"bailiwick-note-1\n";
const LEAF: u8 = 0;
const NODE: u8 = 1;
const SALT: u8 = 2;

/// The salt of one leaf. Who knows some of them learns nothing of the seed, nor of the others.
pub(super) fn salt(seed: &[u8; 32], index: u32) -> Salt {
    let hash = hash(SALT, seed, &index.to_be_bytes());
    let mut salt = Salt::default();
    salt.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    salt
}

pub(super) fn leaf(salt: &Salt, value: &str) -> Hash {
    hash(LEAF, salt, value.as_bytes())
}

/// The first part has one length for each kind, so that nothing moves across its border.
fn hash(kind: u8, first: &[u8], second: &[u8]) -> Hash {
    let hasher = Sha256::new().chain_update(DOMAIN).chain_update([kind]);
    hasher
        .chain_update(first)
        .chain_update(second)
        .finalize()
        .into()
}

/// Every hash of a tree, the leaves first.
pub(super) struct HashTree(Vec<Vec<Hash>>);

impl HashTree {
    pub(super) fn new(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let pairs = below.chunks(2).map(|pair| match pair {
                [left, right] => hash(NODE, left, right),
                lone => lone.first().copied().unwrap_or_default(),
            });
            let above = pairs.collect();
            levels.push(above);
        }
        Self(levels)
    }

    /// `None` if there is no leaf.
    pub(super) fn root(&self) -> Option<Hash> {
        self.0.last()?.first().copied()
    }

    /// The hashes beside the way from a leaf to the root.
    pub(super) fn path(&self, index: usize) -> Vec<Hash> {
        let levels = self.0.iter().enumerate();
        let beside = levels.filter_map(|(height, level)| level.get((index >> height) ^ 1));
        beside.copied().collect()
    }
}

/// On which side of the way up a hash stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Left,
    Right,
}

/// The way from a leaf to the root of a tree of so many leaves, without the levels where nothing
/// stands beside it.
fn way(index: u32, count: u32) -> impl Iterator<Item = Beside> {
    let above = |(index, count): &(u32, u32)| Some((index / 2, count.div_ceil(2)));
    std::iter::successors(Some((index, count)), above)
        .take_while(|(_, count)| *count > 1)
        .filter_map(|(index, count)| match index % 2 {
            1 => Some(Beside::Left),
            _ if index + 1 < count => Some(Beside::Right),
            _ => None,
        })
}

/// How many hashes lead from a leaf to the root.
pub(super) fn path_length(index: u32, count: u32) -> usize {
    way(index, count).count()
}

/// The root that a leaf at this index leads to, if the path is as long as it must be.
pub(super) fn root_from(leaf: Hash, index: u32, count: u32, path: &[Hash]) -> Option<Hash> {
    if index >= count || path.len() != path_length(index, count) {
        return None;
    }
    let up = |below: Hash, (side, beside): (Beside, &Hash)| match side {
        Beside::Left => hash(NODE, beside, &below),
        Beside::Right => hash(NODE, &below, beside),
    };
    Some(way(index, count).zip(path).fold(leaf, up))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u32) -> Vec<Hash> {
        let value = |index: u32| leaf(&salt(&[7; 32], index), &index.to_string());
        (0..count).map(value).collect()
    }

    /// RFC 6962, section 2.1: split at the largest power of two that is smaller than the number.
    fn by_the_book(leaves: &[Hash]) -> Hash {
        match leaves {
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                hash(NODE, &by_the_book(left), &by_the_book(right))
            }
        }
    }

    #[test]
    fn the_tree_has_the_shape_of_rfc_6962() {
        for count in 1..70 {
            let leaves = leaves(count);
            assert_eq!(
                HashTree::new(leaves.clone()).root(),
                Some(by_the_book(&leaves))
            );
        }
        assert_eq!(HashTree::new(Vec::new()).root(), None);
    }

    #[test]
    fn every_leaf_leads_to_the_root_from_its_own_place_alone() {
        for count in 1..40 {
            let leaves = leaves(count);
            let tree = HashTree::new(leaves.clone());
            for (index, leaf) in (0..count).zip(&leaves) {
                let path = tree.path(index as usize);
                assert_eq!(path.len(), path_length(index, count));
                for claimed in 0..=count {
                    let root = root_from(*leaf, claimed, count, &path);
                    assert_eq!(root == tree.root(), claimed == index, "{claimed} {count}");
                }
            }
        }
    }

    #[test]
    fn a_path_of_another_length_leads_nowhere() {
        let leaves = leaves(11);
        let tree = HashTree::new(leaves.clone());
        let mut path = tree.path(3);
        path.push([0; 32]);
        assert_eq!(root_from(leaves[3], 3, 11, &path), None);
        assert_eq!(root_from(leaves[3], 3, 11, &path[..3]), None);
        // A node is no leaf: one level less, with the node as the leaf of half the tree.
        let node = tree.0[1][1];
        assert_ne!(
            root_from(node, 1, 11, &path[1..4]).or(Some(Hash::default())),
            tree.root()
        );
    }

    #[test]
    fn equal_values_have_different_leaves() {
        let leaf = |index| leaf(&salt(&[7; 32], index), "ann");
        assert_ne!(leaf(0), leaf(1));
        assert_ne!(salt(&[7; 32], 0), salt(&[8; 32], 0));
    }
}
