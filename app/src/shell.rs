//! The document around the pages, and what both apps provide to all of theirs.

use crate::auth::api::{Viewer, load_viewer};
use crate::live::provide_live;
use crate::load::Load;
use crate::ui::{ThemeAttribute, provide_now, provide_shortcuts, provide_theme, provide_toaster};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

/// Addresses of the built files, from the manifest of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Assets {
    pub customer_js: String,
    pub customer_wasm: String,
    pub desk_js: String,
    pub desk_wasm: String,
    pub css: String,
}

/// The document of the customer app.
pub fn customer_shell(options: LeptosOptions) -> AnyView {
    let assets = use_context::<Assets>().unwrap_or_default();
    document(options, assets.css, assets.customer_js, assets.customer_wasm, || crate::CustomerApp().into_any())
}

/// The document of the desk.
pub fn desk_shell(options: LeptosOptions) -> AnyView {
    let assets = use_context::<Assets>().unwrap_or_default();
    document(options, assets.css, assets.desk_js, assets.desk_wasm, || crate::DeskApp().into_any())
}

fn document(options: LeptosOptions, css: String, js: String, wasm: String, app: fn() -> AnyView) -> AnyView {
    let nonce = leptos::nonce::use_nonce();
    let start = format!("import init,{{hydrate}} from '{js}';init({{module_or_path:'{wasm}'}}).then(()=>hydrate());");
    let theme = use_context::<ThemeAttribute>().and_then(|t| t.0);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=css />
                <link rel="modulepreload" href=js nonce=nonce.clone() />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" nonce=nonce.clone() />
                <AutoReload options />
                <script type="module" nonce=nonce inner_html=start></script>
                <MetaTags />
            </head>
            <body>{app()}</body>
        </html>
    }
    .into_any()
}

/// Who is signed in, for every page. `None` on public pages.
#[derive(Clone, Copy)]
pub struct CurrentViewer(Load<Option<Viewer>>);

impl CurrentViewer {
    /// Something changed about them.
    pub fn reload(self) {
        self.0.refetch();
    }
}

/// The person who is signed in. Inside pages behind sign-in; the layout has awaited it.
#[must_use]
pub fn use_viewer() -> Option<Viewer> {
    use_context::<CurrentViewer>().and_then(|v| v.0.get().flatten())
}

/// Provides what the pages of both apps share. Redirects of server functions load the page anew, as they may
/// lead from one app to the other.
pub fn provide_shared() -> Load<Option<Viewer>> {
    #[cfg(feature = "hydrate")]
    let _ = leptos::server_fn::redirect::set_redirect_hook(|to| {
        let _ = window().location().set_href(to);
    });
    provide_meta_context();
    provide_theme();
    provide_now();
    provide_toaster();
    provide_shortcuts();
    provide_live();
    let resource = Load::new(|| (), |()| async { load_viewer().await.ok().flatten() });
    provide_context(CurrentViewer(resource));
    resource
}
