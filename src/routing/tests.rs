//! Who gets a ticket, and how long others wait.

use super::Rules;
use super::decide::{Candidate, Need, Reason, Verdict, decide};
use super::wait::{ENOUGH, Exit, Wait, estimate, gaps};
use crate::id::UserId;
use crate::people::Presence;
use crate::time::{MINUTE, Timestamp};
use proptest::prelude::*;

#[cfg(feature = "server")]
mod handing_out;
#[cfg(feature = "server")]
mod interleaving;
#[cfg(feature = "server")]
mod setup;

fn id(n: u64) -> UserId {
    UserId::from(uuid::Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | n))
}

fn rep(n: u64) -> Candidate {
    Candidate {
        id: id(n),
        name: format!("Rep {n}"),
        level: 1,
        skills: Vec::new(),
        teams: Vec::new(),
        presence: Presence::Online,
        open: 0,
        limit: 5,
        idle_since: Timestamp::from_micros(i64::try_from(n).expect("small")),
    }
}

fn need() -> Need {
    Need { level: 1, skill: None, team: None, last_rep: None, let_go: None }
}

fn chosen(rules: &Rules, need: &Need, candidates: &[Candidate]) -> Option<UserId> {
    decide(rules, need, candidates).chosen
}

#[test]
fn the_least_loaded_then_the_longest_idle_is_chosen() {
    let rules = Rules::default();
    let two = [rep(1), Candidate { open: 1, idle_since: Timestamp::from_micros(0), ..rep(2) }];
    assert_eq!(chosen(&rules, &need(), &two), Some(id(1)));
    let even = [rep(9), rep(3)];
    let decision = decide(&rules, &need(), &even);
    assert_eq!(decision.chosen, Some(id(3)));
    assert_eq!(decision.considered[0].verdict, Verdict::Chosen { reason: Reason::LongestIdle });
    assert_eq!(decision.considered[1].verdict, Verdict::IdleForLess);
}

#[test]
fn whoever_helped_last_is_chosen_only_if_the_rules_say_so_and_they_can() {
    let need = Need { last_rep: Some(id(2)), ..need() };
    let busy = Candidate { open: 4, ..rep(2) };
    let sticky = Rules { sticky: true, ..Rules::default() };
    assert_eq!(chosen(&sticky, &need, &[rep(1), busy.clone()]), Some(id(2)));
    assert_eq!(chosen(&Rules { sticky: false, ..Rules::default() }, &need, &[rep(1), busy]), Some(id(1)));
    assert_eq!(chosen(&sticky, &need, &[rep(1), Candidate { open: 5, ..rep(2) }]), Some(id(1)));
}

#[test]
fn who_let_it_go_does_not_get_it_right_back() {
    let need = Need { let_go: Some(id(1)), last_rep: Some(id(1)), ..need() };
    let rules = Rules { sticky: true, ..Rules::default() };
    assert_eq!(chosen(&rules, &need, &[rep(1), Candidate { open: 4, ..rep(2) }]), Some(id(2)));
    let alone = decide(&rules, &need, &[rep(1)]);
    assert_eq!((alone.chosen, &alone.considered[0].verdict), (None, &Verdict::LetGo));
}

#[test]
fn everyone_who_cannot_take_it_is_told_why() {
    let need = Need { skill: Some("billing".into()), level: 2, ..need() };
    let able = Candidate { level: 2, skills: vec!["billing".into()], ..rep(0) };
    let candidates = [
        rep(1),
        Candidate { level: 3, ..able.clone() },
        Candidate { skills: Vec::new(), ..able.clone() },
        Candidate { presence: Presence::Away, ..able.clone() },
        Candidate { open: 5, ..able },
    ];
    let decision = decide(&Rules::default(), &need, &candidates);
    assert_eq!(decision.chosen, None);
    let words: Vec<String> = decision.considered.iter().map(|c| c.verdict.words()).collect();
    assert_eq!(
        words,
        ["works at level 1", "is kept for level 3", "does not have the skill billing", "is away", "has 5 of at most 5 tickets"]
    );
    let help = Rules { higher_levels_help: true, ..Rules::default() };
    assert_eq!(decide(&help, &need, &candidates).chosen, Some(id(0)));
}

