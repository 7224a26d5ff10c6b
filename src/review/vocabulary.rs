//! Which actions there are at all.

use super::compare::{Beyond, Comparison};
use super::describe::Description;
use super::effort::{Effort, Steps};
use super::formula::{Formula, each};
use super::lint::Lint;
use super::literal::{Literal, Place, Reading};
use super::outlook::{Outlook, Taint};
use super::prove::{Claim, Proof};
use crate::action::{Effect, Key, Service};
use crate::catalog::{Catalog, OperationSpec, Parameter, Presence, Type, Undo};
use crate::clock::Timestamp;
use crate::scope::{
    Choices, Constraint, Layers, Matcher, OperationPattern, Path, Pattern, ResourcePattern, Scalar,
    Scope, Step,
};

/// Which actions a review counts: all that can be written, or those that some catalogs can make.
///
/// A grant of an operation that no service has widens nothing. What types of a catalog a scope
/// cannot say is left open: of what fills a resource, any text counts, and a number or a value of
/// type `any` may be anything.
///
/// ```
/// use bailiwick::catalog::Catalog;
/// use bailiwick::review::{Comparison, Effort, Vocabulary};
/// use bailiwick::scope::{Capability, Layers, Scope};
/// let catalog = Catalog::parse("forum.toml", r#"
///     service = "forum.example"
///     [operation."forum.read"]
///     effect = "read"
///     resource = "forum/thread/{thread}"
///     [operation."forum.read".arguments]
///     thread = "text"
/// "#)?;
/// let scope = |operation| Scope::builder().allow(Capability::operation(operation, "**")?).build();
/// let (old, new) = ([scope("forum.read")?], [scope("forum.*")?]);
/// let (old, new) = (Layers::blocks(&old), Layers::blocks(&new));
///
/// let all = Vocabulary::everything();
/// assert!(matches!(all.compare(&old, &new, Effort::default()), Comparison::Wider(_)));
/// // This forum has nothing but `forum.read`.
/// let forum = Vocabulary::of([&catalog]);
/// assert_eq!(forum.compare(&old, &new, Effort::default()), Comparison::Equal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary(Option<Vec<Word>>);

/// What the actions of one operation have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    service: [Service; 1],
    operation: OperationPattern,
    effect: Effect,
    undo: Undo,
    resource: ResourcePattern,
    arguments: Shape,
    attributes: Shape,
}

/// What a tree may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shape {
    /// What holds of its members.
    typed: Vec<Constraint>,
    /// These, and those that only say that a member may be there.
    named: Vec<Constraint>,
}

impl Vocabulary {
    /// Every action that can be written.
    pub const fn everything() -> Self {
        Self(None)
    }

