//! Routes that are served and listed alike, so that a test of the list is one of the router.

/// Makes `ROUTES`, the method and path of each route, and `router`, which serves them.
macro_rules! routes {
    ($($method:ident $path:literal => $handler:expr,)+) => {
        /// Method and path of every route here.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path)),+];

        /// The routes.
        pub fn router() -> axum::Router<crate::state::AppState> {
            axum::Router::new()$(.route($path, axum::routing::on(axum::routing::MethodFilter::$method, $handler)))+
        }
    };
}
pub(crate) use routes;
