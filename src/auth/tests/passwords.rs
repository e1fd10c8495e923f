//! Registering, signing in, locking out, changing.

use super::*;

crate::both_dbs!(
    registers_and_signs_in,
    refuses_bad_forms_at_once,
    taken_addresses,
    locks_out_and_wakes,
    an_unknown_address_looks_the_same,
    a_lock_outlives_the_process,
    a_guess_too_many_at_once,
    inactive_people_stay_out,
    passwords_change,
    sessions_end_everywhere,
    hashes_are_renewed
);

async fn registers_and_signs_in(stage: Stage) {
    let auth = &stage.services.auth;
    let actor = auth.register(form(" Maya@Example.com ", RIGHT), BASE).await.unwrap();
    assert_eq!((actor.kind, actor.role, actor.name.as_str()), (ActorKind::Customer, Role::Customer, "Maya Lin"));
    assert_eq!(auth.sign_in("MAYA@example.com", RIGHT).await, Ok(actor.clone()));
    assert_eq!(auth.sign_in("maya@example.com", "correct house").await, Err(proof::wrong()));
    assert_eq!(auth.session_epoch(&actor.id).await, Ok(0));
}

async fn refuses_bad_forms_at_once(stage: Stage) {
    let bad = Registration { name: " ".into(), email: "nobody".into(), password: "short".into() };
    let Err(Error::Invalid(faults)) = stage.services.auth.register(bad, BASE).await else { panic!("accepted") };
    assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["name", "email", "password"]);
}

async fn taken_addresses(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    assert_eq!(auth.register(form("maya@example.com", RIGHT), BASE).await, Ok(actor));
    for _ in 0..MAX_FAILURES {
        let refused = auth.register(form("maya@example.com", "another one"), BASE).await.unwrap_err();
        assert!(refused.field("email").unwrap().starts_with("We couldn't make an account"), "{refused:?}");
    }
    assert_eq!(auth.register(form("maya@example.com", RIGHT), BASE).await, Err(Error::RateLimited(600)));
}

async fn locks_out_and_wakes(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    for round in 0..2 {
        for _ in 0..MAX_FAILURES - 1 {
            assert_eq!(auth.sign_in("maya@example.com", "wrong").await, Err(proof::wrong()));
        }
        if round == 0 {
            auth.sign_in("maya@example.com", RIGHT).await.unwrap();
        }
    }
    assert_eq!(auth.sign_in("maya@example.com", "wrong").await, Err(proof::wrong()));
    assert_eq!(auth.sign_in("maya@example.com", RIGHT).await, Err(Error::RateLimited(600)));
    stage.clock.advance(LOCKOUT - 1);
    assert_eq!(auth.sign_in("maya@example.com", RIGHT).await, Err(Error::RateLimited(1)));
    stage.clock.advance(1);
    assert_eq!(auth.sign_in("maya@example.com", RIGHT).await, Ok(actor));
}

async fn an_unknown_address_looks_the_same(stage: Stage) {
    let auth = &stage.services.auth;
    maya(&stage).await;
    for n in 0..2 * MAX_FAILURES {
        let (known, unknown) = (auth.sign_in("maya@example.com", "wrong").await, auth.sign_in("nobody@example.com", "wrong").await);
        assert_eq!(known, unknown, "attempt {n}");
    }
    stage.clock.advance(LOCKOUT);
    for password in ["wrong", "", "w\0", &"x".repeat(MAX_PASSWORD + 1)] {
        assert_eq!(auth.sign_in("maya@example.com", password).await, auth.sign_in("nobody@example.com", password).await);
    }
    for address in ["", "no address", "a\0b@example.com", &"x".repeat(9000)] {
        assert_eq!(auth.sign_in(address, "wrong").await, Err(proof::wrong()));
    }
}

async fn a_lock_outlives_the_process(stage: Stage) {
    maya(&stage).await;
    for _ in 0..MAX_FAILURES {
        stage.services.auth.sign_in("maya@example.com", "wrong").await.unwrap_err();
    }
    let auth = another(&stage);
    assert_eq!(auth.sign_in("maya@example.com", RIGHT).await, Err(proof::wrong()), "does not tell that it is locked");
    stage.clock.advance(LOCKOUT);
    auth.sign_in("maya@example.com", RIGHT).await.unwrap();
}

async fn a_guess_too_many_at_once(stage: Stage) {
    maya(&stage).await;
    let mut guesses = tokio::task::JoinSet::new();
    for n in 0..30 {
        let auth = stage.services.auth.clone();
        guesses.spawn(async move { auth.sign_in("maya@example.com", &format!("guess {n}")).await });
    }
    let answers = guesses.join_all().await;
    assert_eq!(answers.iter().filter(|a| **a == Err(proof::wrong())).count() as i64, MAX_FAILURES);
}

async fn inactive_people_stay_out(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    deactivate(&stage, &actor).await;
    assert_eq!(auth.sign_in("maya@example.com", RIGHT).await, Err(proof::wrong()));
    auth.forgot("maya@example.com", BASE).await.unwrap();
    assert!(stage.mail.sent().iter().all(|m| m.subject != "Choose a new password"));
}

async fn passwords_change(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    assert!(auth.change_password(&actor, "wrong", "battery staple").await.unwrap_err().field("current").is_some());
    assert!(auth.change_password(&actor, RIGHT, "short").await.unwrap_err().field("password").is_some());
    assert_eq!(auth.change_password(&actor, RIGHT, "battery staple").await, Ok(1));
    assert_eq!(auth.sign_in("maya@example.com", RIGHT).await, Err(proof::wrong()));
    assert_eq!(auth.sign_in("maya@example.com", "battery staple").await, Ok(actor.clone()));
    auth.set_password(&actor.id, RIGHT).await.unwrap();
    assert_eq!(auth.session_epoch(&actor.id).await, Ok(2));
    assert_eq!(auth.set_password(&stage.services.core.id(), RIGHT).await, Err(Error::NotFound));
}

async fn sessions_end_everywhere(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    assert_eq!(auth.sign_out_everywhere(&actor).await, Ok(1));
    assert_eq!(auth.session_epoch(&actor.id).await, Ok(1));
    assert_eq!(auth.session_epoch(&stage.services.core.id()).await, Err(Error::Unauthenticated));
}

async fn hashes_are_renewed(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    let old = password::Passwords::new(argon2::Params::new(16, 2, 1, None).unwrap()).hash(RIGHT).await.unwrap();
    let mut tx = stage.services.core.db.begin().await.unwrap();
    auth.set_hash(&mut tx, &actor.id, &old).await.unwrap();
    tx.commit().await.unwrap();
    auth.sign_in("maya@example.com", RIGHT).await.unwrap();
    let row = store::credentials(&mut stage.services.core.db.read().await.unwrap(), &actor.id).await.unwrap().unwrap();
    assert!(!auth.passwords.needs_rehash(&row.password_hash), "{}", row.password_hash);
    assert_eq!(row.session_epoch, 1, "signing in ends no session");
    auth.sign_in("maya@example.com", RIGHT).await.unwrap();
}
