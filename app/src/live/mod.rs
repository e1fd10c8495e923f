//! The one browser socket, and the signals it feeds.
//!
//! A page follows topics; every frame reaches every follower of its app, which takes what concerns it.
//! After a cut the socket comes back by itself and asks for what happened since; when sockets are
//! blocked, the same frames are fetched by polling. On the server all of it does nothing.

#[cfg(feature = "hydrate")]
mod browser;
mod frame;

pub use frame::Frame;

use leptos::prelude::*;

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
}

/// Following what happens, for the pages.
#[derive(Clone, Copy)]
pub struct Live {
    /// How the page is connected.
    pub connection: RwSignal<Connection>,
    followers: StoredValue<Vec<(u32, Callback<Frame>)>>,
    topics: StoredValue<Vec<(u32, String)>>,
    next: StoredValue<u32>,
    /// The newest event seen; what to resume from.
    seq: StoredValue<i64>,
}

/// Makes [`use_live`] work below.
pub fn provide_live() {
    provide_context(Live {
        connection: RwSignal::new(Connection::Connecting),
        followers: StoredValue::new(Vec::new()),
        topics: StoredValue::new(Vec::new()),
        next: StoredValue::new(0),
        seq: StoredValue::new(-1),
    });
}

/// Following what happens.
#[must_use]
pub fn use_live() -> Live {
    expect_context()
}

impl Live {
    /// Follows `topic` from `since` on until the present owner is cleaned up. Call it in an effect,
    /// with the `seq` of the data the page shows; a page whose data has none gives a negative one.
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
        self.seq.update_value(|s| match (*s, since) {
            (_, ..0) => {}
            (..0, _) => *s = since,
            (known, _) => *s = known.min(since),
        });
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
        if let Frame::Event(e) = frame {
            self.seq.update_value(|s| *s = (*s).max(e.seq));
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

/// What the browser keeps for this site; `None` where it refuses, and on the server.
#[must_use]
pub fn storage() -> Option<web_sys::Storage> {
    #[cfg(feature = "hydrate")]
    return window().local_storage().ok().flatten();
    #[cfg(not(feature = "hydrate"))]
    None
}
