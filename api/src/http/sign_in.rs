//! Signing in by a link in a mail, and signing out. The pages are in the browser's language.
//!
//! A request for a link gets the same response after the same time, whether or not the address has
//! an account. Opening a link does not use it: mail programs open links on their own.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    account::{
        link::{self, LinkRequest, Redemption, RequestLimits},
        session,
    },
    error::Error,
    link::KnownBrowser,
    secret,
};
use entities::SignInLinkId;
use i18n::{Key, Language, say};
use poem::{
    Body, Request, Response, handler,
    http::{HeaderValue, StatusCode, header},
    web::Data,
};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{App, authentication, body, cookie, negotiation::JSON, page, response};
use crate::schema::internal;

/// The response to a request for a link is sent after a multiple of this time, so that its timing
/// does not reveal whether a mail is sent.
const BEAT: Duration = Duration::from_millis(400);
/// The cost charged to an address for requesting a link: by default, twenty at once and sixty a
/// minute are possible.
const COST: u64 = 50_000;
/// The lifetime of the cookie of a request: a little longer than the link is valid.
const REMEMBERED: i64 = 60 * 60;
/// The maximum size in bytes of a body with an address.
const LONGEST: usize = 2_048;
/// How long a browser is known as one in which a person was signed in.
const KNOWN_FOR: TimeDelta = TimeDelta::days(365);
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Deserialize)]
struct AddressBody {
    address: String,
}

/// A path for the log: without the secret of a sign-in link.
pub fn redact(path: &str) -> &str {
    match path.starts_with("/sign-in/") {
        true => "/sign-in/…",
        false => path,
    }
}

/// The response to a form of another site's page.
pub fn cross_site() -> Response {
    response::error(
        StatusCode::FORBIDDEN,
        "CROSS_SITE_REFUSED",
        "A page of another site may not sign anybody in or out.",
    )
}

/// The form for the address.
#[handler]
pub fn form(request: &Request) -> Response {
    let language = page::language(request);
    page::html_in(
        language.tag,
        &say!(language, Key("sign-in-button")),
        &format!(
            "<p>{}</p>\n\
             <form method=\"post\" action=\"/sign-in\">\n\
             <p><label>{} <input type=\"email\" name=\"address\" required maxlength=\"320\" \
             autocomplete=\"email\" autofocus></label> <button>{}</button></p>\n</form>",
            text(language, Key("sign-in-form-lead")),
            text(language, Key("sign-in-form-address")),
            text(language, Key("sign-in-form-button")),
        ),
    )
}

/// A text of a language, escaped for HTML.
fn text(language: &Language, key: Key) -> String {
    page::escape(&say!(language, key))
}

/// A link to the form.
fn again(language: &Language, key: Key) -> String {
    format!("<a href=\"/sign-in\">{}</a>", text(language, key))
}

