//! The network of agents tells its story, line for line.

mod support;

use support::assert_prints;

const STORY: &str = "\
deny revocations_stale physics/quantum/papers/2026/1 by editor
revocations 1
allow physics/quantum/papers/2026/1 by editor
allow physics/quantum/papers/2026/1 by editor > planner
allow physics/quantum/papers/2026/1 by editor > planner > researcher
allow physics/quantum/papers/2026/1 by editor > planner > researcher > reader
allow physics/quantum/papers/2026/1 by editor > planner > researcher > reader > copyist
deny resource_outside physics/quantum/papers/2026/2 by editor > planner > researcher > reader > copyist
allow physics/quantum/papers/2026/2 by editor > planner > researcher > reader
deny resource_outside physics/quantum/papers/1925/1 by editor > planner > researcher > reader
deny resource_outside physics/quantum/figures/1 by editor > planner > researcher
allow physics/quantum/figures/1 by editor > planner > archivist
deny resource_outside physics/optics/1 by editor > planner
allow physics/optics/1 by editor
deny resource_outside chemistry/acids/1 by editor
allow physics/quantum/papers/1925/1 by editor > planner > researcher > reader
deny resource_outside physics/quantum/figures/1 by editor > planner > researcher > reader
deny depth_exceeded physics/quantum/papers/2026/1 by editor > planner > researcher > reader > copyist > archivist
deny not_the_holder physics/quantum/papers/2026/1 by planner
revocations 2
deny revoked physics/quantum/papers/2026/1 by editor > planner > researcher
deny revoked physics/quantum/papers/2026/1 by editor > planner > researcher > reader
deny revoked physics/quantum/papers/2026/1 by editor > planner > researcher > reader > copyist
allow physics/quantum/papers/2026/1 by editor > planner
allow physics/quantum/figures/1 by editor > planner > archivist
allow physics/quantum/papers/2026/1 by editor > planner > reader
deny budget_exceeded physics/quantum/figures/1 by editor > planner > archivist
deny budget_exceeded physics/quantum/papers/2026/1 by editor
";

#[test]
fn whoever_is_further_down_may_do_less_and_stops_with_those_above() {
    assert_prints("agent_network", STORY);
}
