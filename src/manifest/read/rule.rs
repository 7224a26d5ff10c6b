//! `[[allow]]`, `[[deny]]` and `[[require]]`.

use super::condition::Conditions;
use super::constraint::{Side, constraints};
use super::context::{Context, unknown};
use super::excuse::excuses;
use super::expand::{covered, is_wide, only};
use super::resource::resource;
use super::vocabulary::{In, Vocabulary};
use crate::action::{Effect, preview_text};
use crate::document::{Mark, Node, Table};
use crate::manifest::lint::Excuse;
use crate::manifest::never::Never;
use crate::manifest::template::{Constraints, Demand, Grant, Match, Of, ResourceTemplate};
use crate::manifest::{Expansion, Places};
use crate::scope::{OperationPattern, Scope, Target};

/// The rules of a file, in its order.
#[derive(Default)]
pub(super) struct Rules {
    /// As they are written.
    written: Vec<Grant>,
    /// As they are expanded.
    pub(super) allow: Vec<Grant>,
    pub(super) deny: Vec<Match>,
    pub(super) require: Vec<Demand>,
    pub(super) never: Vec<Never>,
    /// Whether a line grants what no catalog has yet.
    pub(super) has_future: bool,
    pub(super) excuses: Vec<Excuse>,
    pub(super) expansions: Vec<Expansion>,
    pub(super) places: Places,
}

impl Rules {
    pub(super) fn read(
        root: &mut Table<'_, '_>,
        context: &Context<'_, '_>,
        vocabulary: &Vocabulary<'_>,
    ) -> Self {
        let known = (context, vocabulary);
        let mut rules = Self {
            excuses: excuses(root, None),
            ..Self::default()
        };
        if let Some(node) = root.require("allow") {
            let entries = entries(node);
            if entries.as_ref().is_some_and(Vec::is_empty) {
                node.mark
                    .fail("allow_empty", "an empty allow list grants nothing");
            }
            for table in entries.into_iter().flatten() {
                rules.allow(table, known);
            }
        }
        for table in root.take("deny").and_then(entries).into_iter().flatten() {
            rules.deny(table, known);
        }
        for table in root.take("require").and_then(entries).into_iter().flatten() {
            rules.require(table, known);
        }
        if let Some(node) = root.take("never") {
            rules.nevers(node, known);
        }
        rules
    }

    fn allow(&mut self, mut table: Table<'_, '_>, known: Known<'_, '_, '_, '_>) {
        let mark = table.mark;
        let pattern = Parts::read(&mut table, Side::Grant, known);
        let open_arguments = table.take("open_arguments").and_then(Node::boolean);
        let future = table.take("future");
        let conditions = Conditions::read(&mut table, known.0, &pattern.vocabulary);
        self.excuses.extend(excuses(&mut table, Some(mark.place())));
        table.finish();

        let target = match (pattern.operation, pattern.effect) {
            (Some(operation), Some(effect)) => Some(Target::Both(operation, effect)),
            (Some(operation), None) => Some(Target::Operation(operation)),
            (None, Some(effect)) => Some(Target::Effect(effect)),
            (None, None) => None,
        };
        let (Some(target), Some(resource)) = (target, pattern.resource) else {
            return;
        };
        let grant = Grant {
            target,
            resource,
            constraints: pattern.constraints,
            open_arguments: open_arguments == Some(true),
        };
        let is_wide = is_wide(&grant.target);
        if let Some(node) = future
            && !is_wide
        {
            let message = "one operation covers nothing else in future either";
            node.mark.fail("future_misplaced", message);
        }
        once(mark, &self.written, &grant);
        self.written.push(grant.clone());
        let future = future.and_then(Node::boolean) == Some(true);
        self.has_future |= future;
        let within = if is_wide && !future {
            self.expand(mark, &grant, &pattern.vocabulary, known.0)
        } else {
            let grant = grant.clone();
            push(mark, &mut self.allow, &mut self.places.allow, grant)
        };
        if within {
            self.demand(mark, &Of::Grant(Box::new(grant)), conditions);
        }
    }

    /// One capability for each operation that a line covers, but for what another line has already.
    fn expand(
        &mut self,
        mark: Mark<'_, '_>,
        grant: &Grant,
        vocabulary: &Vocabulary<'_>,
        context: &Context<'_, '_>,
    ) -> bool {
        let Some(covered) = covered(mark, grant, vocabulary, context) else {
            return false;
        };
        let new = covered.iter().cloned().map(|one| only(grant, one));
        let new: Vec<_> = new.filter(|one| !self.allow.contains(one)).collect();
        let (covers, most) = (covered.len(), Scope::MAX_ENTRIES);
        let all = self.allow.len().saturating_add(new.len());
        if all > most {
            let message = format!(
                "this line covers {covers} operations, which makes {all} capabilities: a scope has at most {most}"
            );
            mark.fail("too_many", message);
            return false;
        }
        if new.is_empty() {
            let message = "other lines grant all of this";
            mark.fail("rule_duplicate", message);
        }
        self.places.allow.extend(new.iter().map(|_| mark.place()));
        self.allow.extend(new);
        self.expansions.push(Expansion {
            place: mark.place(),
            target: grant.target.clone(),
            operations: covered.into_iter().collect(),
        });
        true
    }

