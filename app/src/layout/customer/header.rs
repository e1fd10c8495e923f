//! Who helps, and whether they are there now.

use super::Mine;
use crate::live::{Connection, use_live};
use crate::ui::{Glyph, Icon};
use crate::vendors::customer_mark::{VendorMark, VendorTint, presence_words};
use leptos::prelude::*;

/// The line at the top; pressing it shows the vendors to choose from.
#[component]
pub fn Header(
    /// What the pages know.
    mine: Mine,
    /// Opens the vendors.
    sheet: RwSignal<bool>,
) -> impl IntoView {
    let connection = use_live().connection;
    let inner = move || match mine.vendor() {
        Some(choice) => {
            // Without a connection nobody knows who is there.
            let offline = connection.get() == Connection::Offline;
            let words = if offline { "You're offline".to_owned() } else { presence_words(&choice) };
            let (vendor, online) = (choice.vendor, choice.online && !offline);
            view! {
                <VendorTint color=vendor.color.clone() />
                <VendorMark name=vendor.name.clone() color=vendor.color />
                <span class="customer-who">
                    <span class="customer-vendor"><span>{vendor.name}</span> <Icon glyph=Glyph::CHEVRON_DOWN /></span>
                    <span class="customer-presence">
                        <span class="presence" data-presence=if online { "online" } else { "offline" }></span>
                        <span>{words}</span>
                    </span>
                </span>
            }
            .into_any()
        }
        None => view! {
            <span class="customer-who">
                <span class="customer-vendor"><span>"Choose who helps you"</span> <Icon glyph=Glyph::CHEVRON_DOWN /></span>
            </span>
        }
        .into_any(),
    };
    view! {
        <header class="customer-head">
            <a
                class="customer-choice"
                href="/customer/vendors"
                aria-haspopup="dialog"
                on:click=move |e| {
                    e.prevent_default();
                    sheet.set(true);
                }
            >
                <span class="vh">"Vendor: "</span>
                <Transition>{inner}</Transition>
            </a>
        </header>
    }
}
