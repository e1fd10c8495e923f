//! Browser entry: brings the page rendered by the server to life.

use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the app of this bundle. In development one bundle holds both, and the address decides.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    #[cfg(all(feature = "customer", feature = "desk"))]
    {
        let path = leptos::prelude::window().location().pathname().unwrap_or_default();
        if path.starts_with("/rep") || path.starts_with("/admin") {
            leptos::mount::hydrate_body(app::DeskApp);
        } else {
            leptos::mount::hydrate_body(app::CustomerApp);
        }
    }
    #[cfg(all(feature = "customer", not(feature = "desk")))]
    leptos::mount::hydrate_body(app::CustomerApp);
    #[cfg(all(feature = "desk", not(feature = "customer")))]
    leptos::mount::hydrate_body(app::DeskApp);
    // For tests and for styles: handlers are in place now.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-alive", "true");
    }
}