/// Sends a link to an address, if it has an account. The response does not reveal it.
#[handler]
pub async fn request_link(Data(app): Data<&Arc<App>>, request: &Request, body: Body) -> Response {
    let began = Instant::now();
    let rate_limit_key = app.rate_limit_key(domain::viewer::Viewer::Anonymous, request);
    if let Err(wait) = app
        .gateway
        .rate_limiter()
        .spend(&rate_limit_key, COST)
        .await
    {
        return response::rate_limited(wait);
    }
    let old = cookie::read(request.headers(), cookie::BROWSER).map(str::to_owned);
    let is_json = essence(request) == JSON;
    let Some(address) = address(request, body).await else {
        return response::error(
            StatusCode::BAD_REQUEST,
            "BAD_REQUEST",
            "Send an address, as a form or as JSON: {\"address\": \"…\"}.",
        );
    };
    // All links that were requested in one browser work there.
    let browser = old.unwrap_or_else(secret::fresh);
    let config = &app.config;
    // PostgreSQL cannot store U+0000. No address has U+0001 either, and the query takes the same
    // time.
    let address = address.replace('\0', "\u{1}");
    let link_request = LinkRequest {
        address: &address,
        browser: &browser,
        network: app.client_network(request),
        known: known_browser(app, request),
        limits: RequestLimits {
            each: config.limits.sign_in_links_each as u64,
            all: config.limits.sign_in_links as u64,
        },
    };
    let result = link::request(&config.store, &config.link_key, link_request).await;
    let beats = began.elapsed().as_millis() / BEAT.as_millis() + 1;
    let beats = u32::try_from(beats).unwrap_or(u32::MAX);
    sleep_until(began + BEAT * beats).await;
    let language = page::language(request);
    if let Err(error) = result {
        return failed(&error, language);
    }
    let mut response = match is_json {
        true => response::typed("application/json", json!({ "accepted": true }).to_string()),
        false => page::html_in(
            language.tag,
            &say!(language, Key("sign-in-sent-title")),
            &format!(
                "<p>{}</p>\n<p>{}</p>\n<p>{}</p>",
                text(language, Key("sign-in-sent")),
                text(language, Key("sign-in-sent-nothing")),
                again(language, Key("sign-in-sent-again")),
            ),
        ),
    };
    let cookie = cookie::set(cookie::BROWSER, &browser, REMEMBERED);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// The person who was signed in in the browser before, as its cookie says.
fn known_browser(app: &App, request: &Request) -> Option<KnownBrowser> {
    let token = cookie::read(request.headers(), cookie::KNOWN)?;
    let now = app.config.store.clock().now();
    app.config.link_key.read_known_browser(token, now)
}

fn essence(request: &Request) -> String {
    let text = request.content_type().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

async fn address(request: &Request, body: Body) -> Option<String> {
    let essence = essence(request);
    let bytes = body::read(body, LONGEST).await.ok()?;
    let body: AddressBody = match essence.as_str() {
        JSON => serde_json::from_slice(&bytes).ok()?,
        FORM => {
            let mut fields = url::form_urlencoded::parse(&bytes);
            let (_, address) = fields.find(|(name, _)| name == "address")?;
            return Some(address.into_owned());
        }
        _ => return None,
    };
    Some(body.address)
}

/// The link of a path, if this installation signed it.
fn link_of<'a>(app: &App, request: &'a Request) -> Option<(SignInLinkId, &'a str)> {
    let named = request.uri().path().strip_prefix("/sign-in/")?;
    let (id, secret) = named.split_once('.')?;
    let id: SignInLinkId = id.parse::<Uuid>().ok()?.into();
    let is_ours = app.config.link_key.is_sign_in_secret(id, secret);
    is_ours.then_some((id, secret))
}

/// The page of a link, which does not use it.
#[handler]
pub fn button(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let language = page::language(request);
    if link_of(app, request).is_none() {
        return gone(language);
    }
    page::html_in(
        language.tag,
        &say!(language, Key("sign-in-button")),
        &format!(
            "<p>{}</p>\n<form method=\"post\"><button>{}</button></form>",
            text(language, Key("sign-in-use")),
            text(language, Key("sign-in-button")),
        ),
    )
}

/// Signs in with a link.
#[handler]
pub async fn redeem(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let language = page::language(request);
    let Some((id, secret)) = link_of(app, request) else {
        return gone(language);
    };
    let headers = request.headers();
    let store = &app.config.store;
    let browser = cookie::read(headers, cookie::BROWSER);
    let new = match link::redeem(store, id, secret, browser).await {
        Ok(Redemption::SignedIn(new)) => new,
        Ok(Redemption::OtherBrowser) => return elsewhere(language),
        Ok(Redemption::Gone) => return gone(language),
        Err(error) => return failed(&error, language),
    };
    // The previous session of the browser ends.
    if let Some(before) = cookie::read(headers, cookie::SESSION)
        && let Err(error) = session::sign_out(store, before).await
    {
        internal(&error);
    }
    let until = store.clock().now() + KNOWN_FOR;
    let known = app.config.link_key.known_browser(new.person, until);
    home(&[
        authentication::session_cookie(&new.secret),
        cookie::set(cookie::KNOWN, &known, KNOWN_FOR.num_seconds()),
    ])
}

/// Ends the session of the browser.
#[handler]
pub async fn sign_out(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    if let Some(secret) = cookie::read(request.headers(), cookie::SESSION)
        && let Err(error) = session::sign_out(&app.config.store, secret).await
    {
        return failed(&error, page::language(request));
    }
    home(&[cookie::set(cookie::SESSION, "", 0)])
}

/// Redirects to the start page.
fn home(cookies: &[HeaderValue]) -> Response {
    let mut response = Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, "/")
        .finish();
    for cookie in cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    response
}

fn gone(language: &Language) -> Response {
    let mut response = page::html_in(
        language.tag,
        &say!(language, Key("sign-in-gone-title")),
        &format!(
            "<p>{} {}</p>",
            text(language, Key("sign-in-gone")),
            again(language, Key("sign-in-gone-again")),
        ),
    );
    response.set_status(StatusCode::NOT_FOUND);
    response
}

fn elsewhere(language: &Language) -> Response {
    let mut response = page::html_in(
        language.tag,
        &say!(language, Key("sign-in-elsewhere-title")),
        &format!(
            "<p>{} {}</p>",
            text(language, Key("sign-in-elsewhere")),
            again(language, Key("sign-in-elsewhere-again")),
        ),
    );
    response.set_status(StatusCode::FORBIDDEN);
    response
}

fn failed(error: &Error, language: &Language) -> Response {
    internal(error);
    response::plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        &say!(language, Key("page-failed")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_log_holds_what_signs_somebody_in() {
        assert_eq!(redact("/sign-in/0199.secret"), "/sign-in/…");
        assert_eq!(redact("/sign-in"), "/sign-in");
        assert_eq!(redact("/graphql"), "/graphql");
    }
}
