//! COCO from outside, whole and in one process, and its command line.

#![expect(clippy::unwrap_used, reason = "a test fails where it panics")]

mod support;

mod assets;
mod clamd;
mod cli;
mod confirming;
mod connections;
mod csrf;
mod foreign;
mod forms;
mod guard;
mod headers;
mod health;
mod limits;
mod live;
mod mentions;
mod newcomers;
mod nonsense;
mod outbox;
mod pages;
mod problems;
mod rating;
mod rest;
mod routing;
mod serving;
mod sessions;
mod sla;
mod traces;
mod worker;
