//! Saving changes: one after the other, shown at once, taken back where that is possible.

use super::change::{Change, Known};
use super::store::TicketStore;
use crate::error::ApiError;
use crate::tickets::api::load_ticket;
use coco::journey::EventRecord;
use coco::tickets::{Status, Ticket};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;

/// One change on its way.
#[derive(Debug, Clone)]
pub struct Job {
    /// What is to change.
    pub change: Change,
    /// What the person saw when they made it.
    was: Known,
    /// Save it whatever there is by now.
    anyway: bool,
    /// What to say when it is done; empty for nothing.
    done: String,
    /// Offer to take it back.
    undo: bool,
}

/// A change that someone else's got in the way of.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// One's own.
    pub job: Job,
    /// Theirs.
    pub theirs: EventRecord,
}

impl Job {
    /// Shows it, before the server has agreed.
    pub fn apply(&self, to: &mut Known) {
        self.change.apply(to);
    }

    /// One that nobody checks and nobody takes back.
    const fn plain(change: Change, was: Known, done: String) -> Self {
        Self { change, was, anyway: true, done, undo: false }
    }
}

impl TicketStore {
    /// What the server last said: take it when someone begins to edit, for [`TicketStore::change_from`].
    #[must_use]
    pub fn known(self) -> Known {
        self.known.get_value()
    }

    /// Makes a change: shown at once, saved, and taken back by a button.
    pub fn change(self, change: Change) {
        self.change_from(self.known(), change);
    }

    /// The same, by someone who began it when the ticket stood at `was`.
    pub fn change_from(self, was: Known, change: Change) {
        let done = self.desk.viewer.with_value(|me| change.done(&me.id));
        self.push(Job { change, was, anyway: false, done, undo: true });
    }

    /// Saves what [`TicketStore::conflict`] holds, over what someone else has saved.
    pub fn save_anyway(self) {
        if let Some(Conflict { job, .. }) = self.conflict.get_untracked() {
            self.conflict.set(None);
            self.push(Job { was: self.known(), anyway: true, ..job });
        }
    }

    /// Resolves and closes, after a message that was to end the matter. The page may have gone on to
    /// another ticket meanwhile.
    pub fn finish(self, number: String) {
        if self.ticket.is_disposed() {
            let toaster = self.toaster;
            spawn_local(async move {
                // It may be resolved already; what counts is whether it can be closed.
                let _ = Change::Move(Status::Resolved).send(number.clone(), None).await;
                match Change::Move(Status::Closed).send(number.clone(), None).await {
                    Ok(_) => toaster.ok([&number, " is sent and closed."].concat()),
                    Err(e) => toaster.error([&number, " is sent but not closed. ", &e.to_string()].concat()),
                }
            });
            return;
        }
        let was = self.known();
        if was.ticket.status.is_open() {
            self.push(Job::plain(Change::Move(Status::Resolved), was.clone(), String::new()));
        }
        if was.ticket.status != Status::Closed {
            self.push(Job { undo: true, ..Job::plain(Change::Move(Status::Closed), was, "Sent and closed.".into()) });
        }
    }

    /// Goes on working on it, after a message that is not to end the matter.
    pub fn keep_open(self) {
        if self.ticket.is_disposed() {
            return;
        }
        let was = self.known();
        let to = match was.ticket.status {
            Status::WaitingCustomer => Status::InProgress,
            Status::Resolved | Status::Closed => Status::Reopened,
            _ => return,
        };
        self.push(Job::plain(Change::Move(to), was, "Sent. The ticket stays open.".into()));
    }

    fn push(self, job: Job) {
        let idle = self.queue.with_value(VecDeque::is_empty);
        self.queue.update_value(|queue| queue.push_back(job));
        self.refresh();
        if idle {
            spawn_local(self.save_all());
        }
    }

    async fn save_all(self) {
        while let Some(jobs) = self.queue.try_with_value(|queue| queue.iter().cloned().collect::<Vec<_>>())
            && !jobs.is_empty()
        {
            for job in jobs {
                self.save(job).await;
            }
        }
    }

    /// Saves one change. It is saved also when another ticket is open by now; then only errors are told.
    async fn save(self, job: Job) {
        let number = job.was.ticket.number.clone();
        let seen = self.known.try_with_value(|k| k.ticket.version);
        if self.asks(&job) {
            return;
        }
        // Who edits for a while saves on what they saw when they began.
        let version = if matches!(job.change, Change::Subject(_)) { Some(job.was.ticket.version) } else { seen };
        let mut answer = job.change.send(number.clone(), version.filter(|_| !job.anyway)).await;
        if answer.as_ref().is_err_and(ApiError::is_stale)
            && let Ok(view) = load_ticket(number.clone()).await
            && !self.ticket.is_disposed()
        {
            self.take(&view);
            if self.asks(&job) {
                return;
            }
            answer = job.change.send(number, Some(view.ticket.version)).await;
        }
        if !self.ticket.is_disposed() {
            if let Ok(ticket) = &answer {
                self.saved(&job, ticket);
            }
            self.leave_queue();
        }
        match answer {
            Ok(_) => self.tell(job),
            Err(e) => self.toaster.error(e.to_string()),
        }
    }

    /// Asks whose counts, instead of saving, where someone else has changed the same thing meanwhile.
    fn asks(self, job: &Job) -> bool {
        if job.anyway || self.ticket.is_disposed() {
            return false;
        }
        let me = self.desk.viewer.with_value(|me| me.id.clone());
        let is = self.known();
        let theirs = self.activity.with_untracked(|all| job.change.contest(&job.was, &is, all, &me).cloned());
        let Some(theirs) = theirs else { return false };
        self.leave_queue();
        self.conflict.set(Some(Conflict { job: job.clone(), theirs }));
        true
    }

    fn leave_queue(self) {
        self.queue.update_value(|queue| drop(queue.pop_front()));
        self.refresh();
    }

    fn saved(self, job: &Job, ticket: &Ticket) {
        self.known.update_value(|known| {
            if ticket.version >= known.ticket.version {
                known.ticket = ticket.clone();
            }
            if let Change::Tags(tags) = &job.change {
                known.tags.clone_from(tags);
            }
        });
    }

    fn tell(self, job: Job) {
        if job.done.is_empty() {
            return;
        }
        match job.change.inverse(&job.was).filter(|_| job.undo) {
            Some(back) => self.toaster.undo(job.done, Callback::new(move |()| self.take_back(back.clone(), job.was.ticket.number.clone()))),
            None => self.toaster.ok(job.done),
        }
    }

    fn take_back(self, back: Change, number: String) {
        if !self.ticket.is_disposed() {
            self.push(Job::plain(back, self.known(), "Taken back.".into()));
            return;
        }
        let toaster = self.toaster;
        spawn_local(async move {
            match back.send(number, None).await {
                Ok(_) => toaster.ok("Taken back."),
                Err(e) => toaster.error(e.to_string()),
            }
        });
    }
}
