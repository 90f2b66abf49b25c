//! What a project costs: loading it, counting it, planning its mail. `cargo bench -p domain`.

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
    store::Store,
    synthetic::Maker,
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

criterion_group!(benches, rules, load);
criterion_main!(benches);
