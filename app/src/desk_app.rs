//! The app of reps and admins.

use crate::analytics::DashboardPage;
use crate::layout::desk::{DeskLayout, Missing};
use crate::mail::{LetterPage, OutboxPage};
use crate::people::desk_profile::DeskProfilePage;
use crate::routing::RoutingPage;
use crate::sla::SlaPage;
use crate::tickets::desk::{InboxPage, NothingOpen, TicketPage};
use crate::ui::Toasts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The desk. Its pages are rendered whole, so that they can be read before the WASM is there.
#[component]
pub fn DeskApp() -> impl IntoView {
    crate::shell::provide_shared();
    view! {
        <Title formatter=|text: String| [text.as_str(), " · COCO"].concat() />
        <Router>
            <Routes fallback=Missing>
                <ParentRoute path=path!("") view=DeskLayout ssr=SsrMode::Async>
                    <ParentRoute path=path!("/rep/inbox") view=InboxPage>
                        <Route path=path!("") view=NothingOpen />
                        <Route path=path!(":number") view=TicketPage />
                    </ParentRoute>
                    <Route path=path!("/rep/profile") view=DeskProfilePage />
                    <Route path=path!("/admin/dashboard") view=DashboardPage />
                    <Route path=path!("/admin/routing") view=RoutingPage />
                    <Route path=path!("/admin/sla") view=SlaPage />
                    <Route path=path!("/admin/outbox") view=OutboxPage />
                    <Route path=path!("/admin/outbox/:id") view=LetterPage />
                </ParentRoute>
                <Route path=path!("/rep") view=|| view! { <Redirect path="/rep/inbox" /> } />
                <Route path=path!("/admin") view=|| view! { <Redirect path="/admin/dashboard" /> } />
            </Routes>
        </Router>
        <Toasts />
    }
}
