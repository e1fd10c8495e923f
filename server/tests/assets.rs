//! The site's files as browsers get them.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::Request;
use std::fs;

async fn site() -> (TestApp, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let pkg = dir.path().join("pkg");
    fs::create_dir(&pkg).unwrap();
    fs::write(
        pkg.join("manifest.json"),
        r#"{"customer.js":"customer.1a2b.js","customer.wasm":"customer.3c.wasm","coco.css":"coco.9f.css"}"#,
    )
    .unwrap();
    fs::write(pkg.join("customer.1a2b.js"), "js").unwrap();
    fs::write(pkg.join("customer.3c.wasm"), "wasm").unwrap();
    fs::write(pkg.join("customer.3c.wasm.br"), "wasm br").unwrap();
    fs::write(pkg.join("customer.3c.wasm.gz"), "wasm gz").unwrap();
    fs::write(pkg.join("coco.js"), "dev js").unwrap();
    fs::write(dir.path().join("favicon.svg"), "<svg/>").unwrap();
    fs::write(dir.path().join("robots.txt"), "User-agent: *").unwrap();
    let app = TestApp::with(&[("site_dir", dir.path().to_str().unwrap())]).await;
    (app, dir)
}

fn ask(path: &str, pairs: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in pairs {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever() {
    let (app, _dir) = site().await;
    let visitor = app.visitor();
    let js = visitor.get("/pkg/customer.1a2b.js").await.expect_status(200);
    assert_eq!((js.text(), js.header("content-type")), ("js", "text/javascript; charset=utf-8"));
    assert_eq!(js.header("cache-control"), "public, max-age=31536000, immutable");
    let dev = visitor.get("/pkg/coco.js").await.expect_status(200);
    assert_eq!(dev.header("cache-control"), "no-cache");
    let etag = dev.header("etag").to_owned();
    let again = visitor.send(ask("/pkg/coco.js", &[("if-none-match", &etag)])).await.expect_status(304);
    assert!(again.body.is_empty());
    assert_eq!(again.header("etag"), etag);
}

#[tokio::test]
async fn files_come_as_the_browser_can_take_them() {
    let (app, _dir) = site().await;
    let visitor = app.visitor();
    let path = "/pkg/customer.3c.wasm";
    for (accepted, encoding, text) in [
        ("gzip, deflate, br", "br", "wasm br"),
        ("gzip", "gzip", "wasm gz"),
        ("br;q=0, gzip;q=0.5", "gzip", "wasm gz"),
        ("identity", "", "wasm"),
    ] {
        let answer = visitor.send(ask(path, &[("accept-encoding", accepted)])).await.expect_status(200);
        assert_eq!((answer.header("content-encoding"), answer.text()), (encoding, text), "{accepted}");
        assert_eq!((answer.header("content-type"), answer.header("vary")), ("application/wasm", "accept-encoding"));
    }
}

#[tokio::test]
async fn files_at_the_root_are_there_and_others_are_not() {
    let (app, _dir) = site().await;
    let visitor = app.visitor();
    assert_eq!(visitor.get("/favicon.svg").await.expect_status(200).header("content-type"), "image/svg+xml");
    assert!(visitor.get("/robots.txt").await.expect_status(200).text().starts_with("User-agent"));
    for path in ["/pkg/nothing.js", "/pkg/../../Cargo.toml", "/pkg/%2e%2e/favicon.svg", "/pkg/..%2ffavicon.svg"] {
        visitor.get(path).await.expect_status(404);
    }
}

#[tokio::test]
async fn pages_name_the_files_of_the_manifest() {
    let (app, _dir) = site().await;
    let assets = app.state.site.assets();
    assert_eq!((assets.customer_js.as_str(), assets.css.as_str()), ("/pkg/customer.1a2b.js", "/pkg/coco.9f.css"));
    assert_eq!(assets.desk_js, "/pkg/coco.js", "as cargo-leptos names it");
    assert_eq!(app.state.site.missing(), ["/pkg/coco.wasm", "/pkg/coco.9f.css"]);
    assert!(app.visitor().get("/login").await.text().contains("/pkg/customer.1a2b.js"));
}
