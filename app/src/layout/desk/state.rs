//! What every page of the desk knows: who works here, for whom, and that something has happened.

use crate::auth::api::{Viewer, load_viewer};
use crate::error::ApiResult;
use crate::journey::api::newest_event;
use crate::live::{Connection, Frame, use_live};
use crate::people::api::{list_colleagues, load_me, load_presence};
use crate::teams::api::list_teams;
use crate::tickets::api::load_counters;
use crate::ui::{Command, Toaster, use_toaster};
use crate::vendors::api::my_vendors;
use coco::Error;
use coco::actor::{Action, Relation};
use coco::event::Event;
use coco::id::{UserId, VendorId};
use coco::journey::EventRecord;
use coco::people::{Colleague, Presence};
use coco::teams::Team;
use coco::tickets::{Category, Counters};
use coco::vendors::Vendor;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Between two refreshes that events cause.
const BEAT: Duration = Duration::from_secs(1);

/// What the desk begins with, in the first HTML.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Start {
    /// The newest event from before all else was read.
    seq: i64,
    viewer: Viewer,
    vendors: Vec<Vendor>,
    vendor: Vendor,
    presence: Presence,
    counters: Counters,
    colleagues: Vec<Colleague>,
    teams: Vec<Team>,
}

impl Start {
    pub(super) async fn load() -> ApiResult<Self> {
        let viewer = load_viewer().await?.ok_or(Error::Unauthenticated)?;
        if !viewer.role.is_staff() {
            return Err(Error::NotFound.into());
        }
        let seq = newest_event().await?;
        let (me, vendors) = (load_me().await?, my_vendors().await?);
        let chosen = vendors.iter().find(|v| me.current_vendor_id.as_ref() == Some(&v.id)).or(vendors.first());
        let vendor = chosen.cloned().ok_or(Error::Forbidden)?;
        let presence = load_presence().await?;
        let counters = load_counters(vendor.id.clone()).await?;
        let colleagues = list_colleagues(vendor.id.clone()).await?;
        let teams = list_teams(vendor.id.clone()).await?;
        Ok(Self { seq, viewer, vendors, vendor, presence, counters, colleagues, teams })
    }
}

/// A vendor's own categories, each with its top category.
type SubCategories = (VendorId, Vec<(Category, String)>);

/// What every page of the desk knows; get it with [`use_desk`].
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who is signed in.
    pub viewer: StoredValue<Viewer>,
    /// The vendors they work for.
    pub vendors: StoredValue<Vec<Vendor>>,
    /// The one they work in now; choosing another loads the page anew.
    pub vendor: StoredValue<Vendor>,
    /// One's own presence.
    pub presence: RwSignal<Presence>,
    /// How many tickets each list holds.
    pub counters: RwSignal<Counters>,
    /// Everyone who works here.
    pub colleagues: RwSignal<Vec<Colleague>>,
    /// The teams here.
    pub teams: StoredValue<Vec<Team>>,
    /// Sub-categories, once a page has asked for those of a vendor.
    pub categories: RwSignal<Option<SubCategories>>,
    /// Rises when something has happened at the vendor, at most once a second.
    pub beat: RwSignal<u32>,
    /// What the page adds to the palette.
    pub commands: RwSignal<Vec<Command>>,
    /// Since the connection is there, it was asked who is here.
    asked: StoredValue<bool>,
    stirred: StoredValue<bool>,
    seq: StoredValue<i64>,
}

/// What every page of the desk knows.
#[must_use]
pub fn use_desk() -> Desk {
    expect_context()
}

impl Desk {
    pub(super) fn new(start: Start) -> Self {
        Self {
            viewer: StoredValue::new(start.viewer),
            vendors: StoredValue::new(start.vendors),
            vendor: StoredValue::new(start.vendor),
            presence: RwSignal::new(start.presence),
            counters: RwSignal::new(start.counters),
            colleagues: RwSignal::new(start.colleagues),
            teams: StoredValue::new(start.teams),
            categories: RwSignal::new(None),
            beat: RwSignal::new(0),
            commands: RwSignal::new(Vec::new()),
            asked: StoredValue::new(false),
            stirred: StoredValue::new(false),
            seq: StoredValue::new(start.seq),
        }
    }

    /// The vendor one works in.
    #[must_use]
    pub fn vendor_id(self) -> VendorId {
        self.vendor.with_value(|v| v.id.clone())
    }

