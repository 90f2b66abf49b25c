//! Who asks: whoever brings a token, else whoever is signed in in the browser, else whoever sits at
//! the machine.

use domain::{
    account::{session, token},
    store::Store,
    viewer::Viewer,
};
use poem::{
    Request, Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};

use super::{
    App, cookie,
    live::is_asked_for,
    origin::{allowed, is_own_form},
    response,
    viewer::viewer_of,
};
use crate::schema::internal;

/// The scheme by which a token is brought.
const BEARER: &str = "bearer";
/// What it costs an address to try what is no token.
const WRONG: u64 = 1_000;

/// Who asks, and what the answer must tell their browser.
#[derive(Debug)]
pub struct Authenticated {
    pub viewer: Viewer,
    /// The cookie that takes the place of an old one.
    pub cookie: Option<HeaderValue>,
}

impl From<Viewer> for Authenticated {
    fn from(viewer: Viewer) -> Self {
        let cookie = None;
        Self { viewer, cookie }
    }
}

/// Who asks; else the answer to whoever brings a token that is none.
pub async fn authenticate(app: &App, request: &Request) -> Result<Authenticated, Box<Response>> {
    let headers = request.headers();
    match bearer(headers) {
        Some(text) => match of_bearer(&app.config.store, text).await {
            Ok(Some(viewer)) => Ok(viewer.into()),
            Ok(None) => Err(Box::new(Box::pin(refused(app, request)).await)),
            Err(error) => Err(failed(&error)),
        },
        None => match Box::pin(of_cookie(app, headers)).await? {
            Some(authenticated) => Ok(authenticated),
            None => Ok(here(app, request).into()),
        },
    }
}

/// Whoever sits at the machine itself, where that counts.
fn here(app: &App, request: &Request) -> Viewer {
    let peer = request.remote_addr().as_socket_addr().copied();
    match app.config.loopback_is_operator {
        true => viewer_of(peer, request.headers()),
        false => Viewer::Anonymous,
    }
}

/// Whom a value of `Authorization` names, which is `Bearer` and a token.
pub async fn of_bearer(store: &Store, text: &str) -> domain::error::Result<Option<Viewer>> {
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(BEARER) => {
            let found = token::authenticate(store, token.trim()).await?;
            Ok(found.map(Viewer::Person))
        }
        _ => Ok(None),
    }
}

/// The value of `Authorization` that brings a token. What a proxy in front of us asks for by another
/// scheme is none of ours; of two tokens nobody can tell which one is meant.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(header::AUTHORIZATION).iter();
    let mut tokens = values
        .filter_map(|value| value.to_str().ok())
        .filter(|text| {
            let scheme = text.split(' ').next().unwrap_or_default();
            scheme.eq_ignore_ascii_case(BEARER)
        });
    let token = tokens.next()?;
    Some(tokens.next().map_or(token, |_| ""))
}

/// Whoever is signed in in the browser, unless a page of a site that may not ask here sent the
/// request.
async fn of_cookie(app: &App, headers: &HeaderMap) -> Result<Option<Authenticated>, Box<Response>> {
    let Some(secret) = cookie::read(headers, cookie::SESSION) else {
        return Ok(None);
    };
    let counts = !headers.contains_key(header::ORIGIN)
        || is_own_form(headers)
        || allowed(headers, &app.config.origins).is_some();
    if !counts {
        return Ok(Some(Viewer::Anonymous.into()));
    }
    let store = &app.config.store;
    let found = session::authenticate(store, secret).await;
    let Some(found) = found.map_err(|error| failed(&error))? else {
        return Ok(None);
    };
    let mut authenticated = Authenticated::from(Viewer::Person(found.signed_in));
    // The answer to a handshake may not reach the browser's store of cookies.
    if found.is_old && !is_asked_for(headers) {
        let new = session::rotate(store, secret).await;
        authenticated.cookie = new
            .map_err(|error| failed(&error))?
            .map(|secret| session_cookie(&secret));
    }
    Ok(Some(authenticated))
}

/// The cookie of somebody who is signed in.
pub fn session_cookie(secret: &str) -> HeaderValue {
    cookie::set(cookie::SESSION, secret, session::VALID_FOR.num_seconds())
}

fn failed(error: &domain::error::Error) -> Box<Response> {
    internal(error);
    Box::new(response::error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "Something failed on the server.",
    ))
}

/// The token is none, or none any more.
async fn refused(app: &App, request: &Request) -> Response {
    let rate_limit_key = app.rate_limit_key(Viewer::Anonymous, request);
    if let Err(wait) = app
        .gateway
        .rate_limiter()
        .spend(&rate_limit_key, WRONG)
        .await
    {
        return response::too_much(wait);
    }
    let mut response = response::error(
        StatusCode::UNAUTHORIZED,
        "UNAUTHENTICATED",
        "This token is none of ours, or it was revoked, or its time is over.",
    );
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"connection\", error=\"invalid_token\""),
    );
    response
}
