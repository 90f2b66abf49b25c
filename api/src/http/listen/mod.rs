//! The listener: accepts connections, speaks HTTP/1.1 with each, and bounds what one may hold.
//!
//! poem's own server speaks HTTP/2 without TLS with any number of streams, has no deadline for a
//! head, and spins when there are no file descriptors left. So connections are served here, over
//! poem's endpoint: [`seats`] counts them, [`deadlines`] ends those that stand still,
//! [`descriptors`] has the files of the process ([decision 17]).
//!
//! [decision 17]: ../../../../docs/decisions/0017-a-listener-of-our-own.md

mod deadlines;
mod descriptors;
mod limits;
mod seats;

use std::{convert::Infallible, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use poem::{
    Endpoint, Response,
    endpoint::BoxEndpoint,
    http,
    http::{StatusCode, uri::Scheme},
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tracing::{info, warn};

use deadlines::{Activity, Watched};
pub use descriptors::raise_open_files;
pub use limits::ListenLimits;
use seats::{Refusal, Seats};

use super::{TrustedProxies, metrics::ConnectionMetrics};

/// The size of a head, and of the buffer of a connection: the longest URI that the `http` crate
/// has (64 KiB), and 16 KiB of headers.
const HEAD_BYTES: usize = 80 * 1024;

/// The pauses after a failure to accept: doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// The answer to a connection for which there is no seat.
const REFUSED: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 48\r\n\r\n\
    Too many connections are open: close some first.";

/// A listener with its limits.
#[derive(Debug)]
pub struct Listener {
    pub name: &'static str,
    pub socket: TcpListener,
    pub limits: ListenLimits,
    /// The proxies of many clients, for which the limit of one address does not hold.
    pub proxies: TrustedProxies,
    pub metrics: ConnectionMetrics,
}

impl Listener {
    /// Serves until `stop` completes; requests under way then have `grace`.
    ///
    /// # Errors
    /// If the socket has no address.
    pub async fn serve(
        self,
        endpoint: impl Endpoint<Output = Response> + 'static,
        stop: impl Future<Output = ()>,
        grace: Duration,
    ) -> io::Result<()> {
        let local = self.socket.local_addr()?;
        let Self {
            name,
            socket,
            limits,
            proxies,
            metrics,
        } = self;
        let limits = limits.within(descriptors::open_files());
        let seats = Arc::new(Seats::new(&limits, proxies, metrics.clone()));
        let endpoint: Arc<BoxEndpoint<'static, Response>> =
            Arc::new(Box::new(poem::endpoint::ToDynEndpoint(endpoint)));
        let (stopped, stopping) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut pause = FIRST_PAUSE;
        tokio::pin!(stop);
        info!(name, address = %local, "Server started");
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = socket.accept() => accepted,
                // Those that have ended leave no trace.
                Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) if concerns_one(&error) => continue,
                Err(error) => {
                    if pause == FIRST_PAUSE {
                        warn!(name, %error, "No connection can be accepted for now");
                    }
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    continue;
                }
            };
            pause = FIRST_PAUSE;
            let seat = match seats.take(peer.ip()) {
                Ok(seat) => seat,
                Err(refusal) => {
                    refuse(&stream, refusal, &metrics);
                    continue;
                }
            };
            let activity = Arc::new(Activity::default());
            let watched = Watched::new(stream, &limits, Arc::clone(&activity), seat);
            let connection = Connection {
                watched,
                activity,
                local,
                peer,
            };
            connections.spawn(connection.serve(Arc::clone(&endpoint), stopping.clone()));
        }
        drop(socket);
        stopped.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        if timeout(grace, ended).await.is_err() {
            warn!(name, "Some requests did not end in time");
        }
        info!(name, "Server stopped");
        Ok(())
    }
}

/// Whether a failure to accept is of that one connection alone, so that the next may go well.
fn concerns_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// Closes a connection with a word, if the kernel takes it at once.
fn refuse(stream: &TcpStream, refusal: Refusal, metrics: &ConnectionMetrics) {
    metrics.refused(refusal.name());
    // Whoever does not hear it is refused all the same.
    let _ = stream.try_write(REFUSED);
}

/// A connection that has a seat.
struct Connection {
    watched: Watched,
    activity: Arc<Activity>,
    local: SocketAddr,
    peer: SocketAddr,
}

impl Connection {
    async fn serve(
        self,
        endpoint: Arc<BoxEndpoint<'static, Response>>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let Self {
            watched,
            activity,
            local,
            peer,
        } = self;
        let service = service_fn(move |request: http::Request<Incoming>| {
            let busy = activity.begin();
            let endpoint = Arc::clone(&endpoint);
            async move {
                let local = LocalAddr(local.into());
                let peer = RemoteAddr(peer.into());
                let request = (request, local, peer, Scheme::HTTP).into();
                let response = endpoint.get_response(request).await;
                if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                    // What comes now is no head.
                    busy.stay();
                    return Ok::<_, Infallible>(response.into());
                }
                let response: http::Response<BoxBody<_, _>> = response.into();
                // The request is over when its answer's body is dropped. This adapter, unlike
                // others, leaves the length of the body as it is.
                Ok(response.map(|body| {
                    let over = move |error| {
                        let _ = &busy;
                        error
                    };
                    body.map_err(over).boxed()
                }))
            }
        });
        let connection = http1::Builder::new()
            // Our own deadlines tell a head from an idle connection.
            .header_read_timeout(None)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(watched), service)
            .with_upgrades();
        tokio::pin!(connection);
        tokio::select! {
            _ = &mut connection => return,
            // An error means that the server is gone, which stops, too.
            _ = stopping.wait_for(|stop| *stop) => {}
        }
        connection.as_mut().graceful_shutdown();
        // A connection that breaks is as good as closed.
        let _ = connection.await;
    }
}
