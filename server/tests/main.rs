//! COCO from outside, whole and in one process, and its command line.

mod support;

mod assets;
mod cli;
mod csrf;
mod foreign;
mod guard;
mod headers;
mod health;
mod limits;
mod live;
mod pages;
mod problems;
mod serving;
mod sessions;
mod worker;
