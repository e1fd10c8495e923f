//! Links by mail and the first administrator.

use super::*;

crate::both_dbs!(
    reset_works_once,
    reset_once_for_two_at_once,
    later_links_void_earlier,
    mails_are_few,
    mails_are_few_at_once,
    first_administrator,
    setup_only_without_staff
);

/// The mails about a new password.
fn resets(stage: &Stage) -> Vec<crate::ports::mailer::Mail> {
    stage.mail.sent().into_iter().filter(|m| m.subject == "Choose a new password").collect()
}

async fn reset_works_once(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    for _ in 0..MAX_FAILURES {
        auth.sign_in("maya@example.com", "wrong").await.unwrap_err();
    }
    auth.forgot("Maya@example.com", BASE).await.unwrap();
    auth.forgot("nobody@example.com", BASE).await.unwrap();
    let [mail] = &resets(&stage)[..] else { panic!("one mail") };
    assert_eq!(mail.to, "maya@example.com");
    assert!(mail.text.contains("https://help.example.com/reset-password?token="), "{}", mail.text);
    let token = token_of(&mail.text);
    assert!(auth.reset(&token, "short").await.unwrap_err().field("password").is_some());
    assert!(auth.reset("guess", "battery staple").await.unwrap_err().field("token").is_some());
    stage.clock.advance(RESET_TTL - 1);
    let actor = Actor { is_proved: true, ..actor };
    assert_eq!(auth.reset(&token, "battery staple").await, Ok(actor.clone()), "the mail proved the address");
    assert_eq!(auth.session_epoch(&actor.id).await, Ok(1));
    assert!(auth.reset(&token, "battery staple").await.unwrap_err().field("token").is_some());
    assert_eq!(auth.sign_in("maya@example.com", "battery staple").await, Ok(actor), "no longer locked");
}

async fn reset_once_for_two_at_once(stage: Stage) {
    maya(&stage).await;
    stage.services.auth.forgot("maya@example.com", BASE).await.unwrap();
    let token = token_of(&resets(&stage)[0].text);
    let (a, b) = (stage.services.auth.clone(), another(&stage));
    let (a, b) = tokio::join!(a.reset(&token, "battery staple"), b.reset(&token, "staple battery"));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
}

async fn later_links_void_earlier(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    for _ in 0..2 {
        auth.forgot("maya@example.com", BASE).await.unwrap();
    }
    let [first, second] = &resets(&stage)[..] else { panic!("two mails") };
    assert!(auth.reset(&token_of(&first.text), "battery staple").await.is_err());
    stage.clock.advance(RESET_TTL);
    assert!(auth.reset(&token_of(&second.text), "battery staple").await.is_err(), "expired");
    auth.forgot("maya@example.com", BASE).await.unwrap();
    auth.change_password(&actor, RIGHT, "battery staple").await.unwrap();
    assert!(auth.reset(&token_of(&resets(&stage)[2].text), RIGHT).await.is_err(), "voided by the change");
}

async fn mails_are_few(stage: Stage) {
    maya(&stage).await;
    for _ in 0..5 {
        stage.services.auth.forgot("maya@example.com", BASE).await.unwrap();
    }
    assert_eq!(resets(&stage).len() as i64, MAX_MAILS);
    let last = token_of(&resets(&stage)[2].text);
    stage.clock.advance(HOUR - 1);
    stage.services.auth.forgot("maya@example.com", BASE).await.unwrap();
    assert_eq!(resets(&stage).len() as i64, MAX_MAILS);
    stage.clock.advance(1);
    sessions::SessionRows::new(stage.services.core.clone()).delete_expired(stage.services.core.now().micros()).await.unwrap();
    stage.services.auth.forgot("maya@example.com", BASE).await.unwrap();
    assert_eq!(resets(&stage).len() as i64, MAX_MAILS + 1);
    assert!(stage.services.auth.reset(&last, "battery staple").await.is_err());
}

async fn mails_are_few_at_once(stage: Stage) {
    maya(&stage).await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let auth = another(&stage);
        asked.spawn(async move { auth.forgot("maya@example.com", BASE).await });
    }
    assert!(asked.join_all().await.iter().all(Result::is_ok));
    let tokens: Vec<_> = resets(&stage).iter().map(|m| token_of(&m.text)).collect();
    assert_eq!(tokens.len() as i64, MAX_MAILS);
    let mut work = 0;
    for token in tokens {
        work += i32::from(stage.services.auth.reset(&token, "battery staple").await.is_ok());
    }
    assert_eq!(work, 1);
}

async fn first_administrator(stage: Stage) {
    let auth = &stage.services.auth;
    maya(&stage).await;
    let first = token_of(&auth.setup_link(BASE).await.unwrap().unwrap());
    let link = auth.setup_link(BASE).await.unwrap().unwrap();
    assert!(link.starts_with("https://help.example.com/setup?token="), "{link}");
    let (token, boss) = (token_of(&link), form("boss@example.com", RIGHT));
    assert!(auth.setup(&first, "Larkspur", boss.clone()).await.unwrap_err().field("token").is_some(), "voided");
    let Err(Error::Invalid(faults)) = auth.setup(&token, "", Registration::default()).await else { panic!("accepted") };
    assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["vendor_name", "name", "email", "password"]);
    let taken = auth.setup(&token, "Larkspur", form("maya@example.com", RIGHT)).await;
    assert!(matches!(taken, Err(Error::Conflict(c)) if c.kind == ConflictKind::Duplicate));

    let actor = auth.setup(&token, "Larkspur & Co", boss.clone()).await.unwrap();
    assert_eq!((actor.role, actor.vendors.len()), (Role::AdminSuper, 1));
    let [vendor] = &stage.services.vendors.mine(&actor).await.unwrap()[..] else { panic!("one vendor") };
    assert_eq!((vendor.slug.as_str(), vendor.name.as_str()), ("larkspur-co", "Larkspur & Co"));
    assert_eq!(auth.sign_in("boss@example.com", RIGHT).await, Ok(actor));
    assert!(matches!(auth.setup(&token, "Larkspur", boss).await, Err(Error::Conflict(_))));
    assert_eq!(auth.setup_link(BASE).await, Ok(None));
}

async fn setup_only_without_staff(stage: Stage) {
    let auth = &stage.services.auth;
    let token = token_of(&auth.setup_link(BASE).await.unwrap().unwrap());
    stage.clock.advance(SETUP_TTL);
    assert!(auth.setup(&token, "Larkspur", form("boss@example.com", RIGHT)).await.unwrap_err().field("token").is_some(), "expired");
    let token = token_of(&auth.setup_link(BASE).await.unwrap().unwrap());
    let vendor = stage.vendor("larkspur").await;
    stage.person(Role::RepL1, "Rep One", &vendor).await;
    assert!(matches!(auth.setup(&token, "Other", form("boss@example.com", RIGHT)).await, Err(Error::Conflict(_))));
    assert_eq!(auth.setup_link(BASE).await, Ok(None));
}