    fn deny(&mut self, mut table: Table<'_, '_>, known: Known<'_, '_, '_, '_>) {
        let mark = table.mark;
        let pattern = Parts::read(&mut table, Side::Match, known);
        self.excuses.extend(excuses(&mut table, Some(mark.place())));
        table.finish();
        if pattern.written == 0 {
            mark.fail(
                "deny_empty",
                "a deny entry that names nothing denies everything",
            );
            return;
        }
        let pattern = pattern.into_match();
        once(mark, &self.deny, &pattern);
        push(mark, &mut self.deny, &mut self.places.deny, pattern);
    }

    fn require(&mut self, mut table: Table<'_, '_>, known: Known<'_, '_, '_, '_>) {
        let mark = table.mark;
        let pattern = Parts::read(&mut table, Side::Match, known);
        let conditions = Conditions::read(&mut table, known.0, &pattern.vocabulary);
        self.excuses.extend(excuses(&mut table, Some(mark.place())));
        table.finish();
        if !conditions.written {
            let message = "a requirement demands `approval`, `budget` or `signature`";
            mark.fail("condition_missing", message);
        }
        let pattern = pattern.into_match();
        self.demand(mark, &Of::Match(pattern), conditions);
    }

    fn demand(&mut self, mark: Mark<'_, '_>, of: &Of, conditions: Conditions) {
        let when = conditions.when;
        for condition in conditions.all {
            let of = of.clone();
            let demand = Demand {
                of,
                when,
                condition,
            };
            once(mark, &self.require, &demand);
            push(mark, &mut self.require, &mut self.places.require, demand);
        }
    }
}

/// What a file declares, and what catalogs know.
pub(super) type Known<'a, 'c, 'r, 'd> = (&'a Context<'r, 'd>, &'a Vocabulary<'c>);

/// What a rule speaks of, as far as it could be read.
pub(super) struct Parts<'c> {
    operation: Option<OperationPattern>,
    effect: Option<Effect>,
    resource: Option<ResourceTemplate>,
    constraints: Constraints,
    /// How many keys there were.
    pub(super) written: usize,
    /// The operations that it speaks of.
    vocabulary: Vocabulary<'c>,
}

impl<'c> Parts<'c> {
    pub(super) fn read(
        table: &mut Table<'_, '_>,
        side: Side,
        known: Known<'_, 'c, '_, '_>,
    ) -> Self {
        let [operation, effect, arguments, attributes] =
            ["operation", "effect", "arguments", "attributes"].map(|key| table.take(key));
        let resource = match side {
            Side::Grant => table.require("resource"),
            Side::Match => table.take("resource"),
        };
        if side == Side::Grant && operation.or(effect).is_none() {
            let message = "a grant names an `operation`, an `effect`, or both";
            table.mark.fail("target_missing", message);
        }
        let written = [operation, effect, arguments, attributes, resource];
        let written = written.iter().flatten().count();

        let (context, vocabulary) = known;
        let mut vocabulary = vocabulary.clone();
        let operation = operation.and_then(|node| {
            let pattern = node.parse("operation_malformed")?;
            vocabulary = vocabulary.named(node.mark, &pattern);
            Some(pattern)
        });
        let effect = effect.and_then(|node| {
            let effect = self::effect(node)?;
            vocabulary = vocabulary.with_effect(node.mark, effect);
            Some(effect)
        });
        let resource = resource.and_then(|node| {
            let resource = self::resource(node, context)?;
            vocabulary = vocabulary.touching(node.mark, &resource);
            Some(resource)
        });
        let read = |node: Option<Node<'_, '_>>, tree| {
            let read = node.map(|node| constraints(node, side, tree, context, &vocabulary));
            read.unwrap_or_default()
        };
        let constraints = Constraints {
            arguments: read(arguments, In::Arguments),
            attributes: read(attributes, In::Attributes),
        };
        Self {
            operation,
            effect,
            resource,
            constraints,
            written,
            vocabulary,
        }
    }

    pub(super) fn into_match(self) -> Match {
        Match {
            operation: self.operation,
            effect: self.effect,
            resource: self.resource,
            constraints: self.constraints,
        }
    }
}

/// No more than one over what there is room for: that one is noted.
fn entries<'r, 'd>(node: Node<'r, 'd>) -> Option<Vec<Table<'r, 'd>>> {
    let most = Scope::MAX_ENTRIES.saturating_add(1);
    Some(node.list()?.take(most).filter_map(Node::table).collect())
}

fn effect(node: Node<'_, '_>) -> Option<Effect> {
    let text = node.text()?;
    text.parse().ok().or_else(|| {
        let message = format!("`{}` is no effect", preview_text(text));
        let known = Effect::ALL.into_iter().map(Effect::as_str);
        unknown(node.mark, "effect_unknown", message, text, known)
    })
}

/// Adds a rule, if a scope has room for it.
fn push<T>(
    mark: Mark<'_, '_>,
    rules: &mut Vec<T>,
    places: &mut Vec<crate::manifest::Place>,
    rule: T,
) -> bool {
    if rules.len() == Scope::MAX_ENTRIES {
        let message = format!("a scope has at most {} of these", Scope::MAX_ENTRIES);
        mark.fail("too_many", message);
        return false;
    }
    rules.push(rule);
    places.push(mark.place());
    true
}

pub(super) fn once<T: PartialEq>(mark: Mark<'_, '_>, rules: &[T], rule: &T) {
    if rules.contains(rule) {
        mark.fail("rule_duplicate", "the very same rule stands twice");
    }
}
