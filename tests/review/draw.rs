//! Random chains over a small world, in pairs that are often alike.

use bailiwick::action::{Decimal, Effect};
use bailiwick::review::Claim;
use bailiwick::scope::*;

use super::dice::Dice;
use super::world::{Topic, World, approvers, seconds};

/// A token's blocks, with a ceiling or house rules now and then.
#[derive(Clone, Debug)]
pub struct Chain {
    ceiling: Option<Scope>,
    blocks: Vec<Scope>,
    house: Option<Scope>,
}

impl Chain {
    pub fn layers(&self) -> Layers<'_> {
        let mut layers = Layers::blocks(&self.blocks);
        layers.ceiling = self.ceiling.as_ref();
        layers.house = self.house.as_ref();
        layers
    }
}

/// Two chains: alike, one derived from the other, or drawn apart. Of those that allow nothing there
/// are few, as nothing is all too equal to nothing.
pub fn pair(dice: &mut Dice<'_>, world: &World) -> (Chain, Chain) {
    let mut draw = Draw { dice, world };
    let mut a = draw.chain();
    if !world
        .cases()
        .iter()
        .any(|case| case.is_allowed_by(&a.layers()))
    {
        a = draw.chain();
    }
    let b = match draw.dice.below(10) {
        0 | 1 => draw.changed(&a),
        2 | 3 => draw.same(&a),
        4 => draw.longer(&a),
        _ => {
            let changed = draw.changed(&a);
            let changed = draw.changed(&changed);
            draw.changed(&changed)
        }
    };
    if draw.dice.percent(50) {
        (a, b)
    } else {
        (b, a)
    }
}

/// A chain, and something that is claimed of it.
pub fn claim(dice: &mut Dice<'_>, world: &World) -> (Chain, Claim) {
    let mut draw = Draw { dice, world };
    let chain = draw.chain();
    let own: Vec<Requirement> = chain
        .layers()
        .iter()
        .flat_map(|(_, scope)| scope.require().to_vec())
        .collect();
    // What is demanded somewhere is claimed more often.
    let (pattern, condition) = match own.is_empty() || draw.dice.percent(40) {
        true => (draw.pattern(), draw.condition(&mut 0)),
        false => {
            let one = draw.dice.pick(&own);
            (one.pattern().clone(), one.condition().clone())
        }
    };
    let claim = match (draw.dice.below(3), condition) {
        (1 | 2, Condition::Approval(rule)) => {
            let rule = draw.dice.percent(50).then_some(rule);
            Claim::OnlyWithApproval(pattern, rule)
        }
        (1 | 2, Condition::Budget(budget)) => Claim::WithinBudget(pattern, budget),
        _ => Claim::Never(pattern),
    };
    (chain, claim)
}

struct Draw<'a, 'd> {
    dice: &'a mut Dice<'d>,
    world: &'a World,
}

impl Draw<'_, '_> {
    fn chain(&mut self) -> Chain {
        let mut blocks = vec![self.scope(true)];
        while blocks.len() < 3 && self.dice.percent(25) {
            blocks.push(self.scope(false));
        }
        Chain {
            ceiling: self.dice.percent(10).then(|| self.scope(false)),
            blocks,
            house: self.dice.percent(10).then(|| self.scope(false)),
        }
    }

    fn scope(&mut self, first: bool) -> Scope {
        let mut scope = Scope::builder();
        if first {
            scope = whole(scope);
        }
        if first || self.dice.percent(60) {
            scope = scope.allow(self.capability());
            while self.dice.percent(45) {
                scope = scope.allow(self.capability());
            }
        }
        while self.dice.percent(30) {
            let pattern = self.pattern();
            if !pattern.is_any() {
                scope = scope.deny(pattern);
            }
        }
        let wants = [Topic::Approvals, Topic::Spent, Topic::Possession];
        let wanted = wants.iter().any(|it| self.world.has(*it));
        let (mut budgets, mut more) = (0, if wanted { 60 } else { 10 });
        while self.dice.percent(more) {
            more = 25;
            scope = scope.require(self.requirement(&mut budgets));
        }
        if self.world.has(Topic::Time) {
            if self.dice.percent(50) {
                scope = scope.not_before(seconds(98 + self.dice.below(3) as u64));
            }
            if self.dice.percent(50) {
                scope = scope.not_after(seconds(101 + self.dice.below(3) as u64));
            }
        }
        if self.world.has(Topic::Service) && self.dice.percent(60) {
            let mut services = vec!["s", "t", "u"];
            services.remove(self.dice.below(3));
            if self.dice.percent(50) {
                services.pop();
            }
            scope = scope.audience_only(services.into_iter().map(|it| it.parse().unwrap()));
        }
        scope.build().unwrap_or_else(|_| self.scope(first))
    }

