//! The routes: which endpoint serves a path, by which methods, and to whom.
//!
//! From the outside in, a request passes [`observe`](super::observe) (its id, log line, metrics and
//! the headers of every response), the time limit, poem's [`CatchPanic`], and the table below. Where
//! poem's own error says less than ours (405 without `Allow`, 404 and 500 without words), the
//! response is ours.

use std::sync::Arc;

use domain::viewer::Viewer;
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Route, RouteMethod,
    endpoint::make_sync,
    error::{MethodNotAllowedError, NotFoundError},
    handler,
    middleware::CatchPanic,
    web::Data,
};
use tracing::error;

use super::{
    App, account, authentication::authenticate, charge, cors, files, graphiql, graphql, health,
    internal, observe, origin, outbox, report, response, sign_in, start, unsubscribe,
};
use crate::schema::incident;

/// The whole API, with its middleware.
pub fn service(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    routes(app)
        .with(CatchPanic::new().with_handler(|_| {
            let id = incident();
            error!(incident = %id, "A request panicked");
            response::failed(id)
        }))
        .around(observe::limit_time)
        .around(observe::observe)
        .data(Arc::clone(app))
}

/// The table of routes. Those before `/graphql` need no authentication.
fn routes(app: &Arc<App>) -> Route {
    let outbox = |app: &App, viewer| app.config.outbox.is_some() && viewer == Viewer::Operator;
    let operator = |_: &App, viewer| viewer == Viewer::Operator;
    let schema = |app: &App, viewer| app.gateway.tells_schema(viewer);
    let route = Route::new()
        .at("/healthz", read_only(health::alive))
        .at("/readyz", read_only(health::ready))
        .at(
            "/unsubscribe",
            methods(
                READ_POST,
                read(unsubscribe::form).post(unsubscribe::decline),
            ),
        )
        .at(
            "/unsubscribe/undo",
            methods(READ_POST, read(unsubscribe::form).post(unsubscribe::accept)),
        )
        .at(
            "/sign-in",
            own_forms(methods(
                READ_POST,
                read(sign_in::form).post(sign_in::request_link),
            )),
        )
        .at(
            "/sign-in/*link",
            own_forms(methods(
                READ_POST,
                read(sign_in::button).post(sign_in::redeem),
            )),
        )
        .at(
            "/sign-out",
            own_forms(methods("POST", RouteMethod::new().post(sign_in::sign_out))),
        )
        .at(
            "/graphql",
            authenticated(methods(
                "GET, POST",
                RouteMethod::new()
                    .get(graphql::get)
                    .post(graphql::post)
                    .options(cors::preflight),
            )),
        )
        .at(
            "/account/data.json",
            charged(methods("GET", RouteMethod::new().get(account::data))),
        )
        .at(
            "/uploads",
            authenticated(methods("POST", RouteMethod::new().post(files::receive))),
        )
        .at("/", charged(read_only(start::home)))
        .at("/evidence/*id", charged(read_only(files::serve_evidence)))
        .at("/reports/*file", charged(read_only(report::serve)))
        .at(
            "/metrics",
            visible(app, operator, read_only(internal::metrics)),
        )
        .at("/outbox", visible(app, outbox, read_only(outbox::show)))
        .at(
            "/outbox/*mail",
            visible(app, outbox, read_only(outbox::show)),
        )
        .at("/schema.graphql", visible(app, schema, read_only(sdl)));
    graphiql::paths().fold(route, |route, path| {
        route.at(path, visible(app, schema, read_only(graphiql::serve)))
    })
}

const READ: &str = "GET, HEAD";
const READ_POST: &str = "GET, HEAD, POST";

/// The schema as SDL.
#[handler]
fn sdl(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    app.sdl.cacheable_response(request.headers())
}

/// An endpoint for GET and HEAD. poem's own HEAD lacks the length of the body.
fn read<E: Endpoint + 'static>(endpoint: E) -> RouteMethod {
    let endpoint = Arc::new(endpoint.map_to_response());
    RouteMethod::new().get(Arc::clone(&endpoint)).head(endpoint)
}

fn read_only<E: Endpoint + 'static>(endpoint: E) -> impl Endpoint<Output = Response> {
    methods(READ, read(endpoint))
}

/// Responds to other methods with 405 and the list of those `allowed`. HEAD is allowed only if it
/// is listed.
fn methods(allowed: &'static str, methods: RouteMethod) -> impl Endpoint<Output = Response> {
    let methods = match allowed.contains("HEAD") {
        true => methods,
        false => methods.head(make_sync(move |_| response::not_allowed(allowed))),
    };
    methods.around(move |methods, request| async move {
        match methods.call(request).await {
            Err(error) if error.is::<MethodNotAllowedError>() => Ok(response::not_allowed(allowed)),
            result => result,
        }
    })
}

/// Authenticates the client: the endpoint gets its `Viewer` as data.
fn authenticated<E: Endpoint<Output = Response> + 'static>(
    endpoint: E,
) -> impl Endpoint<Output = Response> {
    endpoint.around(authenticate)
}

/// Authenticates the client, and charges it for what the page asks of the database.
fn charged<E: Endpoint<Output = Response> + 'static>(
    endpoint: E,
) -> impl Endpoint<Output = Response> {
    authenticated(endpoint.around(charge::charge))
}

/// Shows an endpoint only to viewers who may see it; others get 404.
fn visible<E: Endpoint<Output = Response> + 'static>(
    app: &Arc<App>,
    may_see: fn(&App, Viewer) -> bool,
    endpoint: E,
) -> impl Endpoint<Output = Response> + use<E> {
    let app = Arc::clone(app);
    authenticated(endpoint.around(move |endpoint, request: Request| {
        let is_visible = request
            .data::<Viewer>()
            .is_some_and(|viewer| may_see(&app, *viewer));
        async move {
            match is_visible {
                true => endpoint.call(request).await,
                false => Err(NotFoundError.into()),
            }
        }
    }))
}

/// Refuses forms of other sites' pages.
fn own_forms<E: Endpoint<Output = Response> + 'static>(
    endpoint: E,
) -> impl Endpoint<Output = Response> {
    endpoint.around(|endpoint, request: Request| async move {
        match origin::is_foreign_form(&request) {
            true => Ok(sign_in::cross_site().into_response()),
            false => endpoint.call(request).await,
        }
    })
}
