//! All tasks, all injections, and the state in which each run begins.

use std::sync::Arc;

use bailiwick_examples::Outcome;

use crate::data;
use crate::injection::Injection;
use crate::mode::Mode;
use crate::office::Office;
use crate::run::{Planted, Ran, run};
use crate::state::{Place, State};
use crate::task::Task;

/// The files with tasks.
const TASKS: [&str; 5] = [
    include_str!("tasks/mail.toml"),
    include_str!("tasks/calendar.toml"),
    include_str!("tasks/drive.toml"),
    include_str!("tasks/bank.toml"),
    include_str!("tasks/chat.toml"),
];

/// How many runs go on at the same time.
const WORKERS: usize = 4;

pub(crate) struct Suite {
    pub(crate) tasks: Vec<Task>,
    pub(crate) injections: Vec<Injection>,
    pub(crate) state: State,
}

/// A task alone, or with an injection at a place that it reads.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) task: usize,
    pub(crate) planted: Option<(usize, Place)>,
}

impl Suite {
    pub(crate) fn new() -> Outcome<Self> {
        Ok(Self {
            tasks: Task::parse(&TASKS)?,
            injections: Injection::parse(include_str!("injections.toml"))?,
            state: data::begin()?,
        })
    }

    /// Every task alone, and with each injection in each place that it reads.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        let mut jobs = vec![];
        for (task, reads) in self.tasks.iter().enumerate() {
            jobs.push(Job {
                task,
                planted: None,
            });
            for place in reads.places(&self.state) {
                let meeting = self.injections.iter().enumerate();
                let meeting = meeting.filter(|(_, injection)| injection.meets(reads));
                jobs.extend(meeting.map(|(injection, _)| Job {
                    task,
                    planted: Some((injection, place.clone())),
                }));
            }
        }
        jobs
    }

    /// How many of these attacks want nothing but tools that the task needs itself.
    pub(crate) fn with_own_tools(&self, jobs: &[Job]) -> usize {
        let own = |job: &&Job| {
            let injection = job
                .planted
                .as_ref()
                .and_then(|(index, _)| self.injections.get(*index));
            injection.is_some_and(|injection| injection.uses_tools_of(&self.tasks[job.task]))
        };
        jobs.iter().filter(own).count()
    }

    /// Runs everything in one mode; in the order of the jobs.
    pub(crate) async fn run(
        self: &Arc<Self>,
        mode: Mode,
        jobs: &Arc<Vec<Job>>,
    ) -> Outcome<Vec<Ran>> {
        let office = Arc::new(Office::new(mode, &self.tasks)?);
        let work = |worker: usize| {
            let (suite, office, jobs) = (self.clone(), office.clone(), jobs.clone());
            tokio::spawn(async move {
                let mut done = vec![];
                for (index, job) in jobs.iter().enumerate().skip(worker).step_by(WORKERS) {
                    done.push((index, suite.run_one(&office, index, job).await?));
                }
                Outcome::Ok(done)
            })
        };
        let workers: Vec<_> = (0..WORKERS).map(work).collect();
        let mut all = vec![];
        for worker in workers {
            all.append(&mut worker.await??);
        }
        all.sort_by_key(|(index, _)| *index);
        Ok(all.into_iter().map(|(_, ran)| ran).collect())
    }

    async fn run_one(&self, office: &Office, index: usize, job: &Job) -> Outcome<Ran> {
        let planted = job.planted.as_ref().map(|(injection, place)| Planted {
            injection: &self.injections[*injection],
            place,
        });
        let task = &self.tasks[job.task];
        let name = format!("{}-{index}", task.id);
        run(office, task, planted, self.state.clone(), &name).await
    }
}
