//! The bytes under an SMTP connection: TCP without delay, TLS by rustls, and a count of what was
//! handed to the kernel, by which "not sent" is distinguished from "unknown".

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::commands::{Ehlo, Starttls};
use lettre::transport::smtp::extension::{Extension, ServerInfo};
use lettre::transport::smtp::response::Response;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::failure::Failure;
use super::phase::Phase;
use super::url::{SmtpUrl, Tls};

/// The maximum length of a reply (as in lettre and Postfix).
const LONGEST_REPLY: usize = 100_000;

/// What a connection has handed to the kernel, and whether it may hand over more.
#[derive(Clone, Debug, Default)]
pub(super) struct Written(Arc<(AtomicU64, AtomicBool)>);

impl Written {
    pub(super) fn bytes(&self) -> u64 {
        self.0.0.load(Ordering::SeqCst)
    }

    /// Nothing more is written.
    pub(super) fn close(&self) {
        self.0.1.store(true, Ordering::SeqCst);
    }

    fn add(&self, count: usize) {
        self.0.0.fetch_add(count as u64, Ordering::SeqCst);
    }

    fn is_closed(&self) -> bool {
        self.0.1.load(Ordering::SeqCst)
    }
}

/// TLS that trusts the certificate authorities of the web.
pub(super) fn web_tls() -> TlsConnector {
    tls(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
}

pub(super) fn tls(roots: RootCertStore) -> TlsConnector {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// Connects up to where the server greets, through TLS if the URL asks for it. After STARTTLS no
/// server greets again, and lettre waits for it: the wire then starts with a greeting of our own.
pub(super) async fn connect(
    url: &SmtpUrl,
    connector: &TlsConnector,
) -> Result<(Wire, Written), (Phase, Failure)> {
    let broken = |error: io::Error| (Phase::Connect, Failure::broken(&error));
    let stream = TcpStream::connect((url.host.as_str(), url.port))
        .await
        .map_err(broken)?;
    stream.set_nodelay(true).map_err(broken)?;
    let peer = stream.peer_addr().map_err(broken)?;
    let written = Written::default();
    let mut tcp = Tcp {
        stream,
        written: written.clone(),
    };
    let (encrypt, greeting) = match url.tls {
        Tls::Never => (false, &b""[..]),
        Tls::Implicit => (true, &b""[..]),
        Tls::Opportunistic | Tls::Required => (
            starttls(&mut tcp, url).await?,
            &b"220 after STARTTLS\r\n"[..],
        ),
    };
    let layer = if encrypt {
        let refused = |error: String| (Phase::Tls, Failure::Refused(error));
        let name = ServerName::try_from(url.host.clone())
            .map_err(|_| refused(format!("{:?} is no name for a certificate", url.host)))?;
        let tls = connector.connect(name, tcp).await;
        Layer::Tls(Box::new(tls.map_err(|error| match error.kind() {
            // rustls says so for a certificate that it does not trust, and for plain text.
            io::ErrorKind::InvalidData => refused(error.to_string()),
            _ => (Phase::Tls, Failure::broken(&error)),
        })?))
    } else {
        Layer::Plain(tcp)
    };
    let wire = Wire {
        layer,
        greeting,
        peer,
    };
    Ok((wire, written))
}

/// Sends STARTTLS before lettre uses the connection: lettre would keep bytes that it read after the
/// reply, so that an attacker could inject commands into the encrypted part. Returns whether TLS
/// follows.
async fn starttls(tcp: &mut Tcp, url: &SmtpUrl) -> Result<bool, (Phase, Failure)> {
    let at = |phase| move |failure| (phase, failure);
    read_reply(tcp).await.map_err(at(Phase::Connect))?;
    let hello = ask(tcp, Ehlo::new(url.hello.clone()))
        .await
        .map_err(at(Phase::Connect))?;
    let offered = ServerInfo::from_response(&hello)
        .is_ok_and(|server| server.supports_feature(Extension::StartTls));
    let failure = if offered {
        match ask(tcp, Starttls).await {
            Ok(_) => return Ok(true),
            Err(failure) => failure,
        }
    } else {
        Failure::Refused("the server does not offer STARTTLS".to_owned())
    };
    match failure {
        Failure::Broken(_) => Err((Phase::Tls, failure)),
        _ if url.tls == Tls::Required || url.credentials.is_some() => Err((Phase::Tls, failure)),
        _ => Ok(false),
    }
}

async fn ask(tcp: &mut Tcp, command: impl std::fmt::Display) -> Result<Response, Failure> {
    tcp.write_all(command.to_string().as_bytes())
        .await
        .map_err(|error| Failure::broken(&error))?;
    read_reply(tcp).await
}

/// Reads one reply and not a byte more: what follows it must go to the TLS handshake, and fail it.
async fn read_reply(tcp: &mut Tcp) -> Result<Response, Failure> {
    let mut reply = String::new();
    let mut line = 0;
    loop {
        let byte = tcp
            .read_u8()
            .await
            .map_err(|error| Failure::broken(&error))?;
        reply.push(if byte.is_ascii() { byte.into() } else { '?' });
        if byte == b'\n' {
            if reply.as_bytes().get(line + 3) != Some(&b'-') {
                break;
            }
            line = reply.len();
        }
        if reply.len() > LONGEST_REPLY {
            return Err(Failure::Broken("a reply without an end".to_owned()));
        }
    }
    let response: Response = reply
        .parse()
        .map_err(|_| Failure::Broken("not a reply of SMTP".to_owned()))?;
    if response.is_positive() {
        Ok(response)
    } else {
        Err(Failure::reply(
            response.code().into(),
            &response.message().collect::<Vec<_>>().join(" "),
        ))
    }
}

/// A TCP stream that counts written bytes, and that checks before each write whether the server
/// closed the connection: later bytes would count as sent.
#[derive(Debug)]
pub(super) struct Tcp {
    stream: TcpStream,
    written: Written,
}

impl AsyncRead for Tcp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.written.is_closed() {
            let over = io::Error::new(io::ErrorKind::ConnectionAborted, "the lease was over");
            return Poll::Ready(Err(over));
        }
        let mut byte = [0];
        if let Poll::Ready(Ok(0)) = self.stream.poll_peek(cx, &mut ReadBuf::new(&mut byte)) {
            let gone = io::Error::new(io::ErrorKind::ConnectionAborted, "the server has hung up");
            return Poll::Ready(Err(gone));
        }
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = result {
            self.written.add(count);
        }
        result
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What lettre reads from and writes to.
#[derive(Debug)]
pub(super) struct Wire {
    layer: Layer,
    /// Is read before anything of the server's.
    greeting: &'static [u8],
    peer: SocketAddr,
}

#[derive(Debug)]
enum Layer {
    Plain(Tcp),
    Tls(Box<TlsStream<Tcp>>),
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.greeting.is_empty() {
            let (now, later) = self
                .greeting
                .split_at(self.greeting.len().min(buf.remaining()));
            buf.put_slice(now);
            self.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let result = match &mut self.layer {
            Layer::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Layer::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        };
        // lettre gives up on a reply in Latin-1, even on one that says 250.
        for byte in &mut buf.filled_mut()[before..] {
            if !byte.is_ascii() {
                *byte = b'?';
            }
        }
        result
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.layer {
            Layer::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Layer::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.layer {
            Layer::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Layer::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.layer {
            Layer::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Layer::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
