//! Objects.

use std::collections::BTreeMap;

use super::super::super::effort::{Exhausted, Steps};
use super::ask::{Ask, Named};
use super::{Node, State};
use crate::scope::{Step, next};

/// What the node can be if it is an object.
pub(super) fn ways<'a>(
    state: &State<'a>,
    id: usize,
    asks: &[Ask<'a>],
    steps: &mut Steps,
) -> Result<Vec<State<'a>>, Exhausted> {
    let Some((plan, unnamed)) = Plan::of(asks) else {
        return Ok(Vec::new());
    };
    let mut plans = vec![plan];
    for one in unnamed {
        let mut more = Vec::new();
        for mut plan in plans {
            steps.take(1 + plan.members.len())?;
            plan.known.extend(one.keys());
            more.extend(plan.with_unnamed(one));
        }
        plans = more;
    }
    let mut ways = Vec::new();
    for plan in plans {
        ways.extend(plan.ways(state, id, steps)?);
    }
    Ok(ways)
}

/// What an object is to be.
#[derive(Clone, Default)]
struct Plan<'a> {
    members: BTreeMap<&'a str, Member<'a>>,
    /// Where each member must be named.
    closed: Vec<Named<'a>>,
    /// Keys that are spoken of.
    known: Vec<&'a str>,
    /// Whether there is a member that nothing speaks of.
    extra: bool,
}

#[derive(Clone)]
struct Member<'a> {
    /// If it is there.
    asks: Vec<Ask<'a>>,
    may_be_absent: bool,
}

impl Default for Member<'_> {
    fn default() -> Self {
        Self {
            asks: Vec::new(),
            may_be_absent: true,
        }
    }
}

impl<'a> Plan<'a> {
    /// All but what must have an unnamed member, which is given beside; `None` if no object will do.
    fn of(asks: &[Ask<'a>]) -> Option<(Self, Vec<Named<'a>>)> {
        let mut plan = Self::default();
        let mut unnamed = Vec::new();
        for ask in asks {
            match ask {
                Ask::Sought(it) => match it.constraint.path().steps().get(it.depth) {
                    Some(Step::Key(key)) => {
                        plan.known.push(key.as_str());
                        let member = plan.members.entry(key.as_str()).or_default();
                        member.may_be_absent &= it.fits_absence();
                        member.asks.push(Ask::Sought(it.deeper()));
                    }
                    _ if it.in_doubt() == it.holds => {}
                    _ => return None,
                },
                // Only at the root nothing at all can be named.
                Ask::Named(it) if it.keys().next().is_none() && !it.path.is_empty() => {
                    if !it.holds {
                        return None;
                    }
                }
                Ask::Named(it) => {
                    let list = if it.holds {
                        &mut plan.closed
                    } else {
                        &mut unnamed
                    };
                    list.push(*it);
                }
            }
        }
        Some((plan, unnamed))
    }

    /// Every way to have a member, here or further down, that this does not name.
    fn with_unnamed(self, one: Named<'a>) -> Vec<Self> {
        let mut plans = Vec::new();
        if self.closed.is_empty() {
            // What nothing speaks of harms nothing, and nothing more is to be tried.
            return vec![Self {
                extra: true,
                ..self
            }];
        }
        let named = self.closed.iter().flat_map(Named::keys);
        let mut keys: Vec<&'a str> = named.collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let mut plan = self.clone();
            let member = plan.members.entry(key).or_default();
            member.may_be_absent = false;
            member.asks.extend(one.below(key).map(Ask::Named));
            plans.push(plan);
        }
        plans
    }

    fn ways(
        mut self,
        state: &State<'a>,
        id: usize,
        steps: &mut Steps,
    ) -> Result<Vec<State<'a>>, Exhausted> {
        let mut drafts = vec![(state.clone(), Vec::new())];
        for (key, mut member) in std::mem::take(&mut self.members) {
            let below: Vec<_> = self.closed.iter().map(|it| it.below(key)).collect();
            let may_be_there = below.iter().all(Option::is_some);
            member
                .asks
                .extend(below.into_iter().flatten().map(Ask::Named));
            let reads_notes = member.asks.iter().any(Ask::reads_notes);
            let mut more = Vec::new();
            for (state, members) in drafts {
                steps.take(1 + state.nodes.len())?;
                let mut there = None;
                // What may be absent is there only if something is asked that it would fail.
                if may_be_there
                    && (reads_notes || !member.may_be_absent || member.is_asked_to_fail())
                {
                    let mut state = state.clone();
                    if let Some(id) = state.below(member.asks.clone(), steps)? {
                        let mut members: Vec<(&'a str, usize)> = members.clone();
                        members.push((key, id));
                        there = Some((state, members));
                    }
                }
                let absent = member.may_be_absent && (there.is_none() || reads_notes);
                let absent = absent.then_some((state, members));
                more.extend(there.into_iter().chain(absent));
            }
            drafts = more;
        }
        let extra = self.extra.then(|| self.fresh());
        let done =
            |(state, members): (State<'a>, _)| state.with(id, Node::Object(members, extra.clone()));
        Ok(drafts.into_iter().map(done).collect())
    }

    /// A key that nothing speaks of.
    fn fresh(&self) -> String {
        let number = |n: usize| if n == 0 { String::new() } else { n.to_string() };
        let names = (0..=self.known.len()).map(|n| format!("other{}", number(n)));
        let mut fresh = names.filter(|name| !self.known.contains(&name.as_str()));
        fresh.next().unwrap_or_default()
    }
}

impl Member<'_> {
    /// Whether something would hold of it, were it absent, that is only right if it is there.
    fn is_asked_to_fail(&self) -> bool {
        let fails = |ask: &Ask<'_>| matches!(ask, Ask::Sought(it) if !it.holds);
        self.asks.iter().any(fails)
    }
}

impl<'a> Named<'a> {
    /// The keys that are named here.
    fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let path = self.path;
        self.constraints.iter().filter_map(move |constraint| {
            let rest = constraint.path().steps().strip_prefix(path)?;
            match rest.first()? {
                Step::Key(key) => Some(key.as_str()),
                Step::Each => None,
            }
        })
    }

    /// The same below a member, if that is named.
    fn below(&self, key: &str) -> Option<Self> {
        let is_key = |step: &Step| matches!(step, Step::Key(name) if name.as_str() == key);
        let path = next(self.constraints, self.path, is_key)?;
        Some(Self { path, ..*self })
    }
}
