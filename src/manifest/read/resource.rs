//! `forum/thread/{thread}/**`.

use super::context::Context;
use super::text::{Whole, whole};
use crate::document::Node;
use crate::manifest::Name;
use crate::manifest::slot::Slot;
use crate::manifest::template::ResourceTemplate;
use crate::scope::{ResourcePattern, SegmentPattern, Tail};

/// A resource pattern, of which a parameter is one whole segment.
pub(super) fn resource(node: Node<'_, '_>, context: &Context<'_, '_>) -> Option<ResourceTemplate> {
    let text = node.text()?;
    let (before, tail) = match text.strip_suffix("/**") {
        Some(before) => (Some(before), Tail::Open),
        None if text == "**" => (None, Tail::Open),
        None => (Some(text), Tail::Closed),
    };
    let pieces = before.into_iter().flat_map(|before| before.split('/'));
    // All pieces are read, so that every mistake is noted.
    let segments: Vec<_> = pieces.map(|piece| segment(node, piece, context)).collect();
    let segments = segments.into_iter().collect::<Option<Vec<_>>>()?;

    // With a stand-in for each parameter: how long a pattern is does not depend on values.
    let stand_in = segments.iter().map(|segment| match segment {
        Slot::Fixed(segment) => segment.clone(),
        Slot::Parameter(_) => SegmentPattern::Any,
    });
    if let Err(error) = ResourcePattern::new(stand_in.collect(), tail) {
        node.mark.fail("resource_malformed", error.to_string());
        return None;
    }
    Some(ResourceTemplate { segments, tail })
}

fn segment(
    node: Node<'_, '_>,
    piece: &str,
    context: &Context<'_, '_>,
) -> Option<Slot<SegmentPattern>> {
    let constant = match whole(node.mark, piece)? {
        Whole::Constant(constant) => constant,
        Whole::Parameter(name) => {
            return parameter_segment(node, name, context).map(Slot::Parameter);
        }
    };
    // `**` is a tail, and stands at the end alone.
    let pattern = constant.parse::<ResourcePattern>();
    let error = match pattern.as_ref().map(ResourcePattern::segments) {
        Ok([segment]) => return Some(Slot::Fixed(segment.clone())),
        Ok(_) => "`**` stands at the end alone".to_owned(),
        Err(error) => error.to_string(),
    };
    node.mark.fail("resource_malformed", error);
    None
}

/// A parameter that is one whole segment.
pub(super) fn parameter_segment(
    node: Node<'_, '_>,
    name: &str,
    context: &Context<'_, '_>,
) -> Option<Name> {
    let (name, kind) = context.parameter(node.mark, name)?;
    if !kind.is_segment() {
        let message = format!("parameter `{name}` is {kind}, which is no segment");
        node.mark.fail("parameter_type", message);
        return None;
    }
    Some(name)
}