    fn capability(&mut self) -> Capability {
        let operation: OperationPattern = self.operation();
        let effect = self.effect();
        let target = match self.world.has(Topic::Effect) {
            true => match self.dice.below(3) {
                0 => Target::Effect(effect),
                1 => Target::Both(operation, effect),
                _ => Target::Operation(operation),
            },
            false => Target::Operation(operation),
        };
        let mut capability = Capability::new(target, self.resource());
        for _ in 0..self.dice.below(3) {
            if let Some((constraint, attribute)) = self.constraint() {
                let with = match attribute {
                    true => capability.clone().with_attribute(constraint),
                    false => capability.clone().with_argument(constraint),
                };
                capability = with.unwrap_or(capability);
            }
        }
        if self.dice.percent(40) {
            capability = capability.open_arguments();
        }
        capability
    }

    fn pattern(&mut self) -> Pattern {
        let mut pattern = Pattern::any();
        if self.world.has(Topic::Operation) && self.dice.percent(60) {
            pattern = pattern.with_operation(self.operation());
        }
        if self.world.has(Topic::Effect) && self.dice.percent(60) {
            pattern = pattern.with_effect(self.effect());
        }
        if self.world.has(Topic::Resource) && self.dice.percent(60) {
            pattern = pattern.with_resource(self.resource());
        }
        for _ in 0..self.dice.below(3) {
            if let Some((mut constraint, attribute)) = self.constraint() {
                if self.dice.percent(50) {
                    constraint = constraint.if_present();
                }
                let with = match attribute {
                    true => pattern.clone().with_attribute(constraint),
                    false => pattern.clone().with_argument(constraint),
                };
                pattern = with.unwrap_or(pattern);
            }
        }
        pattern
    }

    fn requirement(&mut self, budgets: &mut usize) -> Requirement {
        let condition = self.condition(budgets);
        let requirement = Requirement::new(self.pattern(), condition);
        match self.world.has(Topic::Taint) && self.dice.percent(60) {
            true => requirement.when_tainted(),
            false => requirement,
        }
    }

    fn condition(&mut self, budgets: &mut usize) -> Condition {
        if self.world.has(Topic::Approvals) {
            let [a, b, c] = approvers();
            let group =
                |threshold, keys: &[_]| ApproverGroup::new(threshold, keys.to_vec()).unwrap();
            let groups = match self.dice.below(6) {
                0 => vec![group(1, &[a])],
                1 => vec![group(1, &[a, b])],
                2 => vec![group(2, &[a, b, c])],
                3 => vec![group(1, &[a, b]), group(1, &[c])],
                4 => vec![group(2, &[b, c])],
                _ => vec![group(1, &[a, b, c])],
            };
            return Condition::Approval(ApprovalRule::new(groups).unwrap());
        }
        // A name stands once in a scope.
        if self.world.has(Topic::Spent) && *budgets == 0 {
            *budgets += 1;
            let cap = 1 + self.dice.below(5) as i64;
            let measure = self.world.budget.measure().clone();
            return Condition::Budget(Budget::sum("one", measure, cap).unwrap());
        }
        Condition::Signature
    }

    fn operation(&mut self) -> OperationPattern {
        let all = ["a.b", "a.*", "a.c", "a", "a.b.*", "c.*"];
        let count = if self.world.has(Topic::Operation) {
            6
        } else {
            2
        };
        self.dice.pick(&all[..count]).parse().unwrap()
    }

