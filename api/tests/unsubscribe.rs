//! The page behind the unsubscribe link of a mail.

use api::{Config, endpoint};
use entities::{Category, PersonId, person, unsubscription};
use poem::{http::StatusCode, test::TestClient};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use crate::support::{Api, link_key};

/// The path of a link to stop weekly digests, of a person who reads this language.
async fn path(api: &Api, locale: &str) -> String {
    let people = person::Entity::find().all(api.store.db()).await.unwrap();
    let reader = person::ActiveModel {
        id: Set(people[0].id),
        locale: Set(locale.to_owned()),
        ..Default::default()
    };
    let id: PersonId = reader.update(api.store.db()).await.unwrap().id;
    let token = link_key().unsubscribe_token(id, Category::Digest);
    format!("/unsubscribe?token={token}")
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
            "Non volete più ricevere i riepiloghi settimanali?",
            "Non riceverete più",
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
