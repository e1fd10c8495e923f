//! The app of the public and of customers.

use crate::auth::confirm::ConfirmPage;
use crate::auth::entry::{LoginPage, RegisterPage, SetupPage};
use crate::auth::landing::LandingPage;
use crate::auth::recover::{ForgotPage, ResetPage};
use crate::feedback::link_page::RatePage;
use crate::journey::customer_history::HistoryPage;
use crate::layout::customer::CustomerLayout;
use crate::layout::public::NotFoundPage;
use crate::people::customer_profile::ProfilePage;
use crate::tickets::customer_help::HelpPage;
use crate::tickets::customer_home::HomePage;
use crate::tickets::customer_new::NewTicketPage;
use crate::tickets::customer_ticket::TicketPage;
use crate::tickets::customer_tickets::TicketsPage;
use crate::ui::Toasts;
use crate::vendors::customer_list::VendorsPage;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// Everything but the desk. Pages are rendered whole, so that they are complete without JavaScript
/// and answer with the right status.
#[component]
pub fn CustomerApp() -> impl IntoView {
    crate::shell::provide_shared();
    let title = |text: String| [&text, " · COCO"].concat();
    view! {
        <Title formatter=title />
        <div class="touch">
            <Router>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=LandingPage ssr=SsrMode::Async />
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                    <Route path=path!("/forgot-password") view=ForgotPage ssr=SsrMode::Async />
                    <Route path=path!("/reset-password") view=ResetPage ssr=SsrMode::Async />
                    <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
                    <Route path=path!("/rate/:token") view=RatePage ssr=SsrMode::Async />
                    <ParentRoute path=path!("/customer") view=CustomerLayout ssr=SsrMode::Async>
                        <Route path=path!("dashboard") view=HomePage />
                        <Route path=path!("tickets") view=TicketsPage />
                        <Route path=path!("tickets/new") view=NewTicketPage />
                        <Route path=path!("tickets/:number") view=TicketPage />
                        <Route path=path!("help") view=HelpPage />
                        <Route path=path!("vendors") view=VendorsPage />
                        <Route path=path!("history") view=HistoryPage />
                        <Route path=path!("profile") view=ProfilePage />
                        <Route path=path!("confirm") view=ConfirmPage />
                    </ParentRoute>
                </Routes>
            </Router>
            <Toasts />
        </div>
    }
}
