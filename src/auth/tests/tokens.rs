//! API tokens.

use super::*;

crate::both_dbs!(tokens_carry_scopes, tokens_end, token_rights_are_fresh, who_is_not_proved_is_asked_for_every_time, token_use_is_noted);

async fn tokens_carry_scopes(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    assert!(auth.create_token(&actor, "CI", &[]).await.unwrap_err().field("scopes").is_some());
    assert!(auth.create_token(&actor, "", &[Scope::TicketsRead]).await.unwrap_err().field("name").is_some());
    let wanted = [Scope::ChatWrite, Scope::TicketsRead, Scope::ChatWrite];
    let (info, secret) = auth.create_token(&actor, "CI", &wanted).await.unwrap();
    assert_eq!(info.scopes, [Scope::TicketsRead, Scope::ChatWrite]);
    assert!(secret::is_token(&secret), "{secret}");
    assert_eq!(auth.tokens(&actor).await, Ok(vec![info.clone()]));

    let program = auth.by_token(&secret).await.unwrap().unwrap();
    assert_eq!((&program.id, program.scopes.as_ref()), (&actor.id, Some(&info.scopes)));
    assert_eq!(program.may(Action::TicketRead, Subject::Any), Ok(()));
    assert_eq!(program.may(Action::TicketCreate, Subject::Any), Err(Error::Forbidden));
    assert_eq!(auth.create_token(&program, "more", &wanted).await, Err(Error::Forbidden));
    assert_eq!(auth.tokens(&program).await, Err(Error::Forbidden));
    assert_eq!(auth.sign_out_everywhere(&program).await, Err(Error::Forbidden));
    assert_eq!(auth.change_password(&program, RIGHT, "battery staple").await, Err(Error::Forbidden));
    for bad in ["", "coco_", &secret::new_token(), &secret[5..], &format!("{secret} "), "coco_\0"] {
        assert_eq!(auth.by_token(bad).await, Ok(None), "{bad}");
    }
}

async fn tokens_end(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    let other = auth.register(form("other@example.com", RIGHT), BASE).await.unwrap();
    let (info, secret) = auth.create_token(&actor, "CI", &Scope::ALL).await.unwrap();
    assert!(auth.by_token(&secret).await.unwrap().is_some());
    assert_eq!(auth.revoke_token(&other, &info.id).await, Err(Error::NotFound));
    assert!(auth.by_token(&secret).await.unwrap().is_some());
    auth.revoke_token(&actor, &info.id).await.unwrap();
    assert_eq!(auth.by_token(&secret).await, Ok(None), "at once");
    let revoked_at = Some(stage.services.core.now());
    stage.clock.advance(HOUR);
    auth.revoke_token(&actor, &info.id).await.unwrap();
    assert_eq!(auth.tokens(&actor).await.unwrap()[0].revoked_at, revoked_at);
}

async fn token_rights_are_fresh(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    auth.confirm_address(&actor, &token_of(&stage.mail.sent()[0].text)).await.unwrap();
    let (_, secret) = auth.create_token(&actor, "CI", &Scope::ALL).await.unwrap();
    let vendor = stage.vendor("larkspur").await;
    assert_eq!(auth.by_token(&secret).await.unwrap().unwrap().vendors, []);
    stage.services.vendors.choose(&actor, &vendor).await.unwrap();
    assert_eq!(auth.by_token(&secret).await.unwrap().unwrap().vendors, [], "remembered");
    stage.clock.advance(5 * crate::time::SECOND);
    assert_eq!(auth.by_token(&secret).await.unwrap().unwrap().vendors, [vendor]);
    deactivate(&stage, &actor).await;
    assert!(auth.by_token(&secret).await.unwrap().is_some(), "remembered");
    auth.forget_tokens(&actor.id);
    assert_eq!(auth.by_token(&secret).await, Ok(None));
}

async fn who_is_not_proved_is_asked_for_every_time(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    let (info, secret) = auth.create_token(&actor, "CI", &Scope::ALL).await.unwrap();
    assert!(auth.by_token(&secret).await.unwrap().is_some());
    another(&stage).revoke_token(&actor, &info.id).await.unwrap();
    assert_eq!(auth.by_token(&secret).await, Ok(None), "revoked on another node");
}

async fn token_use_is_noted(stage: Stage) {
    let (auth, actor) = (&stage.services.auth, maya(&stage).await);
    let (_, secret) = auth.create_token(&actor, "CI", &Scope::ALL).await.unwrap();
    let start = stage.services.core.now();
    for (after, noted) in [(0, start), (HOUR - 1, start), (1, start.plus(HOUR))] {
        stage.clock.advance(after);
        auth.forget_tokens(&actor.id);
        auth.by_token(&secret).await.unwrap();
        assert_eq!(auth.tokens(&actor).await.unwrap()[0].last_used_at, Some(noted));
    }
}
