//! Authentication: by the API token of a request, else by the browser's session, else as the
//! operator, by the key of `connection up` or on this machine.

use std::sync::Arc;

use domain::{account::session, viewer::Viewer};
use poem::{
    Endpoint, Request, Response,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
};

use super::{
    App,
    bearer::{WRONG_TOKEN, bearer, of_bearer},
    cookie,
    negotiation::is_websocket_handshake,
    origin::{allowed, is_own_form},
    response,
    viewer::viewer_of,
};
use crate::schema::internal;

/// The authenticated viewer of a request, and the cookie that the response sets.
#[derive(Debug)]
pub struct Authenticated {
    pub viewer: Viewer,
    /// The cookie that replaces an old one.
    pub cookie: Option<HeaderValue>,
}

impl From<Viewer> for Authenticated {
    fn from(viewer: Viewer) -> Self {
        let cookie = None;
        Self { viewer, cookie }
    }
}

/// The middleware that authenticates the client of a request: endpoints get its [`Viewer`] as data.
pub async fn authenticate<E: Endpoint<Output = Response>>(
    endpoint: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    if let Some(response) = entered(&request) {
        return Ok(response);
    }
    let authenticated = match *request.method() {
        // A preflight has no credentials.
        Method::OPTIONS => Viewer::Anonymous.into(),
        _ => match identify(&request).await {
            Ok(authenticated) => authenticated,
            Err(refusal) => return Ok(*refusal),
        },
    };
    request.set_data(authenticated.viewer);
    let mut response = match endpoint.call(request).await {
        Ok(response) => response,
        Err(error) => response::of_error(&error),
    };
    if authenticated.viewer != Viewer::Anonymous {
        response::forbid_storing(&mut response);
    }
    if let Some(cookie) = authenticated.cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The response to an address with the operator's key.
fn entered(request: &Request) -> Option<Response> {
    let app = request.data::<Arc<App>>()?;
    app.config.operator_key.as_ref()?.accept(request)
}

/// The authenticated client of a request; else the response that refuses an invalid token.
async fn identify(request: &Request) -> Result<Authenticated, Box<Response>> {
    let app: &App = request
        .data::<Arc<App>>()
        .expect("the service adds it to each request");
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

/// The viewer of a request without other credentials: the operator, who holds the key or is on this
/// machine if the settings allow it; else anonymous.
fn here(app: &App, request: &Request) -> Viewer {
    let headers = request.headers();
    let key = app.config.operator_key.as_ref();
    if key.is_some_and(|key| key.is_held(headers)) {
        return Viewer::Operator;
    }
    let peer = request.remote_addr().as_socket_addr().copied();
    match app.config.loopback_is_operator {
        true => viewer_of(peer, request.version(), headers),
        false => Viewer::Anonymous,
    }
}

/// The person who is signed in in the browser, unless a page of a site that is not allowed sent the
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
    let authenticated = session::authenticate(store, secret).await;
    let Some(session) = authenticated.map_err(|error| failed(&error))? else {
        return Ok(None);
    };
    let mut authenticated = Authenticated::from(Viewer::Person(session.signed_in));
    // The response to a WebSocket handshake may not reach the browser's cookie store.
    if session.is_old && !is_websocket_handshake(headers) {
        let new = session::rotate(store, secret).await;
        authenticated.cookie = new
            .map_err(|error| failed(&error))?
            .map(|secret| session_cookie(&secret));
    }
    Ok(Some(authenticated))
}

/// The session cookie.
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

/// The response to a token that is invalid, expired or revoked.
async fn refused(app: &App, request: &Request) -> Response {
    let rate_limit_key = app.rate_limit_key(Viewer::Anonymous, request);
    if let Err(wait) = app
        .gateway
        .rate_limiter()
        .spend(&rate_limit_key, WRONG_TOKEN)
        .await
    {
        return response::rate_limited(wait);
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