    /// The actions that one of these catalogs can make.
    pub fn of<'c>(catalogs: impl IntoIterator<Item = &'c Catalog>) -> Self {
        let words = |catalog: &'c Catalog| {
            let specs = catalog.operations();
            specs.filter_map(|spec| Word::of(catalog.service(), spec))
        };
        Self(Some(catalogs.into_iter().flat_map(words).collect()))
    }

    /// The actions of one operation of a service, as its catalog has it: questions about it cost
    /// less than among all others.
    pub fn of_operation(service: &Service, spec: &OperationSpec) -> Self {
        Self(Some(Word::of(service, spec).into_iter().collect()))
    }

    /// [`compare`](super::compare()), of these actions alone.
    pub fn compare(&self, first: &Layers<'_>, second: &Layers<'_>, effort: Effort) -> Comparison {
        Comparison::of(
            self.beyond(second, first, effort),
            self.beyond(first, second, effort),
        )
    }

    /// [`beyond`](super::beyond()), of these actions alone.
    pub fn beyond(&self, layers: &Layers<'_>, other: &Layers<'_>, effort: Effort) -> Beyond {
        super::compare::beyond_in(self, layers, other, &mut Steps::new(effort))
    }

    /// [`prove`](super::prove()), of these actions alone.
    pub fn prove(&self, layers: &Layers<'_>, claim: &Claim, effort: Effort) -> Proof {
        super::prove::prove_in(self, layers, claim, &mut Steps::new(effort))
    }

    /// What becomes of the actions that a pattern matches: whether anything happens freely, within a
    /// budget, with approval, or not at all, with an action that shows it.
    ///
    /// ```
    /// use bailiwick::review::{Effort, Left, Taint, Vocabulary};
    /// use bailiwick::scope::{Budget, Capability, Condition, Layers, Pattern, Scope};
    /// let send = Capability::operation("mail.send", "outbox/*")?;
    /// let blocks = [Scope::builder()
    ///     .allow_with(send, Condition::Budget(Budget::uses("mail", 20)?))
    ///     .build()?];
    /// let outlook = |operation| -> Result<Left, bailiwick::scope::ScopeError> {
    ///     let pattern = Pattern::any().operation(operation)?;
    ///     let layers = Layers::blocks(&blocks);
    ///     let all = Vocabulary::everything();
    ///     Ok(all.outlook(&layers, &pattern, Taint::Clean, Effort::default()).left)
    /// };
    /// assert_eq!(outlook("mail.send")?, Left::WithinBudget);
    /// assert_eq!(outlook("mail.delete")?, Left::Nothing);
    /// # Ok::<(), bailiwick::scope::ScopeError>(())
    /// ```
    ///
    /// # Limits
    ///
    /// A case has one action. A few questions for the pattern and for each requirement share the
    /// effort.
    pub fn outlook(
        &self,
        layers: &Layers<'_>,
        pattern: &Pattern,
        taint: Taint,
        effort: Effort,
    ) -> Outlook {
        super::outlook::outlook_in(self, layers, pattern, taint, effort)
    }

    /// [`describe`](super::describe()), by these actions alone.
    pub fn describe(&self, layers: &Layers<'_>, effort: Effort) -> Description {
        super::describe::describe_in(self, layers, effort)
    }

    /// [`prove`](super::prove()), of several claims that share the effort, one after the other.
    pub fn prove_each<'a>(
        &'a self,
        layers: &'a Layers<'_>,
        claims: &'a [Claim],
        effort: Effort,
    ) -> impl Iterator<Item = Proof> + 'a {
        let mut steps = Steps::new(effort);
        let claims = claims.iter();
        claims.map(move |claim| super::prove::prove_in(self, layers, claim, &mut steps))
    }

    /// [`lint`](super::lint()), by the effects that these actions have.
    pub fn lint(&self, scope: &Scope, now: Timestamp, effort: Effort) -> Vec<Lint> {
        super::lint::lint_in(self, scope, now, effort)
    }

    /// The first of many pairs for which [`Vocabulary::beyond`] finds a case, and its index. They
    /// share the effort.
    pub(crate) fn beyond_any<'a>(
        &self,
        pairs: impl Iterator<Item = (Layers<'a>, Layers<'a>)>,
        effort: Effort,
    ) -> (Beyond, usize) {
        super::compare::beyond_any(self, pairs, effort)
    }

    /// [`Vocabulary::prove`] of many layers, and the index of the first that breaks the claim. They
    /// share the effort.
    pub(crate) fn prove_all<'a>(
        &self,
        many: impl Iterator<Item = Layers<'a>>,
        claim: &Claim,
        effort: Effort,
    ) -> (Proof, usize) {
        super::prove::prove_all(self, many, claim, effort)
    }

    /// What is known of the arguments of one operation or another.
    pub(crate) fn argument_constraints(&self) -> impl Iterator<Item = &Constraint> {
        let words = self.0.iter().flatten();
        words.flat_map(|word| &word.arguments.typed)
    }

    /// What is known of the attributes of one operation or another.
    pub(crate) fn attribute_constraints(&self) -> impl Iterator<Item = &Constraint> {
        let words = self.0.iter().flatten();
        words.flat_map(|word| &word.attributes.typed)
    }

    /// The effects of operations that nothing undoes, each with what says which one it is.
    pub(super) fn irreversible(&self) -> impl Iterator<Item = (Effect, Formula<'_>)> {
        let words = self.0.iter().flatten();
        let words = words.filter(|word| word.undo == Undo::Irreversible);
        words.map(|word| (word.effect, word.formula()))
    }

    pub(super) fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn formula(&self) -> Formula<'_> {
        match &self.0 {
            None => Formula::always(),
            Some(words) => Formula::Any(words.iter().map(Word::formula).collect()),
        }
    }
}

