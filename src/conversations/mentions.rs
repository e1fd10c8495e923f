//! Who is called by name in a note: `@Ada Lovelace`. Rules only; who they are is asked for by the caller.

use crate::id::UserId;
use std::ops::Range;

/// Where one of `names` is called in a text, each with its `@`. Of several that fit, the longest counts.
#[must_use]
pub fn spans<S: AsRef<str>>(text: &str, names: &[S]) -> Vec<Range<usize>> {
    let ats = text.match_indices('@').filter(|(at, _)| !in_address(&text[..*at]));
    ats.filter_map(|(at, _)| Some(at..at + 1 + longest(&text[at + 1..], names)?)).collect()
}

/// Who of `people` is called in a text, each once. Those who share a name are all meant.
#[must_use]
pub fn mentioned<'a>(text: &str, people: &'a [(UserId, String)]) -> Vec<&'a UserId> {
    let names: Vec<&str> = people.iter().map(|p| p.1.as_str()).collect();
    let said: Vec<&str> = spans(text, &names).into_iter().map(|s| &text[s.start + 1..s.end]).collect();
    let is_called = |name: &str| said.iter().any(|said| spelled(said, name) == Some(said.len()));
    people.iter().filter(|p| is_called(&p.1)).map(|p| &p.0).collect()
}

/// What is typed of a name just before the caret, after its `@`.
#[must_use]
pub fn being_typed(before: &str) -> Option<&str> {
    let at = before.rfind('@')?;
    (!in_address(&before[..at])).then_some(&before[at + 1..])
}

/// Whether what is typed begins a name, or a later word of it.
#[must_use]
pub fn begins(name: &str, typed: &str) -> bool {
    let (name, typed) = (name.to_lowercase(), typed.to_lowercase());
    name.starts_with(&typed) || name.match_indices(' ').any(|(space, _)| name[space + 1..].starts_with(&typed))
}

/// Whether an `@` after `before` belongs to a mail address.
fn in_address(before: &str) -> bool {
    before.trim_end_matches(['_', '%', '+', '-']).ends_with(char::is_alphanumeric)
}

/// The length of the longest name that a text begins with.
fn longest<S: AsRef<str>>(text: &str, names: &[S]) -> Option<usize> {
    let fitting = names.iter().filter_map(|name| spelled(text, name.as_ref()));
    fitting.filter(|len| *len > 0 && ends_word(&text[*len..])).max()
}

/// How much of a text spells a name, in whatever case.
fn spelled(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    let same = name.chars().all(|c| rest.next().is_some_and(|t| t == c || t.to_lowercase().eq(c.to_lowercase())));
    same.then(|| text.len() - rest.as_str().len())
}

/// Whether a word may end before `rest`; one goes on over a hyphen.
fn ends_word(rest: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    !rest.starts_with(goes_on) && rest.strip_prefix('-').is_none_or(|after| !after.starts_with(goes_on))
}

#[cfg(test)]
mod rules {
    use super::*;

    fn person(n: u8, name: &str) -> (UserId, String) {
        (format!("0190aaaa-0000-7000-8000-00000000000{n}").parse().unwrap(), name.into())
    }

    fn called(text: &str) -> Vec<&'static str> {
        let names = ["Ana", "Ana Silva", "Jörg Öz", "Anna-Lena"];
        let people: Vec<_> = (0..).zip(names).map(|(n, name)| person(n, name)).collect();
        let ids = mentioned(text, &people);
        (0..).zip(names).filter(|(n, name)| ids.contains(&&person(*n, name).0)).map(|(_, name)| name).collect()
    }

    #[test]
    fn the_longest_name_counts_in_any_case() {
        assert_eq!(called("@Ana Silva, look"), ["Ana Silva"]);
        assert_eq!(called("ask @ANA silva and @jörg öz"), ["Ana Silva", "Jörg Öz"]);
        assert_eq!(called("@Ana Silvana"), ["Ana"]);
        assert_eq!(called("(@ana)"), ["Ana"]);
        assert_eq!(called("@Anna-Lena!"), ["Anna-Lena"]);
    }

    #[test]
    fn only_whole_words_are_names() {
        for text in ["@Anastasia", "@Ana_2", "@Ana-Maria", "Ana Silva", "@ Ana", "@", "@@", "", "@Jörg"] {
            assert_eq!(called(text), [""; 0], "{text}");
        }
        assert_eq!(called("@Ana's idea - @Jörg Öz-"), ["Ana", "Jörg Öz"]);
    }

    #[test]
    fn a_mail_address_calls_nobody() {
        for text in ["ben@ana.example", "b.x@Ana", "b+@Ana", "é@Ana Silva"] {
            assert_eq!(called(text), [""; 0], "{text}");
        }
        assert_eq!(called("-@Ana"), ["Ana"]);
    }

    #[test]
    fn everyone_is_called_once_and_namesakes_are_all_meant() {
        assert_eq!(called("@Ana @ana @ANA"), ["Ana"]);
        let people = [person(1, "Kim Lee"), person(2, "kim lee"), person(3, "Kim")];
        assert_eq!(mentioned("@Kim Lee", &people), [&people[0].0, &people[1].0]);
    }

    #[test]
    fn spans_are_where_the_text_says_it() {
        let text = "ü @jörg öz: @Ana";
        let found: Vec<&str> = spans(text, &["Ana", "Jörg Öz"]).into_iter().map(|s| &text[s]).collect();
        assert_eq!(found, ["@jörg öz", "@Ana"]);
        assert!(spans("@x", &[""]).is_empty());
    }

    #[test]
    fn names_are_offered_by_the_beginning_of_a_word() {
        assert_eq!(being_typed("see @an"), Some("an"));
        assert_eq!(being_typed("@"), Some(""));
        assert_eq!((being_typed("ben@an"), being_typed("an")), (None, None));
        for typed in ["", "an", "SIL", "Ana s"] {
            assert!(begins("Ana Silva", typed), "{typed}");
        }
        for typed in ["na", "Ana Silva ", "x", " "] {
            assert!(!begins("Ana Silva", typed), "{typed}");
        }
    }
}
