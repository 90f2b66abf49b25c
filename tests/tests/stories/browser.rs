//! The pages in a real browser.

use std::{path::Path, process::Command, time::Duration};

use crate::{
    embedded::{mails, up},
    process::{service, wait_for},
};

/// What a page holds once its scripts have run.
fn rendered(chromium: &str, profile: &Path, url: &str) -> String {
    let output = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .args([
            "--window-size=1400,3000",
            "--virtual-time-budget=15000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(url)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn graphiql_opens_with_the_first_query_and_the_outbox_shows_mail() {
    let Some(chromium) = service("TEST_CHROMIUM") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, profile) = (folder.path().join("data"), folder.path().join("profile"));
    let up = up(&data, &["--at", "2021-09-06T05:59:50Z"]);
    let page = rendered(&chromium, &profile, &format!("{}/graphiql", up.base));
    for text in ["graphiql-editor", "connection", "progress", "totalCount"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    wait_for("mail", Duration::from_secs(60), || {
        (mails(&data).len() >= 3).then_some(())
    });
    let page = rendered(&chromium, &profile, &format!("{}/outbox", up.base));
    assert!(page.contains("exchanges@thessaloniki.example"), "{page}");
}
