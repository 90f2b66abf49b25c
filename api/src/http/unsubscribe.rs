//! One-click unsubscribe (RFC 8058): declining a category of mail by the signed link in the mail
//! itself, without signing in. GET declines nothing, since mail readers open links on their own.

use std::sync::Arc;

use domain::{account::user, error::Error, ledger};
use entities::{Category, PersonId};
use i18n::{Key, Language, say};
use poem::{Request, Response, handler, http::StatusCode, web::Data};
use serde::Deserialize;

use super::{App, page, response};
use crate::schema::internal;

#[derive(Default, Deserialize)]
struct Params {
    #[serde(default)]
    token: String,
}

/// What the link of a mail is about.
struct Link {
    person: PersonId,
    category: Category,
    /// That of the mail; the browser's for a person who was erased.
    language: &'static Language,
}

impl Link {
    /// Reads the link; else the response that refuses it.
    async fn read(app: &App, request: &Request) -> Result<Self, Box<Response>> {
        let token = request.params::<Params>().unwrap_or_default().token;
        let accepted = page::language(request);
        let Some((person, category)) = app.config.link_key.read_unsubscribe(&token) else {
            let text = say!(accepted, Key("unsubscribe-bad-link"));
            return Err(Box::new(response::plain(StatusCode::NOT_FOUND, &text)));
        };
        let language = match user::by_id(&app.config.store, person).await {
            Ok(row) => Language::of(&row.locale),
            Err(Error::NotFound(_)) => accepted,
            Err(error) => return Err(Box::new(failed(&error, accepted))),
        };
        Ok(Self {
            person,
            category,
            language,
        })
    }
}

/// Asks whether to decline the category of mail.
#[handler]
pub async fn form(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    match Link::read(app, request).await {
        Ok(link) => question(link.language, link.category),
        Err(refusal) => *refusal,
    }
}

/// Declines the category of mail, and confirms it.
#[handler]
pub async fn decline(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let link = match Link::read(app, request).await {
        Ok(link) => link,
        Err(refusal) => return *refusal,
    };
    let store = &app.config.store;
    let (ids, now) = (store.ids(), store.clock().now());
    match ledger::decline(store.db(), link.person, link.category, ids, now).await {
        Ok(()) => confirmation(link.language, link.category),
        Err(error) => failed(&error, link.language),
    }
}

fn question(language: &Language, category: Category) -> Response {
    let kind = kind(language, category);
    let ask = say!(language, Key("unsubscribe-ask"), kind = kind.as_str());
    let button = say!(language, Key("unsubscribe-button"), kind = kind);
    page::html_in(
        language.tag,
        &say!(language, Key("unsubscribe-title")),
        &format!(
            "<p>{}</p>\n<form method=\"post\"><button>{}</button></form>",
            page::escape(&ask),
            page::escape(&button)
        ),
    )
}

fn confirmation(language: &Language, category: Category) -> Response {
    let kind = kind(language, category);
    let done = say!(language, Key("unsubscribe-done"), kind = kind);
    page::html_in(
        language.tag,
        &say!(language, Key("unsubscribe-done-title")),
        &format!("<p>{}</p>", page::escape(&done)),
    )
}

fn failed(error: &Error, language: &Language) -> Response {
    internal(error);
    response::plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        &say!(language, Key("page-failed")),
    )
}

/// What a category of mail is called.
fn kind(language: &Language, category: Category) -> String {
    let key = match category {
        Category::ExchangeReminder => Key("category-exchange-reminder"),
        Category::VisitReminder => Key("category-visit-reminder"),
        Category::MeetingReminder => Key("category-meeting-reminder"),
        Category::Digest => Key("category-digest"),
        Category::ProgressReport => Key("category-progress-report"),
        Category::SignIn => Key("category-sign-in"),
    };
    say!(language, key)
}
