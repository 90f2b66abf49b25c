//! Who sends and reads the files of a project: as every kind of viewer, in their own project and in
//! those of others.

use std::fmt::Write;

use domain::{
    files::Stored,
    record::Evidence,
    viewer::{Denied, Viewer},
};
use entities::EvidenceKind;
use rstest::rstest;
use serde_json::json;
use tests::Backend;

use super::{Gets, LEG, PROJECTS, VIEWERS, Whose, World};

/// A file that every project of the matrix has.
pub fn stored() -> Stored {
    Stored {
        sha256: "ab".repeat(32),
        media_type: "application/pdf",
        size: 7,
    }
}

/// The evidence that it is.
pub fn evidence() -> Evidence {
    let file = stored();
    Evidence {
        kind: EvidenceKind::File,
        title: Some("The list of those present".to_owned()),
        source: None,
        locator: None,
        url: None,
        sha256: Some(file.sha256),
        media_type: Some(file.media_type.to_owned()),
        size: Some(file.size),
        translations: Default::default(),
    }
}

/// Who adds evidence to an output of their own project, and so sends files.
const SENDERS: &[&str] = &[
    "partner, city that it concerns",
    "partner, own city",
    "expert, own community",
    "expert, other community",
    "coordinator",
];

fn may_send(viewer: &str, whose: Whose) -> Gets {
    match viewer {
        "operator" => Gets::Done,
        _ if whose == Whose::Closed => Gets::NotFound,
        "anonymous" => Gets::SignIn,
        _ if whose == Whose::Own && SENDERS.contains(&viewer) => Gets::Done,
        "partner, other city" if whose == Whose::Own => Gets::Done,
        _ => Gets::Forbidden,
    }
}

fn gets(viewer: Viewer, project: &domain::project::Project) -> Gets {
    match viewer.sender_to(project) {
        Ok(_) => Gets::Done,
        Err(Denied::Unknown) => Gets::NotFound,
        Err(Denied::SignIn) => Gets::SignIn,
        Err(Denied::Forbidden | Denied::ReadOnly | Denied::OwnReport) => Gets::Forbidden,
    }
}

/// Who reads what is known of a file.
fn may_read(viewer: &str, whose: Whose) -> bool {
    let strangers = [
        "anonymous",
        "signed in, no role",
        "coordinator's token of another project",
    ];
    viewer == "operator" || whose == Whose::Own && !strangers.contains(&viewer)
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn files_are_sent_and_read_by_those_alone_who_may(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let mut wrong = String::new();
    for (whose, key) in PROJECTS {
        let project = world.api.store.fresh(key).await.unwrap();
        let query = format!(
            "{{ project(key: {key:?}) {{ outputs(first: 100, filter: {{ kinds: [STAFF_EXCHANGE] }}) {{ nodes {{
                key evidence {{ kind sha256 mediaType size downloadPath }} }} }} }} }}"
        );
        for name in VIEWERS {
            let viewer = world.viewers[name];
            let (sends, should) = (gets(viewer, &project), may_send(name, whose));
            if sends != should {
                let _ = writeln!(
                    wrong,
                    "{name} sends to {whose:?}: {sends:?}, not {should:?}"
                );
            }
            let answer = world.ask(viewer, &query, json!({})).await;
            let outputs = answer["data"]["project"]["outputs"]["nodes"].as_array();
            let Some(outputs) = outputs else {
                assert!(
                    whose == Whose::Closed && name != "operator",
                    "{name}: {answer}"
                );
                continue;
            };
            let leg = outputs.iter().find(|one| one["key"] == LEG).unwrap();
            let evidence = leg["evidence"].as_array().unwrap();
            let file = evidence.iter().find(|one| one["kind"] == "FILE").unwrap();
            for field in ["sha256", "mediaType", "size", "downloadPath"] {
                if file[field].is_null() == may_read(name, whose) {
                    let _ = writeln!(wrong, "{name} reads {field} in {whose:?}: {file}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The page's part about files.
pub fn page() -> String {
    let list = |may: &dyn Fn(&str) -> bool| {
        let names: Vec<_> = VIEWERS.into_iter().filter(|name| may(name)).collect();
        names.join("; ")
    };
    let others = |may: &dyn Fn(&str, Whose) -> bool, whose| list(&|name| may(name, whose));
    let sends = |name: &str, whose| may_send(name, whose) == Gets::Done;
    let mut page = String::from(
        "\n## Files\n\n\
         Files are sent by those who may add evidence to an output of the project (`POST \
         /uploads`), and become evidence in that project alone. What is known of one (`sha256`, \
         `mediaType`, `size`, `downloadPath`) is null for everyone who may not read it, and a \
         project file names by their hash only files that are in its project or come with it.\n\n\
         | files | in the own project, by | in those of others, by |\n| --- | --- | --- |\n",
    );
    for (what, may) in [
        ("send", &sends as &dyn Fn(&str, Whose) -> bool),
        ("read, and what is known of them", &may_read),
    ] {
        let (own, open) = (others(may, Whose::Own), others(may, Whose::Open));
        let _ = writeln!(page, "| {what} | {own} | {open} |");
    }
    page
}