    fn effect(&mut self) -> Effect {
        self.dice.pick(&[Effect::Read, Effect::Send, Effect::Pay])
    }

    fn resource(&mut self) -> ResourcePattern {
        let all = [
            "x", "**", "x/*", "x/**", "*", "xa*/y", "x*/**", "*/y", "*/*", "*b", "y", "*/y/**",
        ];
        let count = if self.world.has(Topic::Resource) {
            all.len()
        } else {
            2
        };
        self.dice.pick(&all[..count]).parse().unwrap()
    }

    /// A constraint, and whether it is on an attribute.
    fn constraint(&mut self) -> Option<(Constraint, bool)> {
        let trees: Vec<Topic> = super::world::TREES
            .into_iter()
            .filter(|it| self.world.has(*it))
            .collect();
        if trees.is_empty() {
            return None;
        }
        let topic = self.dice.pick(&trees);
        let (path, matcher) = match topic {
            Topic::Text | Topic::Attribute => ("t", self.text()),
            Topic::Int => ("n", self.int()),
            Topic::Decimal => ("d", self.decimal()),
            Topic::List if self.dice.percent(35) => ("l", self.count()),
            Topic::List => ("l.*", self.text()),
            Topic::Object if self.dice.percent(20) => ("o.j", Matcher::equals(true)),
            Topic::Object => ("o.k", self.int()),
            Topic::Items => match self.dice.below(4) {
                0 => ("i", self.count()),
                1 => ("i.*.g.*", self.text()),
                2 => ("i.*.g", self.count()),
                _ => ("i.*.k", self.int()),
            },
            _ => ("z", Matcher::equals(1)),
        };
        let mut constraint = Constraint::new(path, matcher).unwrap();
        if self.dice.percent(30) {
            constraint = constraint.optional();
        }
        if self.dice.percent(35) {
            constraint = constraint.clone().some().unwrap_or(constraint);
        }
        Some((constraint, topic == Topic::Attribute))
    }

    fn text(&mut self) -> Matcher {
        if self.world.has(Topic::Notes) && self.dice.percent(50) {
            return Matcher::from_label("m").unwrap();
        }
        match self.dice.below(9) {
            0 => Matcher::equals("v"),
            1 => Matcher::equals("w"),
            2 => Matcher::one_of(["v", "w"]).unwrap(),
            3 => Matcher::text("v*").unwrap(),
            4 => Matcher::text("*w").unwrap(),
            5 => Matcher::text("v*w").unwrap(),
            6 => Matcher::text_length(0, 1).unwrap(),
            7 => Matcher::text_length(1, 3).unwrap(),
            _ => Matcher::text("*").unwrap(),
        }
    }

    fn int(&mut self) -> Matcher {
        let min = self.dice.below(4) as i64;
        match self.dice.below(5) {
            0 => Matcher::equals(min),
            1 => Matcher::one_of([1, 3]).unwrap(),
            2 => Matcher::int(None, min).unwrap(),
            3 => Matcher::int(min, None).unwrap(),
            _ => Matcher::int(min, min + self.dice.below(3) as i64).unwrap(),
        }
    }

    fn decimal(&mut self) -> Matcher {
        let min = self.dice.below(4) as i64;
        match self.dice.below(3) {
            0 => Matcher::equals(Decimal::new(2, min).unwrap()),
            1 => Matcher::decimal(2, min, min + 1).unwrap(),
            _ => Matcher::decimal(2, min, None).unwrap(),
        }
    }

    fn count(&mut self) -> Matcher {
        let min = self.dice.below(3) as u32;
        match self.dice.percent(50) {
            true => Matcher::count(min, min + self.dice.below(2) as u32).unwrap(),
            false => Matcher::count(min, None).unwrap(),
        }
    }

