//! What every response tells the browser about safety.

use crate::support::TestApp;

#[tokio::test]
async fn pages_run_only_their_own_scripts() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let (one, two) = (visitor.get("/login").await.expect_status(200), visitor.get("/login").await);
    let policy = one.header("content-security-policy");
    let nonce = policy.split_once("'nonce-").unwrap().1.split('\'').next().unwrap();
    assert!(nonce.len() >= 16, "{policy}");
    assert!(one.text().contains(&format!("nonce=\"{nonce}\"")), "the page's own script has it");
    assert!(!two.text().contains(nonce), "another page has another");
    for part in
        ["'strict-dynamic'", "'wasm-unsafe-eval'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(one.header("cache-control"), "no-store");
}

#[tokio::test]
async fn everything_is_careful() {
    let app = TestApp::new().await;
    for path in ["/login", "/nothing-here", "/healthz", "/api/nothing", "/pkg/nothing.js"] {
        let answer = app.visitor().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn https_stays_https() {
    let app = TestApp::with(&[("public_url", "https://help.example.com")]).await;
    let answer = app.visitor().get("/login").await;
    assert!(answer.header("strict-transport-security").starts_with("max-age=31536000"));
    assert!(answer.header("content-security-policy").contains("wss://"));
}
