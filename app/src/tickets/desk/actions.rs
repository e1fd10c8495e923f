//! What can be done with the open ticket: the keys and the palette do what its buttons do.

use super::change::Change;
use super::list::InboxList;
use super::query::ListQuery;
use super::store::TicketStore;
use crate::ui::{Command, Glyph, Shortcut, print, use_shortcuts};
use coco::tickets::Status;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Requests to write, counted. They may come before the ticket does.
#[derive(Clone, Copy)]
pub struct Writing {
    reply: RwSignal<u32>,
    note: RwSignal<u32>,
}

impl Writing {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self { reply: RwSignal::new(0), note: RwSignal::new(0) }
    }

    /// Sets the keys that ask for it.
    pub fn keys(self) {
        let (reply, note) = self.callbacks();
        use_shortcuts(vec![Shortcut::new("r", "Write an answer", reply), Shortcut::new("n", "Write a note", note)]);
    }

    fn callbacks(self) -> (Callback<()>, Callback<()>) {
        let ask = |asked: RwSignal<u32>| Callback::new(move |()| asked.update(|n| *n += 1));
        (ask(self.reply), ask(self.note))
    }
}

/// What can be done with the ticket, by button, key and palette.
#[derive(Clone, Copy)]
pub struct Actions {
    store: TicketStore,
    /// Counts requests to write an answer.
    pub reply: RwSignal<u32>,
    /// Counts requests to write a note.
    pub note: RwSignal<u32>,
    /// The dialog to assign is open.
    pub assigning: RwSignal<bool>,
}

impl Actions {
    /// Sets the keys of the page and its commands.
    pub fn new(store: TicketStore, writing: Writing) -> Self {
        let this = Self { store, reply: writing.reply, note: writing.note, assigning: RwSignal::new(false) };
        let list = use_context::<InboxList>();
        let navigate = use_navigate();
        let back = Callback::new(move |()| {
            let to = list.map_or_else(|| "/rep/inbox".to_owned(), |l| l.query.with_untracked(ListQuery::href));
            navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        });
        let (reply, note) = writing.callbacks();
        let (take, resolve) = (Callback::new(move |()| this.assign_to_me()), Callback::new(move |()| this.go(Status::Resolved)));
        writing.keys();
        use_shortcuts(vec![
            Shortcut::new("a", "Assign to me", take),
            Shortcut::new("e", "Resolve", resolve),
            Shortcut::new("Escape", "Back to the list", back),
        ]);
        let assign = Callback::new(move |()| this.assigning.set(true));
        let commands = store.desk.commands;
        let can = Memo::new(move |_| this.can());
        Effect::new(move |_| {
            let (can_take, can_assign, can_resolve) = can.get();
            let of_status = [
                can_take.then(|| Command::run("Assign to me", take).glyph(Glyph::USER).hint("a")),
                can_assign.then(|| Command::run("Hand to someone else…", assign).also("assign to a colleague").glyph(Glyph::ASSIGN)),
                can_resolve.then(|| Command::run("Resolve", resolve).glyph(Glyph::CIRCLE_CHECK).hint("e")),
            ];
            let always = [
                Command::run("Reply", reply).glyph(Glyph::SEND).hint("r"),
                Command::run("Add a note", note).glyph(Glyph::NOTE).hint("n"),
                Command::run("Print", Callback::new(|()| print())).glyph(Glyph::PRINTER),
            ];
            commands.set(of_status.into_iter().flatten().chain(always).collect());
            on_cleanup(move || {
                let _ = commands.try_set(Vec::new());
            });
        });
        this
    }

    /// Whether one can take it, hand it to someone, and resolve it.
    fn can(self) -> (bool, bool, bool) {
        self.store.ticket.with(|t| {
            let mine = t.assignee_id.as_ref().is_some_and(|id| self.store.desk.is_me(id));
            (t.status.is_open() && !mine, t.status.is_open(), t.status.can_become(Status::Resolved))
        })
    }

    /// Takes the ticket.
    pub fn assign_to_me(self) {
        let me = self.store.desk.viewer.with_value(|v| (v.id.clone(), v.name.clone()));
        if untrack(|| self.can().0) {
            self.store.change(Change::Assign(Some(me), String::new()));
        }
    }

    /// Moves the ticket, where that is legal.
    pub fn go(self, to: Status) {
        if self.store.ticket.with_untracked(|t| t.status.can_become(to)) {
            self.store.change(Change::Move(to));
        }
    }
}
