//! Who may change the routing, and how, on both databases.

use super::handing_out::cast;
use crate::Error;
use crate::db::testing::Stage;
use crate::error::ConflictKind;
use crate::event::Event;
use crate::people::Presence;
use crate::routing::{RepEdit, Rules, SetupEdit, SkillNeed};
use crate::tickets::{Category, Priority};

crate::both_dbs!(admins_change_it_and_nobody_elses_change_is_lost, bad_rules_are_named, a_preview_changes_nothing);

async fn admins_change_it_and_nobody_elses_change_is_lost(stage: Stage) {
    let c = cast(stage).await;
    let routing = &c.stage.services.routing;
    let setup = routing.setup(&c.boss, &c.vendor).await.unwrap();
    let names: Vec<_> = setup.reps.iter().map(|r| (r.name.as_str(), r.level, r.limit)).collect();
    assert_eq!((names, setup.version), (vec![("Omar", 2, 5), ("Rita", 1, 5)], 1), "admins are not among those who take tickets");
    assert_eq!(routing.setup(&c.rita, &c.vendor).await, Err(Error::Forbidden));
    assert_eq!(routing.setup(&c.cleo, &c.vendor).await, Err(Error::Forbidden));
    let rita = RepEdit { id: c.rita.id.clone(), limit: 3, skills: vec!["French".into(), " french ".into(), "refunds".into()] };
    let edit = SetupEdit { rules: Rules { sticky: false, ..setup.rules }, reps: vec![rita], version: 1 };
    assert_eq!(routing.save(&c.rita, &c.vendor, edit.clone()).await, Err(Error::Forbidden));
    let saved = routing.save(&c.boss, &c.vendor, edit.clone()).await.unwrap();
    let rita = saved.reps.iter().find(|r| r.id == c.rita.id).unwrap();
    assert_eq!((saved.version, rita.limit, rita.skills.clone()), (2, 3, vec!["french".to_owned(), "refunds".into()]));
    let late = routing.save(&c.boss, &c.vendor, edit).await;
    assert!(matches!(late, Err(Error::Conflict(e)) if e.kind == ConflictKind::Stale));
    let told = c.stage.services.journey.tail(0, 1_000).await.unwrap().events;
    let changes: Vec<_> = told.iter().filter(|e| matches!(e.event, Event::RoutingChange { .. })).collect();
    assert_eq!(changes.len(), 2);
    assert!(changes.iter().all(|e| e.customer_id.is_none() && e.vendor_id.as_ref() == Some(&c.vendor)));
}

async fn bad_rules_are_named(stage: Stage) {
    let c = cast(stage).await;
    let routing = &c.stage.services.routing;
    let edit = |needs: &[(Category, &str)], limit, skills: Vec<String>| SetupEdit {
        rules: Rules {
            needs: needs.iter().map(|(category, s)| SkillNeed { category: *category, skill: (*s).into() }).collect(),
            ..Rules::default()
        },
        reps: vec![RepEdit { id: c.rita.id.clone(), limit, skills }],
        version: 1,
    };
    let billing = Category::Billing;
    for (field, bad) in [
        ("needs", edit(&[(billing, " ")], 5, Vec::new())),
        ("needs", edit(&[(billing, &"x".repeat(41))], 5, Vec::new())),
        ("needs", edit(&[(billing, "a"), (billing, "b")], 5, Vec::new())),
        ("limit", edit(&[], -1, Vec::new())),
        ("limit", edit(&[], 101, Vec::new())),
        ("skills", edit(&[], 5, vec!["x".repeat(41)])),
        ("skills", edit(&[], 5, (0..21).map(|n| format!("skill {n}")).collect())),
        ("reps", SetupEdit { reps: vec![RepEdit { id: c.boss.id.clone(), limit: 5, skills: Vec::new() }], ..edit(&[], 5, Vec::new()) }),
    ] {
        let refused = routing.save(&c.boss, &c.vendor, bad).await.unwrap_err();
        assert!(refused.field(field).is_some(), "{field}: {refused:?}");
    }
    assert_eq!(routing.setup(&c.boss, &c.vendor).await.unwrap().version, 1);
}

async fn a_preview_changes_nothing(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    for n in 0..5 {
        c.open(&format!("t{n}"), Priority::Low).await;
    }
    let edit = |needs, limit| SetupEdit {
        rules: Rules { automatic: true, sticky: false, higher_levels_help: true, needs },
        reps: vec![RepEdit { id: c.rita.id.clone(), limit, skills: vec!["anything".into()] }],
        version: 0,
    };
    let preview = s.routing.preview(&c.boss, &c.vendor, edit(Vec::new(), 1)).await.unwrap();
    assert_eq!((preview.tickets, &preview.reps[0], &preview.nobody), (5, &("Rita".into(), 5), &Vec::new()), "the closest level");
    let preview = s.routing.preview(&c.boss, &c.vendor, edit(Vec::new(), 0)).await.unwrap();
    assert_eq!(preview.reps[0], ("Omar".into(), 5), "who may have none gets none");
    let need = SkillNeed { category: Category::Other, skill: "magic".into() };
    let preview = s.routing.preview(&c.boss, &c.vendor, edit(vec![need], 5)).await.unwrap();
    assert_eq!(preview.nobody, [(Category::Other, 5)]);
    assert_eq!(s.routing.preview(&c.rita, &c.vendor, edit(Vec::new(), 5)).await, Err(Error::Forbidden));
    c.be(&c.rita, Presence::Online).await;
    assert_eq!(s.routing.route(&c.vendor).await, Ok(5), "the rules are as they were");
}
