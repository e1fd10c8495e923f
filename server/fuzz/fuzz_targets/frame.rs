//! Frames of the socket.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = server::live::frame::parse(text);
});
