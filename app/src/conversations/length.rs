//! How long a text may be, told while it is written.

use coco::tickets::MAX_BODY;

/// With fewer characters left than this, one wants to know how many.
const NEAR: i64 = 500;

/// How many characters are left, where that is worth knowing; below zero they are too many.
fn left(text: &str) -> Option<i64> {
    // No text has fewer bytes than characters: most need not be counted.
    let near = text.len() as i64 > MAX_BODY as i64 - NEAR;
    let left = || MAX_BODY as i64 - text.trim().chars().count() as i64;
    near.then(left).filter(|left| *left < NEAR)
}

/// The counter under a text that is nearly as long as it may be, or longer.
#[must_use]
pub fn counter(text: &str) -> Option<String> {
    left(text).map(|left| match left {
        1 => "1 character left".to_owned(),
        -1 => "1 character too many".to_owned(),
        0.. => [&left.to_string(), " characters left"].concat(),
        _ => [&left.unsigned_abs().to_string(), " characters too many"].concat(),
    })
}

/// What is wrong with a text that is too long.
#[must_use]
pub fn too_long(text: &str) -> Option<String> {
    left(text).filter(|left| *left < 0).map(|_| ["Use at most ", &MAX_BODY.to_string(), " characters."].concat())
}

#[cfg(test)]
mod tests {
    use super::{counter, too_long};
    use coco::tickets::MAX_BODY;

    #[test]
    fn the_counter_comes_near_the_limit_and_the_error_beyond_it() {
        let told = |n: usize| (counter(&"ü".repeat(n)), too_long(&"ü".repeat(n)).is_some());
        assert_eq!(told(MAX_BODY - 500), (None, false));
        assert_eq!(told(MAX_BODY - 499), (Some("499 characters left".into()), false));
        assert_eq!(told(MAX_BODY - 1), (Some("1 character left".into()), false));
        assert_eq!(told(MAX_BODY), (Some("0 characters left".into()), false));
        assert_eq!(told(MAX_BODY + 37), (Some("37 characters too many".into()), true));
    }

    #[test]
    fn blanks_around_it_do_not_count() {
        assert_eq!(too_long(&["  ", &"a".repeat(MAX_BODY), "\n\n"].concat()), None);
    }
}
