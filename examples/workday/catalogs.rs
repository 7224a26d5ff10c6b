//! The five services, and what their tools do.

use std::sync::Arc;

use bailiwick::catalog::{Catalog, Notary};
use bailiwick::keys::NoteKey;
use bailiwick::note::{NoteSigner, NoteSigners};
use bailiwick_examples::Outcome;

pub(crate) const SERVICES: [&str; 5] = ["mail", "calendar", "drive", "bank", "chat"];

const CATALOGS: [&str; 5] = [
    include_str!("catalogs/mail.toml"),
    include_str!("catalogs/calendar.toml"),
    include_str!("catalogs/drive.toml"),
    include_str!("catalogs/bank.toml"),
    include_str!("catalogs/chat.toml"),
];

/// The catalogs of the five services, in their order.
pub(crate) struct Catalogs(Vec<Arc<Catalog>>);

impl Catalogs {
    pub(crate) fn parse() -> Outcome<Self> {
        let mut catalogs = vec![];
        for (service, text) in SERVICES.iter().zip(CATALOGS) {
            catalogs.push(Arc::new(Catalog::parse(
                &format!("catalogs/{service}.toml"),
                text,
            )?));
        }
        Ok(Self(catalogs))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Catalog>> {
        self.0.iter()
    }

    pub(crate) fn of(&self, service: &str) -> Outcome<&Catalog> {
        let index = SERVICES.iter().position(|one| *one == service);
        let catalog = index.and_then(|index| self.0.get(index));
        Ok(catalog.ok_or("no such service")?)
    }

    /// The notary of each service, which signs its own fields with its own key; and all know whose field is whose.
    pub(crate) fn notaries(&self) -> Outcome<(Vec<Notary>, NoteSigners)> {
        let (mut notaries, mut signers) = (vec![], NoteSigners::new());
        for catalog in &self.0 {
            let signer = NoteSigner::new(NoteKey::generate()?);
            for (label, _) in catalog.operations().flat_map(|operation| operation.notes()) {
                signers = signers.with(label.clone(), signer.public_key());
            }
            notaries.push(Notary::new(catalog.clone(), signer));
        }
        Ok((notaries, signers))
    }
}