impl Word {
    fn of(service: &Service, spec: &OperationSpec) -> Option<Self> {
        let arguments = spec.arguments().filter_map(|(key, parameter)| {
            let kind = spec.argument_type(key.as_str())?;
            Some((key, kind, parameter.presence()))
        });
        let attributes = spec.attributes();
        Some(Self {
            service: [service.clone()],
            operation: OperationPattern::exact(spec.operation().clone()),
            effect: spec.effect(),
            undo: spec.undo().clone(),
            resource: spec.resource().pattern()?,
            arguments: Shape::of(arguments),
            attributes: Shape::of(attributes.map(|(key, it)| (key, it.kind(), it.presence()))),
        })
    }

    fn formula(&self) -> Formula<'_> {
        let mut all = vec![
            Formula::Is(Literal::Service(&self.service, true)),
            Formula::Is(Literal::Operation(&self.operation, true)),
            Formula::Is(Literal::Effect(self.effect, true)),
            Formula::Is(Literal::Resource(&self.resource, true)),
        ];
        let trees = [
            (Place::Arguments, &self.arguments),
            (Place::Attributes, &self.attributes),
        ];
        for (place, shape) in trees {
            all.extend(each(place, &shape.typed, Reading::Strict));
            all.push(Formula::Is(Literal::Named(place, &shape.named, true)));
        }
        Formula::All(all)
    }
}

impl Shape {
    fn of<'s>(members: impl Iterator<Item = (&'s Key, &'s Type, &'s Presence)>) -> Self {
        let mut shape = Self::default();
        for (key, kind, presence) in members {
            let optional = *presence == Presence::Optional;
            shape.add(vec![Step::Key(key.clone())], kind, optional);
        }
        shape
    }

    fn add(&mut self, steps: Vec<Step>, kind: &Type, optional: bool) {
        let below = |step: &str| {
            let step = if step == "*" {
                Ok(Step::Each)
            } else {
                Key::parse(step).map(Step::Key)
            };
            step.ok()
                .map(|step| steps.iter().cloned().chain([step]).collect::<Vec<_>>())
        };
        let mut members = |names: &[(&str, Type, bool)]| {
            for (name, kind, own) in names {
                if let Some(steps) = below(name) {
                    self.add(steps, kind, optional || *own);
                }
            }
        };
        match kind {
            Type::Email => members(&[
                ("address", Type::Text, false),
                ("domain", Type::Text, false),
            ]),
            Type::Url => members(&[
                ("scheme", Type::Text, false),
                ("host", Type::Text, false),
                ("port", Type::Integer, false),
                ("path", Type::Any, false),
                ("query", Type::Any, true),
            ]),
            Type::Object(own) => {
                let own = own.iter().map(|(key, it): (&Key, &Parameter)| {
                    let absent = *it.presence() == Presence::Optional;
                    (key.as_str(), it.kind().clone(), absent)
                });
                members(&own.collect::<Vec<_>>());
            }
            Type::List(element) => {
                members(&[("*", (**element).clone(), false)]);
                self.say(steps.clone(), Matcher::count(0, None).ok(), optional);
            }
            _ => self.say(steps.clone(), matcher(kind), optional),
        }
    }

    /// That a member may be there, and what holds of it, if that can be said.
    fn say(&mut self, steps: Vec<Step>, matcher: Option<Matcher>, optional: bool) {
        let Ok(path) = Path::new(steps) else {
            return;
        };
        let is_typed = matcher.is_some();
        let constraint = Constraint::at(path, matcher.unwrap_or_else(|| Matcher::equals(true)));
        let constraint = if optional {
            constraint.optional()
        } else {
            constraint
        };
        if is_typed {
            self.typed.push(constraint.clone());
        }
        self.named.push(constraint);
    }
}

/// What values of a type have in common, if a scope can say it.
fn matcher(kind: &Type) -> Option<Matcher> {
    match kind {
        Type::Text | Type::Path => Matcher::text_length(0, None).ok(),
        Type::Integer | Type::Date | Type::DateTime(_) => Matcher::int(i64::MIN, None).ok(),
        Type::Boolean => Matcher::one_of([true, false]).ok(),
        Type::Decimal(scale) => Matcher::decimal(*scale, i64::MIN, None).ok(),
        Type::Enum(texts) => {
            let texts = texts.iter().cloned().map(Scalar::Text).collect();
            Choices::new(texts).map(Matcher::OneOf).ok()
        }
        _ => None,
    }
}
