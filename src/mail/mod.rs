//! Mail that COCO has written, to be read where it is kept here rather than sent on. Mails hold one-time
//! links, so they are for super admins only, and none is shown that concerns another vendor's people.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod service;
#[cfg(test)]
mod tests;

/// A mail in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHead {
    /// Names it among the others; later ones sort after earlier ones.
    pub id: String,
    /// When it was taken.
    pub at: Timestamp,
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
}

/// A whole mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Everything but the text.
    pub head: MailHead,
    /// The text, in parts that follow each other without anything between them.
    pub parts: Vec<Part>,
}

/// A part of a mail's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Plain text, line breaks and all.
    Text(String),
    /// An address of this installation.
    Link(String),
}

/// Cuts a text where addresses below `base` begin and end. Other addresses stay text: what a mail says
/// of other places is not for us to lead to.
#[must_use]
pub fn parts(text: &str, base: &str) -> Vec<Part> {
    let base = base.trim_end_matches('/');
    let mut parts = Vec::new();
    let (mut rest, mut plain) = (text, String::new());
    while let Some(at) = rest.find(base).filter(|_| !base.is_empty()) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let link = address(from, base.len());
        rest = &from[link.len().max(base.len())..];
        if link.is_empty() {
            plain.push_str(base);
        } else {
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Link(link.to_owned()));
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    parts
}

/// The address that `text` begins with, `base` characters and a path; empty when another host goes on.
fn address(text: &str, base: usize) -> &str {
    if !text[base..].starts_with('/') {
        return "";
    }
    let end = text.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"'\\`".contains(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')'])
}

#[cfg(test)]
mod cutting {
    use super::{Part, parts};

    const BASE: &str = "https://help.example.com";

    fn text(s: &str) -> Part {
        Part::Text(s.into())
    }

    #[test]
    fn only_addresses_here_become_links() {
        let link = "https://help.example.com/reset-password?token=a_b-c";
        let mail = format!("Hello,\n\n{link}\n\n({link}).");
        let cut = [text("Hello,\n\n"), Part::Link(link.into()), text("\n\n("), Part::Link(link.into()), text(").")];
        assert_eq!(parts(&mail, BASE), cut);
        for other in [
            "",
            "no address",
            "https://evil.example/https",
            "https://help.example.com.evil.example/x",
            "https://help.example.com@evil.example/x",
            "https://help.example.com:8443/x",
            "javascript:alert(1)",
            "<a href=x>",
        ] {
            assert!(parts(other, BASE).iter().all(|p| matches!(p, Part::Text(t) if t == other)), "{other}");
        }
        assert_eq!(parts("http://x/", ""), [text("http://x/")]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(words in "[a-z /<>.\\n]{0,40}", tail in "\\PC{0,40}") {
            let mail = format!("{words}{BASE}{tail}{BASE}/{words}");
            let whole: String = parts(&mail, BASE).into_iter().map(|(Part::Text(t) | Part::Link(t))| t).collect();
            proptest::prop_assert_eq!(whole, mail);
        }
    }
}
