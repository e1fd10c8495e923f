//! What every handler can reach.

use crate::config::Config;
use crate::http::assets::Site;
use crate::http::rate_limit::Limits;
use crate::http::visitors::Visitors;
use crate::integrations::outbox::Outbox;
use crate::lifecycle::Lifecycle;
use crate::live::Hub;
use crate::rest::uploads::Uploads;
use axum::extract::FromRef;
use coco::services::Services;
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use std::ops::Deref;
use std::sync::Arc;

/// The whole of a running COCO. Every layer clones it with every request, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// What there is.
pub struct Parts {
    /// The business.
    pub services: Services,
    /// The sockets.
    pub hub: Hub,
    /// How it was asked to run.
    pub config: Arc<Config>,
    /// What pages need to know of their build.
    pub leptos: LeptosOptions,
    /// The files of the site.
    pub site: Site,
    /// Figures for `/metrics`.
    pub metrics: PrometheusHandle,
    /// Who comes with which session.
    pub visitors: Visitors,
    /// How often someone may ask.
    pub limits: Arc<Limits>,
    /// The files that come in right now.
    pub uploads: Uploads,
    /// The mail that was taken.
    pub outbox: Outbox,
    /// Tells when to stop.
    pub lifecycle: Lifecycle,
}

impl AppState {
    /// Of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
