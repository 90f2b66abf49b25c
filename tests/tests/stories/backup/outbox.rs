//! Mail in a backup of a data folder: what went out is in it, and what waits goes out of what is
//! restored, without a queue.

use std::{fs, path::Path, time::Duration};

use entities::{Category, notification};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use worker::outbox::{self, Outbox};

use super::{Place, Said};
use crate::{
    embedded::up,
    process::{binary, wait_for},
    sign_in::asked,
};

const SOON: Duration = Duration::from_secs(60);
const ADDRESS: &str = "exchange-desk@torino.example";

/// The mails of a data folder, each with its text.
async fn mails(data: &Path) -> Vec<(String, String)> {
    let names = Outbox::new(data.join("outbox")).names().await.unwrap();
    let text = |name: &String| fs::read_to_string(data.join("outbox").join(name)).unwrap();
    names
        .iter()
        .map(|name| (name.clone(), text(name)))
        .collect()
}

/// The id of the mail about a token, which waits.
async fn waiting(data: &Path) -> String {
    let url = format!("sqlite://{}", data.join("connection.db").display());
    let db = domain::database::connect(&url).await.unwrap();
    let row = notification::Entity::find()
        .filter(notification::Column::Category.eq(Category::NewToken))
        .one(&db)
        .await
        .unwrap();
    db.close().await.unwrap();
    outbox::short(row.unwrap().id)
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_went_out_is_backed_up_and_mail_that_waits_goes_out_once_restored() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = folder.join("here");
    let here = Place::Folder(data.clone());
    let running = up(&data, &[]);
    let person = ["--key", "exchange-desk", "--address", ADDRESS];
    let role = ["--project", "connection", "--role", "viewer"];
    let add = [&["user", "add"][..], &person, &role].concat();
    here.run(&add).succeeds("/sign-in/");
    asked(&running.base, ADDRESS).await;
    wait_for("the link", SOON, || {
        let names = crate::embedded::mails(&data);
        names
            .iter()
            .any(|name| name.contains("sign-in"))
            .then_some(())
    });
    assert!(running.running.stop().success());
    let sent = mails(&data).await;
    assert!(!sent.is_empty());

    // Nobody sends it, so that it waits.
    let of = ["--person", "exchange-desk", "--project", "connection"];
    let token = [&["token", "create", "--name", "dashboard"][..], &of].concat();
    here.run(&token).succeeds("");
    let id = waiting(&data).await;
    // As one that is handed over while it is backed up, after the database was copied; and one of
    // which the ledger knows nothing.
    for name in [format!("2021-09/late-{id}.eml"), "stray.eml".to_owned()] {
        let path = data.join("outbox").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "Subject: none\r\n\r\n").unwrap();
    }
    let archive = folder.join("backup.tar");
    let name = archive.to_str().unwrap();
    let count = format!("and {} mails of an outbox", sent.len());
    here.run(&["backup", name]).succeeds(&count);
    Said::of(binary("connection").args(["verify", name])).succeeds("It is whole.");

    let restored = folder.join("there");
    let there = Place::Folder(restored.clone());
    there.run(&["restore", name]).succeeds(&count);
    assert_eq!(mails(&restored).await, sent);
    assert!(!restored.join("queue.db").exists());
    for key in ["link.key", "operator.key"] {
        let of = |data: &Path| fs::read(data.join(key)).unwrap();
        assert_eq!(of(&data), of(&restored), "{key}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let of = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(of(&restored.join("outbox")), 0o700);
        assert_eq!(of(&restored.join("outbox").join(&sent[0].0)), 0o600);
    }
    let running = up(&restored, &[]);
    wait_for("the mail that waited", SOON, || {
        let names = crate::embedded::mails(&restored);
        names.iter().any(|name| name.contains(&id)).then_some(())
    });
    assert!(running.running.stop().success());
    let mut after = mails(&restored).await;
    after.retain(|(name, text)| !name.contains(&id) || !text.contains("dashboard"));
    assert_eq!(after, sent, "what went out did not go out again");

    // A production installation has no outbox.
    let production = Place::Database {
        url: format!("sqlite://{}", folder.join("production.db").display()),
        files: folder.join("files"),
    };
    let warning = format!("{} mails of an outbox are not restored", sent.len());
    production.run(&["restore", name]).succeeds(&warning);
}
