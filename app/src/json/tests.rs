use super::{Raw, Unreadable, read};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    Nothing,
    One(String),
    Two(i64, bool),
    Named { x: Option<u8>, ratio: f64 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Whole {
    text: String,
    pairs: Vec<(i64, Option<String>)>,
    shapes: Vec<Shape>,
    by_name: BTreeMap<String, Vec<u32>>,
    #[serde(default)]
    unit: (),
}

fn whole() -> Whole {
    Whole {
        text: "a \"quoted\" \\ / line\nand\ttab \u{1} ü 🎉 </script>".into(),
        pairs: vec![(i64::MIN, None), (7, Some(String::new()))],
        shapes: vec![Shape::Nothing, Shape::One("x".into()), Shape::Two(-3, true), Shape::Named { x: Some(255), ratio: 0.25 }],
        by_name: [("a".into(), vec![1, 2]), ("".into(), Vec::new())].into(),
        unit: (),
    }
}

#[test]
fn reads_what_serde_json_writes() {
    for text in [serde_json::to_string(&whole()).unwrap(), serde_json::to_string_pretty(&whole()).unwrap()] {
        assert_eq!(read::<Whole>(&text), Ok(whole()));
    }
}

#[test]
fn goes_over_fields_that_it_does_not_know() {
    let text = r#"{"new":{"a":[1.5e-3,{"b":"]}\""},null],"c":true}, "text":"x","pairs":[],"shapes":[],"by_name":{},"later":-1}"#;
    assert_eq!(read::<Whole>(text).unwrap().text, "x");
}

#[test]
fn characters_may_be_written_by_their_codes() {
    assert_eq!(read::<String>(r#""\u00fc\ud83c\udf89\/\b\f""#).unwrap(), "ü🎉/\u{8}\u{c}");
}

#[test]
fn a_value_can_be_read_later() {
    let read_later = read::<Vec<Raw>>(r#"[ {"a": [1, "]"]} , 12,"x"]"#).unwrap();
    assert_eq!(read_later.iter().map(Raw::as_ref).collect::<Vec<_>>(), [r#"{"a": [1, "]"]}"#, "12", r#""x""#]);
    assert_eq!((read_later[1].read(), read_later[2].read::<i64>()), (Ok(12), Err(Unreadable)));
}

#[test]
fn half_a_text_and_more_than_one_are_refused() {
    let text = serde_json::to_string(&whole()).unwrap();
    for (end, _) in text.char_indices() {
        assert_eq!(read::<Whole>(&text[..end]), Err(Unreadable), "{end}");
    }
    for wrong in ["", "1 2", "[1,]", "[1 2]", "1.5", "300", "nul", "\"\\ud83c\"", "\"\\x\"", "[[", "é"] {
        assert_eq!(read::<u8>(wrong), Err(Unreadable), "{wrong}");
        assert_eq!(read::<Vec<u8>>(wrong), Err(Unreadable), "{wrong}");
        assert_eq!(read::<String>(wrong), Err(Unreadable), "{wrong}");
    }
}

/// Any JSON without fractions.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into)
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_serde_json(value in json()) {
        prop_assert_eq!(read::<serde_json::Value>(&value.to_string()), Ok(value.clone()));
        let raw = read::<Raw>(&value.to_string()).unwrap();
        prop_assert_eq!(raw.as_ref(), value.to_string());
    }

    #[test]
    fn never_panics(text in "[\\[\\]{}:,\"\\\\0-9a-fu \u{fc}-]{0,40}|\\PC{0,20}") {
        let _ = (read::<serde_json::Value>(&text), read::<Whole>(&text), read::<Vec<Raw>>(&text));
    }
}
