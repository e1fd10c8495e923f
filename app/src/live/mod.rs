//! The one browser socket, and the signals it feeds.
//!
//! A page follows topics; every frame reaches every follower of its app, which takes what concerns it.
//! After a cut the socket comes back by itself and asks for what happened since; when sockets are
//! blocked, the same frames are fetched by polling. On the server all of it does nothing.

#[cfg(feature = "hydrate")]
mod browser;
mod frame;
#[cfg(feature = "hydrate")]
mod poll;
mod resume;

pub use frame::Frame;

use leptos::prelude::*;
use resume::Resume;

/// How the page is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Not yet tried, or trying for the first time.
    Connecting,
    /// The socket is open.
    Live,
    /// Sockets are blocked; asking every few seconds instead.
    Polling,
    /// Nothing gets through.
    Offline,
    /// The session ended; nothing comes until someone signs in again.
    SignedOut,
}

impl Connection {
    /// The server answers.
    #[must_use]
    pub const fn is_connected(self) -> bool {
        matches!(self, Self::Live | Self::Polling)
    }
}

/// Following what happens, for the pages.
#[derive(Clone, Copy)]
pub struct Live {
    /// How the page is connected.
    pub connection: RwSignal<Connection>,
    followers: StoredValue<Vec<(u32, Callback<Frame>)>>,
    topics: StoredValue<Vec<(u32, String)>>,
    next: StoredValue<u32>,
    resume: StoredValue<Resume>,
}

/// Makes [`use_live`] work below.
pub fn provide_live() {
    provide_context(Live {
        connection: RwSignal::new(Connection::Connecting),
        followers: StoredValue::new(Vec::new()),
        topics: StoredValue::new(Vec::new()),
        next: StoredValue::new(0),
        resume: StoredValue::new(Resume::default()),
    });
}

/// Following what happens.
#[must_use]
pub fn use_live() -> Live {
    expect_context()
}

impl Live {
    /// Follows `topic` from `since` on until the present owner is cleaned up. Call it in an effect,
    /// with the newest `seq` from before the data that the page shows were read.
    pub fn follow(self, topic: String, since: i64, on: Callback<Frame>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.followers.update_value(|f| f.push((id, on)));
        self.topics.update_value(|t| t.push((id, topic.clone())));
        on_cleanup(move || {
            self.followers.try_update_value(|f| f.retain(|(i, _)| *i != id));
            self.topics.try_update_value(|t| t.retain(|(i, _)| *i != id));
            #[cfg(feature = "hydrate")]
            browser::forget(self, &topic);
        });
        self.resume.update_value(|r| r.want(since));
        #[cfg(feature = "hydrate")]
        browser::want(self);
    }

    /// Sends a frame that need not arrive, such as typing; false when there is no socket.
    pub fn tell(self, frame: &str) -> bool {
        #[cfg(feature = "hydrate")]
        return browser::send(frame);
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = frame;
            false
        }
    }

    #[cfg(feature = "hydrate")]
    fn deliver(self, frame: &Frame) {
        match frame {
            Frame::Event(e) => self.resume.update_value(|r| r.heard(e.seq)),
            Frame::Subscribed(seq) => self.resume.update_value(|r| r.settle(*seq)),
            _ => {}
        }
        for (_, on) in self.followers.get_value() {
            on.run(frame.clone());
        }
    }

    #[cfg(feature = "hydrate")]
    fn topics(self) -> Vec<String> {
        let mut topics: Vec<String> = self.topics.try_get_value().unwrap_or_default().into_iter().map(|t| t.1).collect();
        topics.sort();
        topics.dedup();
        topics
    }
}

/// Waits, in the browser.
pub async fn pause(millis: u32) {
    #[cfg(feature = "hydrate")]
    gloo_timers::future::TimeoutFuture::new(millis).await;
    #[cfg(not(feature = "hydrate"))]
    let _ = millis;
}

/// What the browser keeps for this site; `None` where it refuses, and on the server.
#[must_use]
pub fn storage() -> Option<web_sys::Storage> {
    #[cfg(feature = "hydrate")]
    return window().local_storage().ok().flatten();
    #[cfg(not(feature = "hydrate"))]
    None
}
