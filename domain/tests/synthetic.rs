//! Synthetic projects: valid, marked, and the same each time.

use domain::{
    clock::Clock,
    command::Import,
    data,
    file::{self, ProjectFile},
    ids::Ids,
    progress::{Scope, progress},
    store::Store,
    synthetic::{Maker, PREFIX},
};
use rstest::rstest;
use tests::{
    Backend,
    project::{connection, in_memory},
};

fn made(scale: f64, number: usize) -> ProjectFile {
    Maker::new(1, scale).project(number)
}

#[test]
fn synthetic_projects_of_every_size_are_valid() {
    for (scale, outputs) in [(0.1, 6), (1.0, 62), (3.5, 217), (20.0, 1240)] {
        let file = made(scale, 7);
        assert_eq!(file::check(&file), [], "{scale}");
        assert_eq!(file.outputs.len(), outputs);
        let project = in_memory(&file, "2020-01-01T00:00:00Z");
        let day: chrono::NaiveDate = "2022-12-31".parse().expect("a day");
        let progress = progress(&project, day.into(), Scope::Project);
        assert_eq!(progress.figures.len(), 25);
    }
}

#[test]
fn the_same_seed_makes_the_same_project_and_another_makes_another() {
    assert_eq!(made(1.0, 3), made(1.0, 3));
    assert_ne!(made(1.0, 3), made(1.0, 4));
    assert_ne!(made(1.0, 3), Maker::new(2, 1.0).project(3));
}

#[test]
fn synthetic_projects_say_so_everywhere_and_repeat_no_fact() {
    let file = made(1.0, 1);
    assert!(file.project.key.starts_with(PREFIX));
    for text in file.project.name.0.values() {
        assert!(
            text.contains("ynthetic") || text.contains("sintetico"),
            "{text}"
        );
    }
    for row in &file.people {
        let address = row.address.as_deref().unwrap_or("p@synthetic.example");
        assert!(address.ends_with(".example"), "{address}");
    }
    assert!(
        file.reminder_rules.iter().all(|rule| !rule.enabled),
        "nobody is mailed"
    );
    let text = file.to_json();
    for organisation in connection().organisations {
        assert!(!text.contains(&organisation.name), "{}", organisation.name);
        assert!(
            !text.contains(&format!("\"{}\"", organisation.key)),
            "{}",
            organisation.key
        );
    }
    assert!(data::CONNECTION.contains("Torino"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn many_brought_in_at_once_are_read_as_if_imported_one_by_one(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = Store::new(database.db.clone(), Clock::System, Ids::Fresh);
    let maker = Maker::new(1, 0.1);
    let first: Vec<_> = (1..=8).map(|number| maker.project(number)).collect();
    let second: Vec<_> = (9..=12).map(|number| maker.project(number)).collect();
    let mut news = store.changes();
    store
        .import_many(&first)
        .await
        .expect("they are new and valid");
    store
        .import_many(&second)
        .await
        .expect("they share organisations with the first");
    for file in first.iter().chain(&second) {
        let project = store.project(&file.project.key).await.expect("it is there");
        assert_eq!(project.revision(), 1);
        assert_eq!(news.try_recv().expect("it was told").key, file.project.key);
        let again = store
            .import(file, Import::default())
            .await
            .expect("it is valid");
        assert_eq!(again.changes, [], "{}", file.project.key);
    }
    assert!(
        store.import_many(&second).await.is_err(),
        "none may be there already"
    );
}
