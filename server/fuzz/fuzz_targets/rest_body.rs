//! Bodies of the REST API.

#![no_main]

use libfuzzer_sys::fuzz_target;
use server::http::json::parse;
use server::rest::chat::{SendMessage, StartChat, UpdateChat};
use server::rest::tickets::{CreateTicket, UpdateTicket};

fuzz_target!(|bytes: &[u8]| {
    let _ = parse::<CreateTicket>(bytes);
    let _ = parse::<UpdateTicket>(bytes);
    let _ = parse::<StartChat>(bytes);
    let _ = parse::<UpdateChat>(bytes);
    let _ = parse::<SendMessage>(bytes);
});
