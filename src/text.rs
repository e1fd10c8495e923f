//! Checks on text that people type: lengths, control and bidirectional characters.

use crate::error::{Error, FieldError};

/// Collects what is wrong with a form, so that every field is told at once.
#[derive(Debug, Default)]
pub struct Form(Vec<FieldError>);

impl Form {
    /// Notes a fault of `field`.
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    /// One line: cleaned, trimmed, inner white space single, 1 to `max` characters.
    pub fn line(&mut self, field: &str, value: &str, max: usize) -> String {
        let value = clean(value).split_whitespace().collect::<Vec<_>>().join(" ");
        self.length(field, &value, max);
        value
    }

    /// A text of several lines: cleaned, trimmed, 1 to `max` characters.
    pub fn body(&mut self, field: &str, value: &str, max: usize) -> String {
        let value = clean(value).trim().to_owned();
        self.length(field, &value, max);
        value
    }

    /// An e-mail address, in lower case. The mail server has the last word; this refuses what
    /// cannot be one (RFC 5321 lengths, one `@`, a dot in the domain, no spaces).
    pub fn email(&mut self, field: &str, value: &str) -> String {
        let value = value.trim().to_lowercase();
        let ok = value.len() <= 254
            && value.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty()
                    && local.len() <= 64
                    && !domain.contains('@')
                    && domain.split('.').count() > 1
                    && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
            })
            && !value.chars().any(|c| c.is_whitespace() || c.is_control() || is_bidi(c) || "<>(),;:\\\"[]".contains(c));
        if !ok {
            self.fault(field, "Enter an email address like name@example.com.");
        }
        value
    }

    fn length(&mut self, field: &str, value: &str, max: usize) {
        let count = value.chars().count();
        if count == 0 {
            self.fault(field, "Please fill this in.");
        } else if count > max {
            self.fault(field, format!("Use at most {max} characters; this has {count}."));
        }
    }

    /// `Ok` when nothing is wrong.
    pub fn done(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// The text without control characters (but line feed and tab) and without the characters that
/// reorder what is shown (Unicode TR 9 overrides and isolates), with line ends as `\n`.
#[must_use]
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|&c| matches!(c, '\n' | '\t') || !(c.is_control() || is_bidi(c))).collect()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| char::from(b"0123456789abcdef"[usize::from(n)])).collect()
}

/// The first `max` characters in one line, with an ellipsis when there was more.
#[must_use]
pub fn snippet(text: &str, max: usize) -> String {
    let mut words = text.split_whitespace();
    let mut line = String::new();
    for word in words.by_ref() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.chars().count() > max {
            let cut: String = line.chars().take(max).collect();
            return format!("{}…", cut.trim_end());
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strips_what_deceives() {
        assert_eq!(clean("a\u{0}b\r\nc\u{202E}d\te"), "ab\ncd\te");
    }

    #[test]
    fn tells_every_fault_at_once() {
        let mut form = Form::default();
        form.line("subject", "   ", 10);
        form.body("description", &"x".repeat(11), 10);
        form.email("email", "nobody");
        let Err(Error::Invalid(faults)) = form.done() else { panic!("accepted") };
        assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["subject", "description", "email"]);
    }

    #[test]
    fn accepts_addresses() {
        for good in ["a@b.co", "Rep.L1+x@coco.com", "o'neil@mail.example.org"] {
            let mut form = Form::default();
            form.email("email", good);
            assert!(form.done().is_ok(), "{good}");
        }
    }

    proptest! {
        #[test]
        fn snippet_is_short(s in "\\PC{0,300}", max in 1usize..80) {
            prop_assert!(snippet(&s, max).chars().count() <= max + 1);
        }
    }
}
