//! The page behind the unsubscribe link of a mail.

use api::{Config, endpoint};
use domain::ledger;
use entities::{Category, Channel, PersonId, SkipReason, audit_entry, person, unsubscription};
use poem::{Endpoint, http::StatusCode, test::TestClient};
use rstest::rstest;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use tests::Backend;

use crate::support::{Api, link_key};

/// The person of all links here.
async fn reader(api: &Api) -> person::Model {
    let people = person::Entity::find().order_by_asc(person::Column::Id);
    people.one(api.store.db()).await.unwrap().unwrap()
}

/// The path of a link to stop weekly digests, of a person who reads this language.
async fn path(api: &Api, locale: &str) -> String {
    let reader = person::ActiveModel {
        id: Set(reader(api).await.id),
        locale: Set(locale.to_owned()),
        ..Default::default()
    };
    let id: PersonId = reader.update(api.store.db()).await.unwrap().id;
    let token = link_key().unsubscribe_token(id, Category::Digest);
    format!("/unsubscribe?token={token}")
}

/// The path of the way back of such a link.
fn undo(path: &str) -> String {
    path.replace("/unsubscribe?", "/unsubscribe/undo?")
}

async fn get<E: Endpoint>(client: &TestClient<E>, path: &str) -> String {
    let page = client.get(path).send().await;
    page.assert_status_is_ok();
    page.0.into_body().into_string().await.unwrap()
}

/// Sends a form, as a mail reader does where there is a body.
async fn post<E: Endpoint>(client: &TestClient<E>, path: &str, body: &str) -> String {
    let page = client
        .post(path)
        .content_type("application/x-www-form-urlencoded")
        .body(body.to_owned())
        .send()
        .await;
    page.assert_status_is_ok();
    page.0.into_body().into_string().await.unwrap()
}

/// Why the person of the links gets no digest.
async fn refusal(api: &Api) -> Option<SkipReason> {
    let (reader, now) = (reader(api).await, api.store.clock().now());
    ledger::refused(api.store.db(), &reader, Category::Digest, now)
        .await
        .unwrap()
}

async fn declined(api: &Api) -> usize {
    let rows = unsubscription::Entity::find().all(api.store.db()).await;
    rows.unwrap().len()
}

#[tokio::test]
async fn the_page_asks_before_and_confirms_after_in_the_language_of_the_mail() {
    let api = Api::new().await;
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    for (locale, asks, confirms) in [
        (
            "it-IT",
            "Non vuole più ricevere i riepiloghi settimanali?",
            "Non riceverà più",
        ),
        (
            "en",
            "Do you want no more weekly digests?",
            "You will get no more",
        ),
    ] {
        let path = path(&api, locale).await;
        let before = declined(&api).await;
        // The browser's language does not matter: the mail's does.
        let page = client
            .get(&path)
            .header("accept-language", "fi")
            .send()
            .await;
        page.assert_status_is_ok();
        let page = page.0.into_body().into_string().await.unwrap();
        let opening = format!("<html lang=\"{}\">", &locale[..2]);
        assert!(page.contains(asks) && page.contains(&opening), "{page}");
        assert!(!page.contains(confirms), "{page}");
        assert_eq!(declined(&api).await, before, "a look declines nothing");
        let page = client.post(&path).send().await;
        page.assert_status_is_ok();
        let page = page.0.into_body().into_string().await.unwrap();
        assert!(page.contains(confirms) && page.contains(&opening), "{page}");
        assert_eq!(declined(&api).await, 1);
        post(&client, &undo(&path), "").await;
    }
}

#[tokio::test]
async fn a_link_that_is_not_ours_is_refused_in_the_language_of_the_browser() {
    let api = Api::new().await;
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    let path = path(&api, "en").await;
    let forged = client
        .post(format!("{path}x"))
        .header("accept-language", "it-IT, en;q=0.5")
        .send()
        .await;
    forged.assert_status(StatusCode::NOT_FOUND);
    let text = forged.0.into_body().into_string().await.unwrap();
    assert!(text.starts_with("Questo link non è dei nostri"), "{text}");
    assert_eq!(declined(&api).await, 0);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_was_declined_by_mistake_is_accepted_again(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    let path = path(&api, "en").await;
    let (undo, one_click) = (undo(&path), "List-Unsubscribe=One-Click");
    let back = format!("action=\"{undo}\"");
    let stop = format!("action=\"{path}\"");
    for body in [one_click, ""] {
        let page = post(&client, &path, body).await;
        assert!(
            page.contains("You will get no more weekly digests"),
            "{page}"
        );
        assert!(
            page.contains(&back) && page.contains("Send me weekly digests again"),
            "{page}"
        );
        assert_eq!(refusal(&api).await, Some(SkipReason::Unsubscribed));
        // A look at either path says how it stands, and changes nothing.
        for path in [&path, &undo] {
            let page = get(&client, path).await;
            assert!(page.contains("You get no weekly digests"), "{page}");
            assert!(page.contains(&back) && !page.contains(&stop), "{page}");
        }
        assert_eq!(declined(&api).await, 1);
        // Twice is as good as once.
        for _ in 0..2 {
            let page = post(&client, &undo, "").await;
            assert!(page.contains("You will get weekly digests again"), "{page}");
            assert!(page.contains(&stop) && !page.contains(&back), "{page}");
        }
        assert_eq!((declined(&api).await, refusal(&api).await), (0, None));
        let page = get(&client, &undo).await;
        assert!(
            page.contains("Do you want no more weekly digests?"),
            "{page}"
        );
        assert!(page.contains(&stop), "{page}");
    }
    let page = post(&client, &path, one_click).await;
    assert!(page.contains("You will get no more"), "{page}");
    assert_eq!(refusal(&api).await, Some(SkipReason::Unsubscribed));
    let entries = audit_entry::Entity::find()
        .order_by_asc(audit_entry::Column::Id)
        .all(api.store.db())
        .await
        .unwrap();
    let mut by_link: Vec<_> = entries
        .iter()
        .filter(|entry| entry.channel == Channel::Link)
        .collect();
    assert!(by_link.iter().all(|entry| entry.person_id.is_some()
        && entry.after == Some(serde_json::json!({ "unsubscribed": "(personal)" }))));
    by_link.sort_by_key(|entry| &entry.verb);
    let verbs: Vec<_> = by_link.iter().map(|entry| entry.verb.as_str()).collect();
    let (accept, decline) = ("acceptMail", "declineMail");
    assert_eq!(verbs, [accept, accept, decline, decline, decline]);
}

#[tokio::test]
async fn the_way_back_is_in_the_language_of_the_mail_and_by_a_link_of_ours_alone() {
    let api = Api::new().await;
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    let path = path(&api, "it").await;
    let undo = undo(&path);
    let page = post(&client, &path, "").await;
    assert!(
        page.contains("Ricevere di nuovo i riepiloghi settimanali"),
        "{page}"
    );
    client
        .post(format!("{undo}x"))
        .send()
        .await
        .assert_status(StatusCode::NOT_FOUND);
    assert_eq!(declined(&api).await, 1);
    let page = get(&client, &path).await;
    assert!(
        page.contains("Non riceve i riepiloghi settimanali"),
        "{page}"
    );
    let page = post(&client, &undo, "").await;
    assert!(
        page.contains("Riceverà di nuovo i riepiloghi settimanali"),
        "{page}"
    );
    assert!(page.contains("<html lang=\"it\">"), "{page}");
    assert_eq!(declined(&api).await, 0);
}
