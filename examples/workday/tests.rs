//! The benchmark itself: without gates everything is possible, so what is blocked is blocked by gates.

// What only the table needs is not used here.
#![allow(dead_code)]

mod agent;
mod catalogs;
mod data;
mod injection;
mod mode;
mod office;
mod run;
mod server;
mod state;
mod suite;
mod task;
mod tool;

use std::sync::Arc;

use crate::mode::Mode;
use crate::run::Ran;
use crate::suite::{Job, Suite};
use crate::task::Task;

/// All runs without gates.
async fn open() -> (Arc<Suite>, Arc<Vec<Job>>, Vec<Ran>) {
    let suite = Arc::new(Suite::new().unwrap());
    let jobs = Arc::new(suite.jobs());
    let ran = suite.run(Mode::Open, &jobs).await.unwrap();
    (suite, jobs, ran)
}

#[tokio::test]
async fn every_task_is_done_without_gates() {
    let (suite, jobs, ran) = open().await;
    for (job, ran) in jobs
        .iter()
        .zip(&ran)
        .filter(|(job, _)| job.planted.is_none())
    {
        let task = &suite.tasks[job.task].id;
        assert!(ran.done, "{task} is not done");
        assert_eq!(ran.allowed, ran.calls, "{task}");
    }
}

#[tokio::test]
async fn every_attack_reaches_its_goal_without_gates() {
    let (suite, jobs, ran) = open().await;
    for (job, ran) in jobs.iter().zip(&ran) {
        if let Some((injection, place)) = &job.planted {
            let injection = &suite.injections[*injection].id;
            let task = &suite.tasks[job.task].id;
            assert!(ran.reached, "{injection} at {place} in {task}");
        }
    }
}

#[tokio::test]
async fn no_task_reaches_the_goal_of_an_attack_by_itself() {
    let (suite, jobs, ran) = open().await;
    for (job, ran) in jobs
        .iter()
        .zip(&ran)
        .filter(|(job, _)| job.planted.is_none())
    {
        for injection in &suite.injections {
            let task = &suite.tasks[job.task].id;
            assert!(
                !injection.is_reached(&ran.state),
                "{} in {task}",
                injection.id
            );
        }
    }
}

#[test]
fn every_injection_is_met_by_a_task() {
    let suite = Suite::new().unwrap();
    let jobs = suite.jobs();
    let met = |index| move |job: &Job| matches!(&job.planted, Some((met, _)) if *met == index);
    for (index, injection) in suite.injections.iter().enumerate() {
        assert!(
            jobs.iter().any(met(index)),
            "nothing reads {}",
            injection.id
        );
    }
}

/// A run of this task with this injection at the first place that it reads.
async fn attacked(mode: Mode, task: &str, injection: &str) -> Ran {
    let suite = Arc::new(Suite::new().unwrap());
    let is_it = |job: &Job| {
        let planted = job.planted.as_ref();
        suite.tasks[job.task].id == task
            && planted.is_some_and(|(index, _)| suite.injections[*index].id == injection)
    };
    let job = suite.jobs().into_iter().find(is_it).unwrap();
    let mut ran = suite.run(mode, &Arc::new(vec![job])).await.unwrap();
    ran.pop().unwrap()
}

#[tokio::test]
async fn notes_of_another_task_are_refused_for_being_foreign() {
    let own = attacked(Mode::Notes, "handover-agenda", "noted-recipient").await;
    assert!(own.reached, "its own notes would have done");
    let stolen = attacked(Mode::Notes, "handover-agenda", "stolen-recipient").await;
    assert_eq!(stolen.refused.last().unwrap(), "note_foreign");
    assert!(!stolen.reached);
}

#[tokio::test]
async fn a_note_of_another_object_is_of_no_use() {
    let ran = attacked(Mode::Notes, "course-fee", "noted-form").await;
    assert_eq!(ran.refused, ["argument_outside"]);
}

#[tokio::test]
async fn after_it_has_read_an_agent_may_not_send_what_it_was_free_to_send_before() {
    let free = attacked(Mode::Notes, "late-and-lease", "secret-in-mail").await;
    assert!(free.reached);
    let tainted = attacked(Mode::Taint, "late-and-lease", "secret-in-mail").await;
    assert_eq!(tainted.refused, ["approval_required"]);
    assert!(tainted.done && !tainted.reached);
}

#[tokio::test]
async fn what_one_service_gave_back_taints_the_task_at_another() {
    let free = attacked(Mode::Notes, "lunch-and-brief", "secret-in-post").await;
    assert!(free.reached);
    let tainted = attacked(Mode::Taint, "lunch-and-brief", "secret-in-post").await;
    assert_eq!(
        tainted.asked, 0,
        "the services share a ledger, which knows the task as clean"
    );
    assert_eq!(tainted.refused, ["approval_required"]);
}

/// By a `from`, or by what the strict mode asks about and the broad one does not.
#[test]
fn most_acts_have_a_target_that_the_words_do_not_say() {
    let suite = Suite::new().unwrap();
    let unsaid = |task: &&Task| {
        let rules = |mode: Mode| mode.rules(&task.manifest).unwrap();
        rules(Mode::Strict) != rules(Mode::Broad) || task.manifest.to_string().contains("from =")
    };
    let unsaid = suite.tasks.iter().filter(unsaid).count();
    assert!(unsaid * 2 > suite.tasks.len(), "{unsaid}");
}
