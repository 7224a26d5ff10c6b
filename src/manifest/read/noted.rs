//! `from = "calendar:attendees@calendar/event/{event}"`.

use super::context::Context;
use super::resource::parameter_segment;
use super::text::{Whole, whole};
use super::trial;
use crate::action::Segment;
use crate::document::Node;
use crate::manifest::ManifestError;
use crate::manifest::slot::Slot;
use crate::manifest::template::MatcherTemplate;
use crate::scope::{Label, Matcher};

/// A label, in whose object a parameter is one whole segment.
pub(super) fn noted(node: Node<'_, '_>, context: &Context<'_, '_>) -> Option<MatcherTemplate> {
    let text = node.text()?;
    let (field, object) = match text.split_once('@') {
        Some((field, object)) if object.contains(['{', '}']) => (field, object),
        _ => return label(node, text).map(|label| MatcherTemplate::Fixed(Matcher::From(label))),
    };
    let field = label(node, field);
    // All pieces are read, so that every mistake is noted.
    let pieces = object.split('/').map(|piece| segment(node, piece, context));
    let segments: Vec<_> = pieces.collect();
    Some(MatcherTemplate::Noted {
        field: field?,
        object: segments.into_iter().collect::<Option<_>>()?,
    })
}

fn label(node: Node<'_, '_>, text: &str) -> Option<Label> {
    if text.contains(['{', '}']) {
        let message = "in a label, a parameter can be one segment of the object alone";
        node.mark.fail("braces", message);
        return None;
    }
    let label = Label::new(text).map_err(ManifestError::from);
    trial(node.mark, "matcher_invalid", &label);
    label.ok()
}

fn segment(node: Node<'_, '_>, piece: &str, context: &Context<'_, '_>) -> Option<Slot<Segment>> {
    match whole(node.mark, piece)? {
        Whole::Parameter(name) => parameter_segment(node, name, context).map(Slot::Parameter),
        Whole::Constant(constant) => {
            let segment = Segment::parse(constant);
            if let Err(error) = &segment {
                node.mark.fail("matcher_invalid", error.to_string());
            }
            segment.ok().map(Slot::Fixed)
        }
    }
}
