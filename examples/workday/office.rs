//! Who trusts whom: an issuer, five services with a gate each and one ledger, and Nora, who approves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::Service;
use bailiwick::approve::{Approval, Approver};
use bailiwick::catalog::NoAttributes;
use bailiwick::clock::{Clock, SystemClock, Timestamp};
use bailiwick::gate::Gate;
use bailiwick::guard::{ByCatalog, Guard};
use bailiwick::keys::{ApproverKey, HolderKey, IssuerKey, KeyRing, Root};
use bailiwick::ledger::{ForgetfulLedger, Immediate};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer};
use bailiwick::present::Holder;
use bailiwick::verify::Verifier;
use bailiwick_examples::{Outcome, ROOT, trusted_root};

use crate::catalogs::{Catalogs, SERVICES};
use crate::mode::Mode;
use crate::task::Task;

/// Remembers for all services, as taint is of a task.
type Shared = Immediate<Arc<ForgetfulLedger>>;

/// A guard of one service.
pub(crate) type ServiceGuard = Guard<Shared, ByCatalog>;

/// The office in one mode.
pub(crate) struct Office {
    mode: Mode,
    issuer: Issuer,
    nora: Approver,
    manifests: BTreeMap<String, Manifest>,
    catalogs: Catalogs,
    guards: Vec<ServiceGuard>,
}

impl Office {
    /// An office in which these tasks can be granted.
    pub(crate) fn new(mode: Mode, tasks: &[Task]) -> Outcome<Self> {
        let now = SystemClock.now();
        let root = IssuerKey::generate()?;
        let trusted = trusted_root(root.public_key(), now);
        let nora = Approver::new(ApproverKey::generate()?, KeyRing::new([trusted.clone()])?);
        let catalogs = Catalogs::parse()?;
        let guards = guards(&catalogs, &trusted, now)?;
        let (key, mut manifests) = (nora.public_key().to_string(), BTreeMap::new());
        for task in tasks {
            manifests.insert(task.id.clone(), task.manifest(mode, &key, &catalogs)?);
        }
        Ok(Self {
            mode,
            manifests,
            issuer: Issuer::new(root, ROOT),
            nora,
            catalogs,
            guards,
        })
    }

    /// What stands before a service, if anything does.
    pub(crate) fn guard(&self, service: &str) -> Option<ServiceGuard> {
        let index = SERVICES.iter().position(|one| *one == service)?;
        let guard = self.guards.get(index)?;
        (self.mode != Mode::Open).then(|| guard.clone())
    }

    /// An agent's token for this task. Each run is a task of its own.
    pub(crate) fn grant(&self, task: &Task, run: &str) -> Outcome<Holder> {
        let agent = HolderKey::generate()?;
        let manifest = self.manifests.get(&task.id).ok_or("a task of elsewhere")?;
        let assignment = Assignment::new(run, "nora@harbour.example", "assistant")?;
        let none = Parameters::new();
        let now = SystemClock.now();
        let minted =
            self.issuer
                .mint_task(manifest, &none, &assignment, &agent.public_key(), now)?;
        Ok(Holder::new(minted.token, agent)?)
    }

    /// Nora reads what the agent wants, and approves it if her task needs it.
    pub(crate) fn approve(&self, request: &str, task: &Task) -> Outcome<Option<Approval>> {
        let now = SystemClock.now();
        let shown = self.nora.open(request, now)?;
        let mut needed = vec![];
        for call in &task.calls {
            let mapped = self
                .catalogs
                .of(call.service())?
                .map_tool(&call.to_tool_call()?, &NoAttributes)?;
            needed.extend_from_slice(mapped.actions());
        }
        if !shown.actions().iter().all(|action| needed.contains(action)) {
            return Ok(None);
        }
        Ok(Some(self.nora.approve(
            &shown,
            Duration::from_secs(300),
            now,
        )?))
    }
}

/// The services' guards, in their order. What a task reads at one service taints it at all of them.
fn guards(catalogs: &Catalogs, root: &Root, now: Timestamp) -> Outcome<Vec<ServiceGuard>> {
    let began = now.saturating_sub(Duration::from_secs(300));
    let ledger = Arc::new(ForgetfulLedger::started_at(began));
    let (notaries, signers) = catalogs.notaries()?;
    let services: Vec<&Service> = catalogs.all().map(|catalog| catalog.service()).collect();
    let mut guards = vec![];
    for (catalog, notary) in catalogs.all().zip(notaries) {
        let ring = KeyRing::new([root.clone()])?;
        let verifier =
            Verifier::new(catalog.service().clone(), ring).with_note_signers(signers.clone());
        let gate = Gate::new(verifier, Immediate(ledger.clone()))
            .sharing_ledger_with(services.iter().copied().cloned());
        let tools = ByCatalog::new(catalog.clone(), NoAttributes);
        guards.push(Guard::new(gate, tools).with_notary(notary));
    }
    Ok(guards)
}
