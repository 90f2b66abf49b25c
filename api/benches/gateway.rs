//! What the gateway adds to an answer, and what an answer costs. `cargo bench -p api`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark says by failing what it expects"
)]
#![allow(missing_docs, reason = "criterion's macros make functions without any")]

use std::{hint::black_box, sync::Arc};

use api::{Access, Gateway, Limits, Operation};
use criterion::{Criterion, criterion_group, criterion_main};
use domain::{clock::Clock, command::Import, ids::Ids, store::Store, viewer::Viewer};
use tests::{TestDatabase, project::connection};
use tokio::runtime::Runtime;

const DASHBOARD: &str = include_str!("../../tests/load/documents/dashboard.graphql");

fn gateway(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let database = runtime.block_on(TestDatabase::sqlite());
    let store = Arc::new(Store::new(
        database.db.clone(),
        Clock::System,
        Ids::FromKeys,
    ));
    runtime
        .block_on(store.import(&connection(), Import::default()))
        .unwrap();
    let gateway = Gateway::new(Limits::default());
    let dashboard = || {
        let variables = serde_json::json!({ "day": "2022-12-31" });
        Operation::new(DASHBOARD).with_variables(variables)
    };

    criterion.bench_function("prepare a repeated document", |bench| {
        bench.iter(|| {
            black_box(gateway.prepare(dashboard(), Viewer::Anonymous, Access::Read)).is_ok()
        });
    });
    criterion.bench_function("prepare a new document", |bench| {
        let mut number = 0;
        bench.iter(|| {
            number += 1;
            let text = format!("{DASHBOARD} # {number}");
            black_box(gateway.prepare(Operation::new(text), Viewer::Anonymous, Access::Read))
                .is_ok()
        });
    });
    for (name, operation) in [
        ("answer __typename", Operation::new("{ __typename }")),
        ("answer the dashboard", dashboard()),
    ] {
        criterion.bench_function(name, |bench| {
            bench.iter(|| {
                let answer = gateway.answer(&store, Viewer::Anonymous, operation.clone());
                runtime.block_on(answer).errors.len()
            });
        });
    }
}

criterion_group!(benches, gateway);
criterion_main!(benches);
