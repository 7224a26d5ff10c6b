//! What stands at the top of a task file.

use std::time::Duration;

use super::Source;
use super::duration::duration;
use super::vocabulary::Vocabulary;
use crate::action::Service;
use crate::document::{Mark, Node, Table};
use crate::manifest::{Manifest, Name};
use crate::scope::Scope;

pub(super) struct Head {
    pub(super) name: Name,
    pub(super) audience: Vec<Service>,
    pub(super) ttl: Duration,
    pub(super) max_depth: u32,
}

impl Head {
    /// With what may be named in a file for these services.
    pub(super) fn read<'c>(
        root: &mut Table<'_, '_>,
        source: Source<'_, 'c>,
    ) -> (Option<Self>, Vocabulary<'c>) {
        let mut vocabulary = Vocabulary::default();
        let name = root.require("task");
        let name = name.and_then(|node| node.parse("name_malformed"));
        let audience = root.require("audience").and_then(|node| {
            let services = services(node)?;
            vocabulary = Vocabulary::of(source, &services);
            Some(services.into_iter().map(|(_, service)| service).collect())
        });
        let ttl = root.require("ttl");
        let ttl = ttl.and_then(|node| duration(node, Manifest::MAX_TTL));
        let max_depth = root.take("max_depth").map_or(Some(0), depth);
        let head = || {
            Some(Self {
                name: name?,
                audience: audience?,
                ttl: ttl?,
                max_depth: max_depth?,
            })
        };
        (head(), vocabulary)
    }
}

fn services<'r, 'd>(node: Node<'r, 'd>) -> Option<Vec<(Mark<'r, 'd>, Service)>> {
    let mut services: Vec<(_, Service)> = Vec::new();
    let list = node.list()?;
    if !(1..=Scope::MAX_AUDIENCES).contains(&list.len()) {
        let most = Scope::MAX_AUDIENCES;
        let message = format!("a task is for 1 to {most} services, not {}", list.len());
        node.mark.fail("audience_count", message);
        return None;
    }
    for node in list {
        let Some(service) = node.parse("service_malformed") else {
            continue;
        };
        if services.iter().any(|(_, other)| *other == service) {
            let message = format!("`{service}` stands twice");
            node.mark.fail("audience_duplicate", message);
        }
        services.push((node.mark, service));
    }
    Some(services)
}

fn depth(node: Node<'_, '_>) -> Option<u32> {
    let depth = node.integer()?;
    let value = u32::try_from(depth).ok();
    if value.is_none() {
        let message = format!("{depth} is no number of blocks");
        node.mark.fail("out_of_range", message);
    }
    value
}