    /// Whether it is oneself.
    #[must_use]
    pub fn is_me(self, id: &UserId) -> bool {
        self.viewer.with_value(|v| v.id == *id)
    }

    /// Whether this person may read the mail that was written.
    #[must_use]
    pub fn reads_mail(self) -> bool {
        self.viewer.with_value(|v| coco::actor::allows(v.role, Action::Outbox, Relation::Staff))
    }

    /// Follows the vendor's inbox, and keeps the counters fresh.
    pub(super) fn watch(self) {
        let (live, toaster) = (use_live(), use_toaster());
        Effect::new(move |_| {
            let topic = ["inbox:", self.vendor_id().as_str()].concat();
            let take = Callback::new(move |frame: Frame| {
                self.take(&frame);
                if let Frame::Event(e) = &frame {
                    self.announce(toaster, e);
                }
            });
            live.follow(topic, self.seq.get_value(), take);
        });
        Effect::new(move |_| {
            if live.connection.get() != Connection::Live {
                self.asked.set_value(false);
            }
        });
        Effect::new(move |before: Option<u32>| {
            let beat = self.beat.get();
            if before.is_some_and(|b| b != beat) {
                spawn_local(async move {
                    if let Ok(counters) = load_counters(self.vendor_id()).await {
                        self.counters.set(counters);
                    }
                });
            }
            beat
        });
    }

    fn take(self, frame: &Frame) {
        match frame {
            Frame::Event(e) if e.vendor_id == Some(self.vendor_id()) => self.stir(),
            Frame::Resync => self.stir(),
            // One's own socket made one come online before it could be told so.
            Frame::Subscribed(_) if !self.asked.get_value() => {
                self.asked.set_value(true);
                self.refresh_colleagues();
            }
            Frame::Presence { user_id, status } => {
                let known = |c: &Colleague| c.id == *user_id && c.presence != *status;
                if self.colleagues.with_untracked(|all| all.iter().any(known)) {
                    self.colleagues.update(|all| {
                        if let Some(c) = all.iter_mut().find(|c| known(c)) {
                            c.presence = *status;
                        }
                    });
                }
                if self.is_me(user_id) {
                    self.presence.set(*status);
                }
            }
            _ => {}
        }
    }

    /// Tells who is given a ticket; and who has it and the managers that a promise is broken or about to be.
    fn announce(self, toaster: Toaster, told: &EventRecord) {
        let concerns =
            |assignee: &Option<UserId>| assignee.as_ref().is_some_and(|id| self.is_me(id)) || self.viewer.with_value(|v| v.role.is_admin());
        match &told.event {
            Event::AgentAssigned { agent_id: Some(id), .. } if self.is_me(id) && told.actor.id.as_ref() != Some(id) => {
                toaster.ok([told.actor.name.as_str(), " gave you a ticket."].concat());
            }
            Event::SlaBreached { number, promise, assignee_id, notify: true, .. } if concerns(assignee_id) => {
                toaster.error([number, " has missed its target: ", &promise.label().to_lowercase(), "."].concat());
            }
            Event::SlaWarning { number, promise, assignee_id, notify: true, .. } if concerns(assignee_id) => {
                toaster.ok([number, " is about to miss its target: ", &promise.label().to_lowercase(), "."].concat());
            }
            _ => {}
        }
    }

    /// Has counters and lists look anew, soon.
    pub fn stir(self) {
        once_in(self.stirred, BEAT, move || {
            let _ = self.beat.try_update(|b| *b += 1);
        });
    }

    /// Loads anew who works here, who of them is here, and how much each has.
    pub fn refresh_colleagues(self) {
        spawn_local(async move {
            if let Ok(all) = list_colleagues(self.vendor_id()).await {
                if let Some(me) = all.iter().find(|c| self.is_me(&c.id)) {
                    let _ = self.presence.try_set(me.presence);
                }
                let _ = self.colleagues.try_set(all);
            }
        });
    }
}

/// Does `what` after `wait`, once however often it is asked for meanwhile.
pub fn once_in(waiting: StoredValue<bool>, wait: Duration, what: impl FnOnce() + 'static) {
    if !waiting.get_value() {
        waiting.set_value(true);
        let run = move || {
            if waiting.try_set_value(false).is_none() {
                what();
            }
        };
        set_timeout(run, wait);
    }
}
