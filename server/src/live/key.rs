//! Topics as the hub looks them up.

use coco::id::{UserId, VendorId};
use coco::journey::{EventRecord, Topic};

/// A topic in 24 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(u8, [u8; 16]);

impl Key {
    pub(super) fn of(topic: &Topic) -> Self {
        match topic {
            Topic::Ticket(id) => Self::ticket(id.as_str()),
            Topic::Inbox(id) => Self(b'i', bytes(id.as_str())),
            Topic::Customer(id) => Self::customer(id),
            Topic::Queue(id) => Self::queue(id),
        }
    }
    pub(super) fn customer(id: &UserId) -> Self {
        Self(b'c', bytes(id.as_str()))
    }
    pub(super) const fn is_customer(&self) -> bool {
        self.0 == b'c'
    }
    pub(super) fn queue(id: &VendorId) -> Self {
        Self(b'q', bytes(id.as_str()))
    }
    fn ticket(id: &str) -> Self {
        Self(b't', bytes(id))
    }
}

/// The bytes of an id, which is the text of a UUID.
fn bytes(id: &str) -> [u8; 16] {
    let mut out = [0; 16];
    let digits = id.bytes().filter_map(|b| char::from(b).to_digit(16));
    for (i, digit) in digits.take(32).enumerate() {
        out[i / 2] = out[i / 2] << 4 | digit as u8;
    }
    out
}

/// The topics an event belongs to.
pub(super) fn keys(e: &EventRecord) -> [Option<Key>; 3] {
    [
        e.ticket_id.as_ref().map(|id| Key::ticket(id.as_str())),
        e.vendor_id.as_ref().map(|id| Key(b'i', bytes(id.as_str()))),
        e.customer_id.as_ref().map(Key::customer),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_topics_apart() {
        let id = "0190aaaa-0000-7000-8000-0000000000ff";
        let other = "0190aaaa-0000-7000-8000-0000000000fe";
        assert_eq!(bytes(id), *uuid_bytes(id));
        let key = |topic: &str| Key::of(&topic.parse().unwrap());
        assert_eq!(key(&format!("ticket:{id}")), Key::ticket(id));
        assert_ne!(key(&format!("ticket:{id}")), key(&format!("inbox:{id}")));
        assert_ne!(key(&format!("ticket:{id}")), key(&format!("ticket:{other}")));
    }

    fn uuid_bytes(id: &str) -> Box<[u8; 16]> {
        let hex: String = id.chars().filter(|c| *c != '-').collect();
        Box::new(std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()))
    }
}
