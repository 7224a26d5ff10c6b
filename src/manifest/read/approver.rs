//! `ada = "ed25519/…"`, or `ada = { directory = "Ada Lovelace" }`.

use crate::document::Node;
use crate::manifest::Approver;

pub(super) fn approver(node: Node<'_, '_>) -> Option<Approver> {
    if !node.is_table() {
        return node.parse("key_malformed").map(Approver::Key);
    }
    let mut table = node.table()?;
    let name = table.require("directory");
    table.finish();
    name?.parse("approver_name_malformed").map(Approver::Listed)
}