fn candidate() -> impl Strategy<Value = Candidate> {
    (0u64..9, 1i64..=3, any::<[bool; 2]>(), 0i64..7, 1i64..6, 0i64..4).prop_map(|(n, level, [skilled, online], open, limit, idle)| {
        Candidate {
            level,
            skills: if skilled { vec!["billing".into()] } else { Vec::new() },
            presence: if online { Presence::Online } else { Presence::Busy },
            open,
            limit,
            idle_since: Timestamp::from_micros(idle),
            ..rep(n)
        }
    })
}

proptest! {
    #[test]
    fn nobody_gets_more_than_they_may_and_nobody_able_is_passed_over(
        candidates in prop::collection::vec(candidate(), 0..8),
        level in 1i64..=3,
        skilled in any::<bool>(),
        (sticky, higher_levels_help) in any::<(bool, bool)>(),
        last in prop::option::of(0u64..9),
    ) {
        let rules = Rules { sticky, higher_levels_help, ..Rules::default() };
        let need = Need { level, skill: skilled.then(|| "billing".into()), team: None, last_rep: last.map(id), let_go: None };
        let able = |c: &&Candidate| {
            c.open < c.limit && c.presence == Presence::Online && (c.level == level || (c.level > level && higher_levels_help))
                && (!skilled || !c.skills.is_empty())
        };
        let decision = decide(&rules, &need, &candidates);
        prop_assert_eq!(decision.chosen.is_some(), candidates.iter().any(|c| able(&c)));
        prop_assert_eq!(decision.considered.len(), candidates.len());
        if let Some(best) = &decision.chosen {
            prop_assert!(candidates.iter().any(|c| c.id == *best && able(&c)));
        }
    }
}

#[test]
fn only_what_waited_tells_how_fast_the_queue_moves() {
    let at = |minutes: i64| Timestamp::from_micros(minutes * MINUTE);
    let exit = |entered, left| Exit { entered_at: at(entered), left_at: at(left) };
    // Newest first. The one of minute 40 met an idle rep; the night between 50 and 600 saw no queue.
    let exits = [exit(600, 602), exit(40, 40), exit(12, 30), exit(10, 20), exit(5, 15)];
    assert_eq!(gaps(&exits, at(602), at(602)), [2, 10, 5].map(|m| m * MINUTE), "the oldest only begins the count");
    assert_eq!(gaps(&exits, at(602), at(632)), [30, 2, 10, 5].map(|m| m * MINUTE), "nothing has moved for half an hour");
    assert_eq!(gaps(&exits, at(602), at(603)), [2, 10, 5].map(|m| m * MINUTE), "a moment of rest says nothing");
    assert_eq!(gaps(&[], at(0), at(5)), [0; 0]);
}

#[test]
fn a_wait_is_told_with_its_spread_or_not_at_all() {
    assert_eq!(estimate(1, &[MINUTE; ENOUGH - 1]), None);
    assert_eq!(estimate(3, &[2 * MINUTE; ENOUGH]), Some(Wait { from: 6, to: 7 }));
    let uneven: Vec<i64> = [1, 3, 2, 9, 5, 4].map(|m| m * MINUTE).to_vec();
    let wait = estimate(4, &uneven).expect("enough");
    assert!(wait.from < 16 && wait.to > 16, "{wait:?}");
    assert_eq!(Wait { from: 0, to: 1 }.words(), "less than a minute");
    assert_eq!(Wait { from: 4, to: 9 }.words(), "4 to 9 minutes");
    assert_eq!(Wait { from: 110, to: 190 }.words(), "110 minutes to 3 hours");
}
