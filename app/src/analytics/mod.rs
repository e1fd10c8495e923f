//! Pages and calls around figures.

pub mod api;
mod chart;
mod dashboard;
mod team;

pub use dashboard::DashboardPage;
