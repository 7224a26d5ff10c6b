//! What stands at the top of a task file.

use std::time::Duration;

use super::duration::duration;
use crate::action::Service;
use crate::document::{Node, Table};
use crate::manifest::{Manifest, Name};
use crate::scope::Scope;

pub(super) struct Head {
    pub(super) name: Name,
    pub(super) audience: Vec<Service>,
    pub(super) ttl: Duration,
    pub(super) max_depth: u32,
}

impl Head {
    pub(super) fn read(root: &mut Table<'_, '_>) -> Option<Self> {
        let name = root
            .require("task")
            .and_then(|node| node.parse("name_invalid"));
        let audience = root.require("audience").and_then(audience);
        let ttl = root
            .require("ttl")
            .and_then(|node| duration(node, Manifest::MAX_TTL));
        let max_depth = root.take("max_depth").map_or(Some(0), depth);
        Some(Self {
            name: name?,
            audience: audience?,
            ttl: ttl?,
            max_depth: max_depth?,
        })
    }
}

fn audience(node: Node<'_, '_>) -> Option<Vec<Service>> {
    let mut services = Vec::new();
    for node in node.list()? {
        let Some(service) = node.parse::<Service>("service_invalid") else {
            continue;
        };
        if services.contains(&service) {
            node.mark
                .fail("audience_duplicate", format!("`{service}` stands twice"));
        }
        services.push(service);
    }
    if !(1..=Scope::MAX_AUDIENCES).contains(&services.len()) {
        let most = Scope::MAX_AUDIENCES;
        let message = format!("a task is for 1 to {most} services, not {}", services.len());
        node.mark.fail("audience_count", message);
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
