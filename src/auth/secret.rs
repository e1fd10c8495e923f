//! Secrets for links and tokens: 256 random bits, kept only as their SHA-256.
//!
//! A secret is found by its hash and never compared with another, so that the time a look-up takes
//! tells nothing about any secret that exists.

use sha2::{Digest, Sha256};

/// What API tokens begin with, so that people and scanners know them.
const TOKEN_PREFIX: &str = "coco_";
/// Characters of 32 bytes in URL-safe text.
const LENGTH: usize = 43;
/// The alphabet of base64url, RFC 4648 §5.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A new secret as text that needs no escaping in a link.
#[must_use]
pub fn new() -> String {
    text(&rand::random())
}

/// A new API token, `coco_` and a secret.
#[must_use]
pub fn new_token() -> String {
    format!("{TOKEN_PREFIX}{}", new())
}

/// Whether the text has the form of an API token.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.strip_prefix(TOKEN_PREFIX).is_some_and(|s| s.len() == LENGTH && s.bytes().all(|b| ALPHABET.contains(&b)))
}

/// The form in which a secret is kept: SHA-256 in lower-case hex. Enough for secrets made here,
/// which cannot be guessed; passwords go through Argon2.
#[must_use]
pub fn hash(secret: &str) -> String {
    crate::text::hex(&Sha256::digest(secret))
}

/// Six bits to a character, without padding.
fn text(bytes: &[u8; 32]) -> String {
    let bit = |i: usize| bytes.get(i / 8).map_or(0, |b| b >> (7 - i % 8) & 1);
    (0..LENGTH).map(|c| (0..6).fold(0, |n, i| n << 1 | bit(c * 6 + i))).map(|n| char::from(ALPHABET[usize::from(n)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_known_values() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(text(&[0xff; 32]), format!("{}8", "_".repeat(42)));
        let counting: [u8; 32] = std::array::from_fn(|i| i as u8);
        assert_eq!(text(&counting), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    }

    #[test]
    fn knows_its_own_form() {
        let token = new_token();
        assert!(is_token(&token), "{token}");
        assert_ne!(token, new_token());
        for bad in ["", "coco_", &token[1..], &token[..47], &format!("{}=", &token[..47]), &format!("{token}A"), "coco_é"] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
