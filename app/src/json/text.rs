//! Words, numbers and texts.

use super::{Reader, Result, Unreadable};

impl<'a> Reader<'a> {
    /// The next byte that is not a space; 0 at the end.
    pub(super) fn peek(&mut self) -> u8 {
        self.rest = self.rest.trim_ascii_start();
        self.rest.bytes().next().unwrap_or(0)
    }

    pub(super) fn take(&mut self, byte: u8) -> Result<()> {
        if self.peek() != byte {
            return Err(Unreadable);
        }
        self.rest = self.rest.get(1..).unwrap_or_default();
        Ok(())
    }

    /// Takes `word` if it stands here.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.peek();
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn digits(&mut self) -> &'a str {
        self.peek();
        let is_part = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E');
        let end = self.rest.bytes().take_while(|b| is_part(*b)).count();
        self.ahead(end)
    }

    pub(super) fn number(&mut self) -> Result<i64> {
        self.digits().parse().map_err(|_| Unreadable)
    }

    pub(super) fn string(&mut self) -> Result<String> {
        self.take(b'"')?;
        let mut whole = String::new();
        loop {
            let end = self.rest.bytes().position(|b| matches!(b, b'"' | b'\\')).ok_or(Unreadable)?;
            whole.push_str(self.ahead(end));
            if self.ahead(1) == "\"" {
                return Ok(whole);
            }
            whole.push(self.escaped()?);
        }
    }

    /// Goes over a value, whatever it is.
    pub(super) fn skip(&mut self) -> Result<&'a str> {
        self.peek();
        let start = self.rest;
        let mut depth = 0_u32;
        loop {
            match self.peek() {
                b'"' => drop(self.string()?),
                b'[' | b'{' => {
                    depth += 1;
                    self.ahead(1);
                }
                b']' | b'}' if depth > 0 => {
                    depth -= 1;
                    self.ahead(1);
                }
                b',' | b':' if depth > 0 => {
                    self.ahead(1);
                }
                _ if self.word("null") || self.word("true") || self.word("false") => {}
                _ if !self.digits().is_empty() => {}
                _ => return Err(Unreadable),
            }
            if depth == 0 {
                return Ok(start.get(..start.len() - self.rest.len()).unwrap_or_default());
            }
        }
    }

    /// The next `n` bytes, which end where a character does.
    fn ahead(&mut self, n: usize) -> &'a str {
        let (read, rest) = self.rest.split_at_checked(n).unwrap_or((self.rest, ""));
        self.rest = rest;
        read
    }

    /// What stands for a character after `\`.
    fn escaped(&mut self) -> Result<char> {
        Ok(match self.ahead(1) {
            "n" => '\n',
            "t" => '\t',
            "r" => '\r',
            "b" => '\u{8}',
            "f" => '\u{c}',
            "u" => return self.code(),
            same @ ("\"" | "\\" | "/") => return same.chars().next().ok_or(Unreadable),
            _ => return Err(Unreadable),
        })
    }

    /// The character behind `\u`; rare ones are written as two.
    fn code(&mut self) -> Result<char> {
        let first = self.hex()?;
        let second = if matches!(first, 0xD800..0xDC00) && self.word("\\u") { Some(self.hex()?) } else { None };
        char::decode_utf16([first].into_iter().chain(second)).next().and_then(std::result::Result::ok).ok_or(Unreadable)
    }

    fn hex(&mut self) -> Result<u16> {
        u16::from_str_radix(self.ahead(4), 16).map_err(|_| Unreadable)
    }
}