    /// A chain that allows the same, written another way; or nearly.
    fn same(&mut self, chain: &Chain) -> Chain {
        let mut other = chain.clone();
        match self.dice.below(4) {
            // One more time the same block.
            0 => other.blocks.push(chain.blocks[0].clone()),
            // A rule of the first block, in the house.
            1 if other.house.is_none() => other.house = Some(chain.blocks[0].clone()),
            // Split along a constraint and what is left beside it.
            2 => {
                let index = self.dice.below(other.blocks.len());
                other.blocks[index] = self.split(&other.blocks[index]);
            }
            _ => {
                let index = self.dice.below(other.blocks.len());
                other.blocks[index] = self.reversed(&other.blocks[index]);
            }
        }
        other
    }

    fn reversed(&mut self, scope: &Scope) -> Scope {
        let Some(allow) = scope.allow() else {
            return scope.clone();
        };
        let allow: Vec<_> = allow.iter().rev().cloned().collect();
        let built = scope.clone().into_builder().allow_only(allow).build();
        built.unwrap_or_else(|_| scope.clone())
    }

    /// A capability in two that together are it, or nearly.
    fn split(&mut self, scope: &Scope) -> Scope {
        let Some(allow) = scope.allow() else {
            return scope.clone();
        };
        let mut allow = allow.to_vec();
        let one = allow.remove(self.dice.below(allow.len()));
        let halves = match self.dice.below(4) {
            0 => ["x", "x/**", "*"]
                .map(|it| it.parse::<ResourcePattern>().unwrap())
                .map(|resource| {
                    let mut capability = Capability::new(one.target().clone(), resource);
                    for constraint in one.arguments() {
                        capability = capability.with_argument(constraint.clone()).unwrap();
                    }
                    capability
                })
                .to_vec(),
            1 => ["n", "o.k", "i.*.k"]
                .iter()
                .flat_map(|path| {
                    let low = Matcher::int(None, 1).unwrap();
                    let high = Matcher::int(2, None).unwrap();
                    [low, high].map(|it| one.clone().argument(path, it).unwrap_or(one.clone()))
                })
                .skip(self.dice.below(2))
                .collect(),
            _ => {
                let with = self
                    .constraint()
                    .and_then(|(constraint, attribute)| match attribute {
                        true => one.clone().with_attribute(constraint).ok(),
                        false => one.clone().with_argument(constraint).ok(),
                    });
                with.into_iter().chain([one.clone()]).collect()
            }
        };
        for half in halves {
            if !allow.contains(&half) {
                allow.push(half);
            }
        }
        let built = scope.clone().into_builder().allow_only(allow).build();
        built.unwrap_or_else(|_| scope.clone())
    }

    fn longer(&mut self, chain: &Chain) -> Chain {
        let mut other = chain.clone();
        other.blocks.push(self.scope(false));
        other
    }

    /// With one thing more, less, or instead of another.
    fn changed(&mut self, chain: &Chain) -> Chain {
        let mut other = chain.clone();
        let index = self.dice.below(other.blocks.len());
        let scope = other.blocks[index].clone();
        let has_budget = scope
            .require()
            .iter()
            .any(|it| matches!(it.condition(), Condition::Budget(_)));
        let mut budgets = usize::from(has_budget);
        let builder = scope.clone().into_builder();
        let changed = match self.dice.below(5) {
            0 => builder.allow(self.capability()),
            1 => builder.deny(self.pattern()),
            2 => builder.require(self.requirement(&mut budgets)),
            3 => match scope.allow() {
                Some(allow) if allow.len() > 1 => builder.allow_only(allow[1..].to_vec()),
                _ => builder.allow_only([self.capability()]),
            },
            _ => {
                let (deny, require) = (scope.deny(), scope.require());
                let mut builder = match index {
                    0 => whole(Scope::builder()),
                    _ => Scope::builder(),
                };
                if let Some(allow) = scope.allow() {
                    builder = builder.allow_only(allow.to_vec());
                }
                if deny.is_empty() {
                    builder
                } else {
                    require.iter().cloned().fold(builder, ScopeBuilder::require)
                }
            }
        };
        other.blocks[index] = changed.build().unwrap_or(scope);
        other
    }
}

/// What a first block must have.
fn whole(scope: ScopeBuilder) -> ScopeBuilder {
    let services = ["s", "t", "u"].map(|it| it.parse().unwrap());
    scope.not_after(seconds(10_000)).audience_only(services)
}
