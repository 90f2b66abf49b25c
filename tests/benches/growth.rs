//! How the product grows with the number and the size of projects. `cargo bench -p tests` prints a
//! table, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a measurement fails loudly")]

use std::{fs, sync::Arc, time::Instant};

use api::{Gateway, Limits, Operation};
use domain::{
    clock::Clock,
    command::Import,
    ids::Ids,
    store::Store,
    synthetic::{Maker, key},
    viewer::Viewer,
};
use tests::TestDatabase;

/// How many projects are written in one transaction.
const AT_ONCE: usize = 200;
/// How many projects each measurement is taken of, at most.
const SAMPLE: usize = 50;
/// The bound of projects in memory, for the last column.
const BOUND: usize = 32 * 1024 * 1024;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!(
        "| database | projects | outputs of each | written in s | load ms | write to next read ms | \
         first page of projects ms | poll, CPU ms/s | KiB a project | in memory after all were read, MiB (bound {}) | of the process, MiB |",
        BOUND / 1024 / 1024
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
    for (projects, scale) in [(1, 1.0), (100, 1.0), (10_000, 0.1), (1, 323.0)] {
        runtime.block_on(async {
            line("sqlite", TestDatabase::sqlite().await, projects, scale).await;
            if let Some(database) = TestDatabase::postgres().await {
                line("postgres", database, projects, scale).await;
            }
        });
    }
}

async fn line(name: &str, database: TestDatabase, projects: usize, scale: f64) {
    let new = || Arc::new(Store::new(database.db.clone(), Clock::System, Ids::Fresh));
    let maker = Maker::new(1, scale);
    let outputs = maker.project(1).outputs.len();
    let began = Instant::now();
    let numbers: Vec<usize> = (1..=projects).collect();
    for part in numbers.chunks(AT_ONCE) {
        let files: Vec<_> = part.iter().map(|number| maker.project(*number)).collect();
        new().import_many(&files).await.unwrap();
    }
    let written = began.elapsed().as_secs_f64();

    let store = new();
    let sample = projects.min(SAMPLE);
    let began = Instant::now();
    for number in 1..=sample {
        store.project(&key(number)).await.unwrap();
    }
    let load = began.elapsed().as_secs_f64() * 1000.0 / sample as f64;
    let each = store.cache_size().1 / store.cache_size().0;

    let gateway = Gateway::new(Limits::default());
    let mut file = maker.project(1);
    let mut slowest: f64 = 0.0;
    for turn in 0..3 {
        file.project.acronym = format!("S{turn}");
        let began = Instant::now();
        store.import(&file, Import::default()).await.unwrap();
        let written = began.elapsed();
        let read = store.project(&key(1)).await.unwrap();
        assert_eq!(read.project.acronym, file.project.acronym);
        slowest = slowest.max((began.elapsed() - written).as_secs_f64() * 1000.0);
    }

    let began = Instant::now();
    let page = Operation::new("{ projects(first: 20) { nodes { key acronym } } }");
    let answer = gateway.answer(&store, Viewer::Anonymous, page).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let listed = began.elapsed().as_secs_f64() * 1000.0;

    let polling = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.watch().await }
    });
    let before = cpu_ms();
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let poll = (cpu_ms() - before) / 4.0;
    polling.abort();

    store.set_cache_capacity(BOUND);
    for number in numbers.iter().take(2_000) {
        store.project(&key(*number)).await.unwrap();
    }
    println!(
        "| {name} | {projects} | {outputs} | {written:.1} | {load:.2} | {slowest:.2} | {listed:.1} | {poll:.1} | {} | {:.1} | {} |",
        each / 1024,
        store.cache_size().1 as f64 / 1024.0 / 1024.0,
        resident_mib(),
    );
}

/// The CPU time of this process so far.
fn cpu_ms() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks * 10.0
}

fn resident_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1024
}
