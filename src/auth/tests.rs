//! What auth promises, on both databases.

use super::service::Auth;
use super::*;
use crate::Error;
use crate::actor::{Action, Actor, ActorKind, Role, Subject};
use crate::db::{sql, testing::Stage};
use crate::error::ConflictKind;

mod address;
mod links;
mod passwords;
mod tokens;

const RIGHT: &str = "correct horse";
const BASE: &str = "https://help.example.com/";

fn form(email: &str, password: &str) -> Registration {
    Registration { name: "Maya Lin".into(), email: email.into(), password: password.into() }
}

async fn maya(stage: &Stage) -> Actor {
    stage.services.auth.register(form("maya@example.com", RIGHT), BASE).await.unwrap()
}

/// A second process on the same database.
fn another(stage: &Stage) -> Auth {
    Auth::new(stage.services.core.clone(), stage.mail.clone())
}

fn token_of(text: &str) -> String {
    let (_, rest) = text.split_once("?token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn deactivate(stage: &Stage, actor: &Actor) {
    let mut tx = stage.services.core.db.begin().await.unwrap();
    sql("UPDATE users SET is_active = $2 WHERE id = $1").bind(&actor.id).bind(false).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}
