//! What a page loads: on the server while it is rendered, in the browser whenever what it depends on changes.
//!
//! One kind of resource for all of it, that does not know what it holds; a resource for each type would bring
//! its own code into the bundle. In the browser it holds the text from the page until someone asks what it says.

use crate::error::{ApiError, ApiResult};
use crate::json;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::tachys::reactive_graph::OwnedView;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

/// What can be had instead of what cannot be read.
pub trait Unreadable {
    /// To be shown in its place.
    fn unreadable() -> Self;
}

impl<T> Unreadable for ApiResult<T> {
    fn unreadable() -> Self {
        Err(ApiError::from_server_fn_error(ServerFnErrorErr::Deserialization(String::new())))
    }
}

impl<T> Unreadable for Option<T> {
    fn unreadable() -> Self {
        None
    }
}

/// Something that a page loads.
pub struct Load<T> {
    resource: Resource<Held, AsText>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T: Clone + Send + Sync + Serialize + DeserializeOwned + Unreadable + 'static> Load<T> {
    /// Loads with `fetch` what `source` says, and anew when that changes. The page waits for it.
    pub fn new<S, Fut>(source: impl Fn() -> S + Send + Sync + 'static, fetch: impl Fn(S) -> Fut + Send + Sync + 'static) -> Self
    where
        S: Clone + PartialEq + Send + Sync + 'static,
        Fut: Future<Output = T> + Send + 'static,
    {
        let source = Memo::new(move |_| source());
        let fetch = move || -> Fetching {
            let loading = fetch(source.get_untracked());
            Box::pin(async move { Held::new(loading.await) })
        };
        Self { resource: resource(Box::new(move || source.with(|_| ())), Box::new(fetch)), holds: PhantomData }
    }

    /// Shows what `view` makes of it, once it is there.
    ///
    /// The server renders what waited on whatever thread is free, whose current owner may be another request's:
    /// signals would go when that request ends, and contexts would be its own. So the view keeps its owner.
    #[expect(clippy::disallowed_methods, reason = "the one place that keeps the owner")]
    pub fn show<V: RenderHtml + Send + 'static>(self, view: impl FnOnce(T) -> V + Send + 'static) -> impl IntoView {
        Suspend::new(async move {
            let loaded = self.await;
            OwnedView::new(view(loaded))
        })
    }

    /// What was loaded, once it is there.
    #[must_use]
    pub fn get(self) -> Option<T> {
        self.resource.get().map(|held| held.read())
    }

    /// The same without following it.
    #[must_use]
    pub fn get_untracked(self) -> Option<T> {
        self.resource.get_untracked().map(|held| held.read())
    }
}

impl<T> Load<T> {
    /// Follows it.
    pub fn track(self) {
        self.resource.track();
    }

    /// Loads it again.
    pub fn refetch(self) {
        self.resource.refetch();
    }
}

impl<T: Clone + Send + Sync + DeserializeOwned + Unreadable + 'static> IntoFuture for Load<T> {
    type Output = T;
    type IntoFuture = Pin<Box<dyn Future<Output = T> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let loading = self.resource.into_future();
        Box::pin(async move { loading.await.read() })
    }
}

type Fetching = Pin<Box<dyn Future<Output = Held> + Send>>;

fn resource(track: Box<dyn Fn() + Send + Sync>, fetch: Box<dyn Fn() -> Fetching + Send + Sync>) -> Resource<Held, AsText> {
    let changes = AtomicU32::new(0);
    let source = move || {
        // The server makes a page once: what it followed would look again when the request ends, and its signals.
        if cfg!(feature = "ssr") {
            return 0;
        }
        track();
        changes.fetch_add(1, Ordering::Relaxed)
    };
    Resource::new_with_options(source, move |_| fetch(), true)
}

/// A value, or the text that says it.
#[derive(Clone)]
struct Held(Arc<(String, OnceLock<Box<dyn Any + Send + Sync>>)>);

impl Held {
    fn new<T: Serialize + Send + Sync + 'static>(value: T) -> Self {
        #[cfg(feature = "ssr")]
        let text = serde_json::to_string(&value).unwrap_or_default();
        #[cfg(not(feature = "ssr"))]
        let text = String::new();
        let value: Box<dyn Any + Send + Sync> = Box::new(value);
        Self(Arc::new((text, value.into())))
    }

    /// What it holds; text of another version cannot be read.
    fn read<T: Clone + Send + Sync + DeserializeOwned + Unreadable + 'static>(&self) -> T {
        self.get().unwrap_or_else(T::unreadable)
    }

    fn get<T: Clone + Send + Sync + DeserializeOwned + 'static>(&self) -> Option<T> {
        let (text, value) = &*self.0;
        if value.get().is_none() {
            let _ = value.set(Box::new(json::read::<T>(text).ok()?));
        }
        value.get()?.downcast_ref().cloned()
    }
}

/// How it comes with the page.
struct AsText;

impl Encoder<Held> for AsText {
    type Error = Infallible;
    type Encoded = String;

    fn encode(held: &Held) -> Result<String, Infallible> {
        Ok(held.0.0.clone())
    }
}

impl Decoder<Held> for AsText {
    type Error = Infallible;
    type Encoded = str;

    fn decode(text: &str) -> Result<Held, Infallible> {
        Ok(Held(Arc::new((text.to_owned(), OnceLock::new()))))
    }
}

#[cfg(test)]
mod tests {
    use super::AsText;
    use crate::error::ApiResult;
    use leptos::server::codee::Decoder;

    #[test]
    fn what_came_with_the_page_is_read_once() {
        let Ok(held) = AsText::decode("[1,2]");
        assert_eq!(held.get::<Vec<u32>>(), Some(vec![1, 2]));
        assert!(held.0.1.get().is_some());
        assert_eq!(held.clone().get::<Vec<u32>>(), Some(vec![1, 2]));
        assert_eq!(held.get::<String>(), None);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let Ok(held) = AsText::decode(r#"{"Ok":{"of":"another version"}}"#);
        let told = held.read::<ApiResult<Vec<u32>>>().unwrap_err();
        assert!(told.to_string().contains("Reload the page"), "{told}");
        assert_eq!(held.read::<Option<u32>>(), None);
    }
}
