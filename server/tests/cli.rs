//! The `coco` command line, as a person or a script runs it.

use crate::support::clamd::{self, Nature};
use coco::actor::{Action, Role, Scope};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A data directory with a vendor, a super admin and a ticket.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        let (services, _) = server::open(&desk.config()).await.unwrap();
        services.core.db.migrate().await.unwrap();
        let vendor = services.vendors.create("voltway", "Voltway", "About", "#1d4ed8", "9–17").await.unwrap().id;
        services.people.create("boss@example.com", "Elena", Role::AdminSuper, std::slice::from_ref(&vendor)).await.unwrap();
        services.people.create("rep@example.com", "Maya", Role::RepL1, &[vendor]).await.unwrap();
        services.core.db.close().await;
        desk
    }

    fn config(&self) -> server::Config {
        let mut layers = server::config::Layers::default();
        layers.add_flag("data_dir", self.data().to_str());
        server::Config::from_layers(&layers).unwrap()
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn coco(&self, arguments: &[&str]) -> Output {
        coco(self.dir.path(), arguments)
    }

    #[track_caller]
    fn out(&self, arguments: &[&str]) -> String {
        let output = self.coco(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.coco(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments:?}");
        err(&output)
    }
}

fn coco(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coco"));
    command.current_dir(dir).args(arguments);
    crate::support::without_settings(&mut command);
    command.output().unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_token_stands_alone_on_standard_output() {
    let desk = Desk::new().await;
    let output = desk.coco(&["token", "create", "--email", "boss@example.com", "--name", "CI"]);
    let token = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success() && token.ends_with('\n') && coco::auth::secret::is_token(token.trim()), "{output:?}");
    assert!(err(&output).contains("“CI” acts as Elena (tickets:read tickets:write chat:read chat:write)"), "{}", err(&output));

    let (services, _) = server::open(&desk.config()).await.unwrap();
    let actor = services.auth.by_token(token.trim()).await.unwrap().unwrap();
    assert_eq!((actor.name.as_str(), actor.scopes.as_deref()), ("Elena", Some(&Scope::ALL[..])));
    assert!(actor.may(Action::TicketCreate, coco::actor::Subject::Any).is_ok());
    services.core.db.close().await;

    desk.out(&["token", "create", "--email", "boss@example.com", "--name", "Reader", "--scope", "tickets:read"]);
    let list: serde_json::Value = serde_json::from_str(&desk.out(&["token", "list", "--email", "boss@example.com", "--json"])).unwrap();
    assert_eq!(
        (list[0]["name"].as_str(), list[0]["scopes"][0].as_str(), list.as_array().unwrap().len()),
        (Some("Reader"), Some("tickets:read"), 2)
    );
    desk.out(&["token", "revoke", "--email", "boss@example.com", list[0]["id"].as_str().unwrap()]);
    assert!(desk.out(&["token", "list", "--email", "boss@example.com"]).contains("revoked"));
    assert!(desk.fails(&["token", "create", "--email", "nobody@example.com", "--name", "CI"]).contains("nobody@example.com"));
    assert!(desk.fails(&["token", "create", "--email", "boss@example.com", "--name", "CI", "--scope", "all"]).contains("tickets:read"));
}

#[tokio::test]
async fn tickets_can_be_worked_on() {
    let desk = Desk::new().await;
    let about = ["--customer", "ada@example.com", "--subject", "Charger offline", "--body", "Since this morning.", "--priority", "urgent"];
    let number = desk.out(&[&["ticket", "create"], &about[..]].concat()).trim().to_owned();
    assert!(number.starts_with("TKT-"), "{number}");
    let listed = desk.out(&["ticket", "list", "--view", "unassigned"]);
    assert!(listed.contains(&number) && listed.contains("Charger offline") && listed.contains("Urgent"), "{listed}");
    desk.out(&["ticket", "assign", &number, "--to", "rep@example.com"]);
    assert!(desk.out(&["ticket", "list", "--view", "mine", "--as", "rep@example.com"]).contains(&number));
    desk.out(&["ticket", "resolve", &number, "--reason", "New cable"]);
    let shown: serde_json::Value = serde_json::from_str(&desk.out(&["ticket", "show", &number, "--json"])).unwrap();
    assert_eq!(shown["ticket"]["status"], "resolved");
    assert!(desk.out(&["ticket", "show", &number]).contains("    Since this morning."));
    assert!(desk.fails(&["ticket", "show", "TKT-1999-000001"]).contains("no such ticket"));
    assert!(desk.out(&["status"]).contains("1: 0 open"));
}

#[tokio::test]
async fn teams_are_made_and_change() {
    let desk = Desk::new().await;
    let id = desk.out(&["team", "create", " Billing ", "--member", "rep@example.com"]).trim().to_owned();
    assert!(id.parse::<coco::id::TeamId>().is_ok(), "{id}");
    desk.out(&["team", "add", "Billing", "boss@example.com"]);
    let listed = desk.out(&["team", "list"]);
    assert!(listed.contains("voltway") && listed.contains("Billing") && listed.contains("Elena, Maya"), "{listed}");
    desk.out(&["team", "remove", "Billing", "rep@example.com", "--vendor", "voltway"]);
    let teams: serde_json::Value = serde_json::from_str(&desk.out(&["team", "list", "--json"])).unwrap();
    assert_eq!((teams[0]["id"].as_str(), teams[0]["members"].as_array().unwrap().len()), (Some(id.as_str()), 1));
    assert!(desk.fails(&["team", "create", "Billing"]).contains("already"));
    assert!(desk.fails(&["team", "add", "Sales", "rep@example.com"]).contains("its teams are: Billing"));
    desk.out(&["ticket", "create", "--customer", "ada@example.com", "--subject", "S", "--body", "B"]);
    let refused = desk.fails(&["team", "add", "Billing", "ada@example.com"]);
    assert!(refused.contains("members: Choose people who work here."), "{refused}");
    assert!(desk.fails(&["team", "list", "--vendor", "other"]).contains("other"));
}

#[tokio::test]
async fn backups_come_back_whole() {
    let desk = Desk::new().await;
    let create = |subject: &str| desk.out(&["ticket", "create", "--customer", "ada@example.com", "--subject", subject, "--body", "b"]);
    let kept = create("Kept");
    std::fs::create_dir_all(desk.data().join("attachments/ab")).unwrap();
    std::fs::write(desk.data().join("attachments/ab/file"), "bytes").unwrap();

    let dir = desk.out(&["backup"]).trim().to_owned();
    assert!(dir.starts_with("backup-") && desk.dir.path().join(&dir).join("coco.db").is_file(), "{dir}");
    assert!(desk.fails(&["backup", &dir]).contains("exists already"));
    let lost = create("Lost");
    std::fs::write(desk.data().join("attachments/ab/file"), "changed").unwrap();

    assert!(desk.fails(&["restore", &dir]).contains("--force"));
    let damaged = desk.dir.path().join("damaged");
    std::fs::create_dir(&damaged).unwrap();
    std::fs::write(damaged.join("coco.db"), "not a database at all, but long enough to be read as one").unwrap();
    assert!(desk.fails(&["restore", "damaged", "--force"]).contains("the backup"));
    assert!(desk.fails(&["restore", "nowhere", "--force"]).contains("not a backup"));
    desk.out(&["ticket", "show", lost.trim()]);

    let output = desk.coco(&["restore", &dir, "--force"]);
    assert!(output.status.success() && err(&output).contains("coco.db.before-restore"), "{}", err(&output));
    desk.out(&["ticket", "show", kept.trim()]);
    desk.fails(&["ticket", "show", lost.trim()]);
    assert_eq!(std::fs::read_to_string(desk.data().join("attachments/ab/file")).unwrap(), "bytes");
    let leftovers: Vec<_> =
        std::fs::read_dir(desk.data()).unwrap().flatten().map(|e| e.file_name()).filter(|n| n.to_string_lossy().starts_with(".")).collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");

    let elsewhere = tempfile::tempdir().unwrap();
    let source = desk.dir.path().join(&dir);
    assert!(coco(elsewhere.path(), &["restore", source.to_str().unwrap()]).status.success(), "into an empty place");
    assert!(coco(elsewhere.path(), &["ticket", "show", kept.trim()]).status.success());
}

#[tokio::test]
async fn what_a_restore_replaces_is_kept_whole() {
    let desk = Desk::new().await;
    let dir = desk.out(&["backup"]).trim().to_owned();
    for _ in 0..2 {
        // As after a crash: the newest ticket is in the log alone.
        let (database, crashed) = (desk.data().join("coco.db"), desk.dir.path().join("crashed"));
        let (services, _) = server::open(&desk.config()).await.unwrap();
        let rep = services.people.actor_by_email("rep@example.com").await.unwrap();
        let customer = coco::tickets::CustomerRef { id: None, email: Some("ada@example.com".into()), name: "Ada".into() };
        let new = coco::tickets::NewTicket {
            customer: Some(customer),
            ..coco::tickets::NewTicket::about("Newest", "Words", coco::tickets::Channel::Web)
        };
        let newest = services.tickets.create(&rep, new).await.unwrap();
        std::fs::copy(&database, &crashed).unwrap();
        std::fs::copy(desk.data().join("coco.db-wal"), desk.dir.path().join("crashed-wal")).unwrap();
        services.core.db.close().await;
        std::fs::rename(&crashed, &database).unwrap();
        std::fs::rename(desk.dir.path().join("crashed-wal"), desk.data().join("coco.db-wal")).unwrap();

        let output = desk.coco(&["restore", &dir, "--force"]);
        assert!(output.status.success(), "{}", err(&output));
        let told = err(&output);
        let kept = told.split_whitespace().map(|w| w.trim_end_matches('.')).find(|w| w.contains("coco.db.before-restore")).unwrap();
        let old = coco::db::Db::open(&format!("sqlite://{}", desk.dir.path().join(kept).display())).await.unwrap();
        let find = coco::db::sql("SELECT subject FROM tickets WHERE id = $1").bind(&newest.id);
        let found: Option<(String,)> = find.optional(&mut old.read().await.unwrap()).await.unwrap();
        assert_eq!(found.map(|f| f.0).as_deref(), Some("Newest"), "{kept}");
        old.close().await;
        desk.fails(&["ticket", "show", &newest.number]);
    }
}

#[tokio::test]
async fn the_doctor_says_what_to_do() {
    let desk = Desk::new().await;
    let output = desk.coco(&["doctor"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    for good in ["✓ Settings", "✓ Data directory", "✓ Database", "✓ Schema", "✓ Staff", "✓ Clock", "✓ Outbox"] {
        assert!(text.contains(good), "{good}: {text}");
    }
    assert!(text.contains("✓ Virus scan: none"), "{text}");
    let scanned_by = |nature| {
        std::fs::write(desk.dir.path().join("coco.toml"), format!("clamd = '{}'", clamd::start(nature))).unwrap();
        String::from_utf8(desk.coco(&["doctor"]).stdout).unwrap()
    };
    assert!(scanned_by(Nature::Honest).contains("✓ Virus scan: clamd at 127.0.0.1:"));
    assert!(scanned_by(Nature::Cut).contains("✗ Virus scan: clamd at 127.0.0.1:"));
    std::fs::write(desk.data().join("coco.db"), "nonsense").unwrap();
    let output = desk.coco(&["doctor"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(!output.status.success() && text.contains("✗ Database"), "{text}");
    std::fs::write(desk.dir.path().join("coco.toml"), "listen = 'x'").unwrap();
    assert!(String::from_utf8(desk.coco(&["doctor"]).stdout).unwrap().contains("✗ Settings: coco.toml: listen: “x”"));
}

#[test]
fn settings_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("coco.toml"), "api_rate = 'fast'").unwrap();
    let output = coco(dir.path(), &["serve"]);
    assert!(!output.status.success());
    assert_eq!(err(&output), "coco: coco.toml: api_rate: “fast” is not a whole number from 1\n");
    let output = coco(dir.path(), &["serve", "--listen", "here", "--config", "other.toml"]);
    assert!(err(&output).starts_with("coco: other.toml: can't be read"), "{}", err(&output));
}

#[test]
fn no_database_is_made_by_looking_for_one() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [&["status"][..], &["ticket", "list"], &["team", "list"], &["token", "list", "--email", "x@example.com"], &["backup"]]
    {
        let output = coco(dir.path(), arguments);
        assert!(!output.status.success() && err(&output).contains("there is no database at data/coco.db"), "{}", err(&output));
    }
    assert!(!dir.path().join("data").exists());
}

#[test]
fn every_command_helps() {
    let dir = tempfile::tempdir().unwrap();
    for command in ["", "serve", "migrate", "seed", "status", "ticket", "team", "token", "backup", "restore", "doctor"] {
        let arguments: Vec<&str> = command.split(' ').filter(|c| !c.is_empty()).chain(["--help"]).collect();
        let output = coco(dir.path(), &arguments);
        assert!(output.status.success() && !output.stdout.is_empty(), "{command}");
    }
}

#[tokio::test]
async fn says_what_is_promised() {
    let desk = Desk::new().await;
    let words = desk.out(&["sla"]);
    for part in ["Voltway (voltway), UTC", "15 min for 99 %", "168 h for 80 %", "none yet", "Sunday     00:00–24:00"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let json: serde_json::Value = serde_json::from_str(&desk.out(&["sla", "--vendor", "voltway", "--json"])).unwrap();
    assert_eq!(json[0]["policy"]["targets"][0]["firstResponse"]["percent"], 99);
    assert_eq!(json[0]["attainment"]["byPriority"][0]["goals"], serde_json::json!([99, 95]));
    assert!(desk.fails(&["sla", "--vendor", "acme"]).contains("there is no vendor acme"));
}
