use super::*;

#[test]
fn reads_what_it_writes() {
    let query = ListQuery {
        view: InboxView::Mine,
        priority: Some(Priority::Urgent),
        channel: Some(Channel::Whatsapp),
        assignee: Some(Who::Me),
        tag: Some("late-delivery".into()),
        q: Some("größe & co".into()),
        ..ListQuery::default()
    };
    assert_eq!(query.write(), "?view=mine&priority=urgent&channel=whatsapp&assignee=me&tag=late-delivery&q=gr%C3%B6%C3%9Fe%20%26%20co");
    assert_eq!(ListQuery::default().href(), "/rep/inbox");
    let mut map = ParamsMap::new();
    for (k, v) in [("view", "mine"), ("priority", "urgent"), ("channel", "whatsapp"), ("assignee", "me"), ("tag", "late-delivery")] {
        map.insert(k, v.to_owned());
    }
    map.insert("q", " größe & co ".to_owned());
    map.insert("category", "nonsense".to_owned());
    assert_eq!(ListQuery::read(&map), query);
}

#[test]
fn a_search_goes_on_in_all_tickets_with_its_words() {
    let mine =
        ListQuery { view: InboxView::Mine, q: Some("pump".into()), tag: Some("late".into()), ..ListQuery::default() }.older("9.a".into());
    assert_eq!(mine.everywhere().href(), "/rep/inbox?view=all&tag=late&q=pump");
    assert_eq!(ListQuery::words("no. 4").href(), "/rep/inbox?view=all&q=no.%204");
}

#[test]
fn pages_go_there_and_back() {
    let first = ListQuery::default();
    let second = first.older("9.a".into());
    let third = second.older("5.b".into());
    assert_eq!(third.write(), "?after=5.b&trail=9.a");
    assert_eq!(third.newer(), Some(second.clone()));
    assert_eq!(second.newer(), Some(first.clone()));
    assert_eq!(first.newer(), None);
}
