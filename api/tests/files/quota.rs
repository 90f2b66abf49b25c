//! How much a person sends, and a project takes.

use super::*;

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_person_sends_so_much_a_day_and_a_project_takes_so_much(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let limits = Limits {
        file_day: 1,
        file_project: 2,
        ..Limits::default()
    };
    let client = world.client(limits);
    let each = |number: u8| [vec![b'a' + number], vec![b'x'; LARGEST - 1]].concat();
    let fill = async |person: &str, from: u8| {
        let (mut sent, mut number) = (0, from);
        loop {
            let one = client.send(
                "/uploads",
                &world.tokens[person],
                "text/plain",
                each(number),
            );
            match code_of(one.await).await {
                (201, _) => sent += 1,
                refused => return (sent, refused),
            }
            number += 1;
        }
    };
    // 10 of 100 KB and their places are 1 MB, and 20 are 2 MB.
    let day = (429, "QUOTA_EXCEEDED".to_owned());
    assert_eq!(fill("city", 0).await, (10, day));
    let full = (507, "QUOTA_EXCEEDED".to_owned());
    assert_eq!(
        fill("expert", 10).await,
        (10, (429, "QUOTA_EXCEEDED".to_owned()))
    );
    assert_eq!(fill("steers", 20).await, (0, full));
    assert_eq!(world.uploads().await, 20);
    // A day later everybody may send again, but the project is full, also by what became evidence.
    let Clock::Frozen(_) = world.api.store.clock() else {
        panic!("it stands");
    };
    let now = world.api.store.clock().now();
    world
        .api
        .store
        .clock()
        .set(now + chrono::TimeDelta::hours(25));
    let (sent, refused) = fill("city", 30).await;
    assert_eq!((sent, refused.0), (0, 507));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn evidence_does_not_take_a_project_over_its_quota(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let mut world = World::over(database).await;
    let client = world.client(Limits::default());
    world.api.gateway = api::Gateway::new(Limits {
        file_project: 1,
        ..Limits::default()
    });
    let (leg, city) = (world.leg().await, world.signed_in("city").await);
    let mut codes = Vec::new();
    for number in 0..11_u8 {
        let text = [vec![b'a' + number], vec![b'x'; LARGEST - 1]].concat();
        let sent = client
            .send("/uploads", &world.tokens["city"], "text/plain", text)
            .await;
        let (_, sent) = body_of(sent).await;
        let answer = world
            .add(city, &leg, sent["upload"].as_str().unwrap())
            .await;
        let error = &answer["data"]["addEvidence"]["userErrors"][0];
        codes.push(error["code"].as_str().map(str::to_owned));
    }
    assert_eq!(codes[..10], vec![None; 10]);
    assert_eq!(codes[10].as_deref(), Some("QUOTA_EXCEEDED"));
}
