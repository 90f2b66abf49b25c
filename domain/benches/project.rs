//! What a project costs: loading it, counting it, planning its mail, searching it. `cargo bench -p domain`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark says by failing what it expects"
)]
#![allow(missing_docs, reason = "criterion's macros make functions without any")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use domain::{
    clock::Clock,
    command::Import,
    file::ProjectFile,
    ids::Ids,
    plan::plan,
    progress::{Scope, progress},
    search::{Query, matches, search},
    store::Store,
    synthetic::Maker,
    viewer::Viewer,
};
use migration as _;
use tests::{
    TestDatabase,
    project::{connection, in_memory},
};
use tokio::runtime::Runtime;

const CREATED: &str = "2020-01-01T00:00:00Z";

/// CONNECTION, and a project of twenty times its outputs.
fn files() -> [(&'static str, ProjectFile); 2] {
    [
        ("CONNECTION", connection()),
        ("20 x CONNECTION", Maker::new(1, 20.0).project(1)),
    ]
}

fn rules(criterion: &mut Criterion) {
    let day = "2022-12-31".parse::<chrono::NaiveDate>().unwrap();
    let (from, to) = (
        "2021-09-01T00:00:00Z".parse().unwrap(),
        "2021-10-01T00:00:00Z".parse().unwrap(),
    );
    for (name, file) in files() {
        let project = in_memory(&file, CREATED);
        criterion.bench_with_input(
            BenchmarkId::new("progress", name),
            &project,
            |bench, project| {
                bench.iter(|| {
                    black_box(progress(project, day.into(), Scope::Project))
                        .figures
                        .len()
                });
            },
        );
        // Nothing is planned for a synthetic project.
        if !project.reminder_rules.iter().any(|rule| rule.enabled) {
            continue;
        }
        criterion.bench_with_input(
            BenchmarkId::new("plan of a month", name),
            &project,
            |bench, project| {
                bench.iter(|| black_box(plan(project, from, to)).len());
            },
        );
    }
}

fn load(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    for (name, file) in files() {
        let database = runtime.block_on(TestDatabase::sqlite());
        let store = Store::new(database.db.clone(), Clock::System, Ids::FromKeys);
        runtime
            .block_on(store.import(&file, Import::default()))
            .unwrap();
        let key = &file.project.key;
        criterion.bench_function(&format!("load from SQLite/{name}"), |bench| {
            bench.iter(|| {
                // A store that has nothing in memory yet.
                let store = Store::new(database.db.clone(), Clock::System, Ids::FromKeys);
                runtime.block_on(store.project(key)).unwrap().revision()
            });
        });
    }
}

/// What is typed into a search: of CONNECTION, and of 20,026 outputs.
fn searching(criterion: &mut Criterion) {
    let day = "2022-12-31".parse::<chrono::NaiveDate>().unwrap().into();
    for (name, file) in [
        ("CONNECTION", connection()),
        ("20,026 outputs", Maker::new(1, 323.0).project(1)),
    ] {
        let project = in_memory(&file, CREATED);
        for text in [
            "a",
            "synthetic output",
            "sintetico 17",
            "accoglienza",
            "nowhere",
        ] {
            let query = Query::new(text).unwrap();
            let id = BenchmarkId::new(format!("search for {text:?}"), name);
            criterion.bench_with_input(id, &project, |bench, project| {
                bench.iter(|| {
                    let hits = search(project, Viewer::Operator, day, &query);
                    let page = hits.iter().take(20);
                    page.map(|hit| matches(project, day, hit, &query).len())
                        .sum::<usize>()
                });
            });
        }
    }
}

criterion_group!(benches, rules, load, searching);
criterion_main!(benches);
