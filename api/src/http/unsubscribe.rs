//! One-click unsubscribe (RFC 8058): declining a category of mail by the signed link in the mail,
//! without signing in, and undoing it. GET changes nothing, since mail programs open links on their
//! own.

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

/// The path at which a POST declines a category of mail; the link in a mail leads here.
const DECLINE: &str = "/unsubscribe";
/// The path at which a POST accepts it again.
const ACCEPT: &str = "/unsubscribe/undo";

/// The contents of the link in a mail.
struct Link {
    token: String,
    person: PersonId,
    category: Category,
    /// The language of the mail; the browser's for a person who was erased.
    language: &'static Language,
}

impl Link {
    /// The contents of a link; else the response that refuses it.
    async fn read(app: &App, request: &Request) -> Result<Self, Box<Response>> {
        let token = request.params::<Params>().unwrap_or_default().token;
        let browser = page::language(request);
        let Some((person, category)) = app.config.link_key.read_unsubscribe(&token) else {
            let text = say!(browser, Key("unsubscribe-bad-link"));
            return Err(Box::new(response::plain(StatusCode::NOT_FOUND, &text)));
        };
        let language = match user::by_id(&app.config.store, person).await {
            Ok(row) => Language::of(&row.locale),
            Err(Error::NotFound(_)) => browser,
            Err(error) => return Err(Box::new(failed(&error, browser))),
        };
        Ok(Self {
            token,
            person,
            category,
            language,
        })
    }
}

/// The page that asks whether to decline the category of mail or, if it is declined, whether to
/// accept it again.
#[handler]
pub async fn form(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let link = match Link::read(app, request).await {
        Ok(link) => link,
        Err(refusal) => return *refusal,
    };
    match ledger::declines(app.config.store.db(), link.person, link.category).await {
        Ok(false) => question(&link),
        Ok(true) => declined(
            &link,
            Key("unsubscribe-declined-title"),
            Key("unsubscribe-declined"),
        ),
        Err(error) => failed(&error, link.language),
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
        Ok(()) => declined(
            &link,
            Key("unsubscribe-done-title"),
            Key("unsubscribe-done"),
        ),
        Err(error) => failed(&error, link.language),
    }
}

/// Accepts the category of mail again, and confirms it.
#[handler]
pub async fn accept(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let link = match Link::read(app, request).await {
        Ok(link) => link,
        Err(refusal) => return *refusal,
    };
    let store = &app.config.store;
    let now = store.clock().now();
    match ledger::accept(store.db(), link.person, link.category, now).await {
        Ok(()) => accepted(&link),
        Err(error) => failed(&error, link.language),
    }
}

impl Link {
    /// A text with the category's name, as HTML.
    fn text(&self, key: Key) -> String {
        let kind = kind(self.language, self.category);
        page::escape(&say!(self.language, key, kind = kind))
    }

    /// A form with one button, which posts the same token to a path.
    fn button(&self, path: &str, text: Key) -> String {
        format!(
            "<form method=\"post\" action=\"{path}?token={}\"><button>{}</button></form>",
            page::escape(&self.token),
            self.text(text)
        )
    }

    fn page(&self, title: Key, body: &str) -> Response {
        page::html_in(self.language.tag, &say!(self.language, title), body)
    }
}

fn question(link: &Link) -> Response {
    let ask = link.text(Key("unsubscribe-ask"));
    let button = link.button(DECLINE, Key("unsubscribe-button"));
    link.page(Key("unsubscribe-title"), &format!("<p>{ask}</p>\n{button}"))
}

/// The page that confirms that the category is declined, and offers to undo it.
fn declined(link: &Link, title: Key, text: Key) -> Response {
    let (text, ask) = (link.text(text), link.text(Key("unsubscribe-undo-ask")));
    let button = link.button(ACCEPT, Key("unsubscribe-undo-button"));
    link.page(title, &format!("<p>{text}</p>\n<p>{ask}</p>\n{button}"))
}

fn accepted(link: &Link) -> Response {
    let text = link.text(Key("unsubscribe-undone"));
    let button = link.button(DECLINE, Key("unsubscribe-button"));
    link.page(
        Key("unsubscribe-done-title"),
        &format!("<p>{text}</p>\n{button}"),
    )
}

fn failed(error: &Error, language: &Language) -> Response {
    internal(error);
    response::plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        &say!(language, Key("page-failed")),
    )
}

/// The name of a category of mail.
fn kind(language: &Language, category: Category) -> String {
    let key = match category {
        Category::ExchangeReminder => Key("category-exchange-reminder"),
        Category::VisitReminder => Key("category-visit-reminder"),
        Category::MeetingReminder => Key("category-meeting-reminder"),
        Category::DueReminder => Key("category-due-reminder"),
        Category::Digest => Key("category-digest"),
        Category::ProgressReport => Key("category-progress-report"),
        Category::Question => Key("category-question"),
        Category::SignIn => Key("category-sign-in"),
        Category::NewToken => Key("category-new-token"),
    };
    say!(language, key)
}
