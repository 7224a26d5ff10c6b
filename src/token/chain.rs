//! Signing and verifying a chain of blocks.

use super::container::{Writer, check_content, check_count, check_length};
use super::{Block, Chain, ChainError, Limits, payload};
use crate::keys::{HolderKey, HolderPublicKey, IssuerPublicKey, RootKeyId, Signer};

impl Chain {
    /// Signs a first block for its holder, of whom the public half is enough.
    pub(crate) fn mint(
        signer: &(impl Signer + ?Sized),
        root_key_id: RootKeyId,
        holder: &HolderPublicKey,
        content: &[u8],
        limits: &Limits,
    ) -> Result<Self, ChainError> {
        let root = signer.public_key();
        if is_same_key(&root, holder) {
            return Err(ChainError::RootIsHolder { block: 0 });
        }
        let writer = Writer::new(root_key_id);
        check_new_block(0, content, &writer, limits)?;

        let mut message = Vec::with_capacity(content.len() + payload::OVERHEAD);
        payload::of_block(&mut message, content, holder, None);
        let signature = signer.sign(&message)?;
        // A signer may be another machine, set up for another key. Better found here than at the
        // first service.
        root.verify(&message, &signature)
            .map_err(|_| ChainError::SignerMismatch)?;

        let block = Block {
            content,
            next_key: *holder,
            signature,
        };
        Ok(Self::decode(&writer.block(0, &block).at_rest(), limits)?)
    }

    /// Signs one more block with the key of the last holder, for the next one, of whom the public
    /// half is enough.
    ///
    /// The next holder may be one that the chain has already, the present one too: every block only
    /// narrows, so a holder that hands on to itself gets a narrower token for a narrower part of
    /// its work, and gains nothing.
    pub(crate) fn append(
        &self,
        holder: &HolderKey,
        next: &HolderPublicKey,
        content: &[u8],
        limits: &Limits,
    ) -> Result<Self, ChainError> {
        self.check_holder(holder)?;
        let writer = Writer::after(self);
        let index = self.block_count();
        check_new_block(index, content, &writer, limits)?;

        let mut message = Vec::with_capacity(content.len() + payload::OVERHEAD);
        payload::of_block(&mut message, content, next, Some(&self.last().signature));
        let signature = holder.sign_message(&message);

        let block = Block {
            content,
            next_key: *next,
            signature,
        };
        Ok(Self::decode(
            &writer.block(index, &block).at_rest(),
            limits,
        )?)
    }

    /// Verifies every signature, strictly and in order, starting with the root key.
    ///
    /// This proves who made which block. It does not prove that whoever shows the chain is its last
    /// holder, nor that the chain was not cut: only a proof by the key that the last block names
    /// does.
    pub(crate) fn verify(&self, root: &IssuerPublicKey) -> Result<(), ChainError> {
        let mut message = Vec::with_capacity(self.as_bytes().len() + payload::OVERHEAD);
        let mut previous: Option<Block<'_>> = None;
        for (index, block) in self.blocks().enumerate() {
            // A secret that mints must not also present and delegate: it would lie with an agent,
            // and its one signature could be taken for the other. Repeated holders are no such mix
            // (see `append`).
            if is_same_key(root, &block.next_key) {
                return Err(ChainError::RootIsHolder { block: index });
            }
            let hung_on = previous.map(|previous| previous.signature);
            payload::of_block(
                &mut message,
                block.content,
                &block.next_key,
                hung_on.as_ref(),
            );
            match previous {
                None => root.verify(&message, &block.signature),
                Some(previous) => previous.next_key.verify(&message, &block.signature),
            }
            .map_err(|_| ChainError::BadSignature { block: index })?;
            previous = Some(block);
        }
        Ok(())
    }

    /// Whether this is the key that the last block names.
    pub(super) fn check_holder(&self, holder: &HolderKey) -> Result<(), ChainError> {
        if holder.public_key() == self.last().next_key {
            Ok(())
        } else {
            Err(ChainError::NotTheHolder)
        }
    }
}

fn check_new_block(
    index: usize,
    content: &[u8],
    writer: &Writer,
    limits: &Limits,
) -> Result<(), ChainError> {
    check_count(index + 1, limits)?;
    check_length(writer.length_with(content.len()), limits)?;
    check_content(index, content)?;
    Ok(())
}

fn is_same_key(root: &IssuerPublicKey, holder: &HolderPublicKey) -> bool {
    root.as_bytes() == holder.as_bytes()
}

#[cfg(test)]
mod tests;
