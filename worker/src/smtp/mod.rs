//! SMTP client: one connection, one mail at a time, command by command, and a verdict for each mail.
//!
//! lettre speaks the protocol, but the order, the time limits and the verdict are decided here:
//!
//! - each outcome is one of [`Delivery`]'s, so that the ledger can tell what to do again. `NotSent`
//!   means that nothing of the end-of-data mark was handed to the kernel, `Unknown` that it was and
//!   no reply came: only between these two nobody can know (RFC 1047);
//! - a connection is reused only from a clean state. It is taken out of [`Smtp`] for each mail and put
//!   back at the end, so that a failed or a cancelled send can leave no reply for the next mail;
//! - a reused connection that turns out dead at its first command costs a new one, not the mail;
//! - what the server has against *us* (5xx to the connection, TLS, AUTH or the sender, a denied relay)
//!   is the operator's alarm and says nothing about the recipient;
//! - a refusal of a recipient without an enhanced code is an alarm, too, until the server has taken
//!   another recipient since: a block list refuses everybody;
//! - whether the mail may still be sent is asked before each command, and before the end of data.

mod delivery;
mod failure;
mod phase;
mod refusal;
#[cfg(test)]
mod tests;
mod url;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::iter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub use delivery::Delivery;
use failure::Failure;
pub use phase::Phase;
use refusal::Refusal;
pub use url::SmtpUrl;
use wire::Written;

/// The maximum idle time of a reused connection: the server may have closed an older one unnoticed.
const LONGEST_IDLE: Duration = Duration::from_secs(60);

/// Recipients that are remembered as refused without an enhanced code; more are forgotten.
const MOST_REFUSED: usize = 10_000;

/// Whether a mail may still be sent, as its sender knows.
pub type Still<'a> = &'a (dyn Fn() -> bool + Sync);

/// The timeouts of the server. A send to one recipient takes at most `connect` + 6 `command` +
/// `message`: 14 minutes by default, which a lease and a job's limit must exceed.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the first packet through TLS to the reply to EHLO.
    pub connect: Duration,
    /// For each command.
    pub command: Duration,
    /// For the message and the reply to it. RFC 5321 requires ten minutes, since an earlier timeout
    /// results in `Unknown` for mails that arrive.
    pub message: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(60),
            command: Duration::from_secs(30),
            message: Duration::from_secs(600),
        }
    }
}

/// The SMTP client: one lane to the mail server.
pub struct Smtp {
    url: SmtpUrl,
    timeouts: Timeouts,
    tls: TlsConnector,
    idle: Option<Session>,
    /// When the server took a recipient last.
    took: Option<Instant>,
    /// When recipients were first refused without an enhanced code.
    refused: HashMap<String, Instant>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("url", &self.url)
            .field("timeouts", &self.timeouts)
            .field("connected", &self.idle.is_some())
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// A client that connects when the first mail is sent.
    pub fn new(url: SmtpUrl) -> Self {
        Self {
            url,
            timeouts: Timeouts::default(),
            tls: wire::web_tls(),
            idle: None,
            took: None,
            refused: HashMap::new(),
        }
    }

    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Sends one message (RFC 5322, without dot-stuffing). Use an envelope for each recipient: the
    /// first refusal is the verdict for all recipients of an envelope.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Delivery {
        self.send_while(envelope, message, &|| true).await
    }

    /// The same, as long as the mail may still be sent: `NotSent` from then on.
    pub async fn send_while(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
        still: Still<'_>,
    ) -> Delivery {
        let message = with_crlf(message);
        let mut session = match self.begin(envelope, &message, still).await {
            Ok(session) => session,
            Err(delivery) => return delivery,
        };
        for recipient in envelope.to() {
            if !still() {
                return self.refused(session, Phase::Rcpt, Failure::over()).await;
            }
            let rcpt = Rcpt::new(recipient.clone(), Vec::new());
            if let Err(failure) = session.command(rcpt, Severity::PositiveCompletion).await {
                let delivery = self.refused(session, Phase::Rcpt, failure).await;
                return self.in_doubt(recipient.as_ref(), delivery);
            }
            self.took = Some(Instant::now());
            self.refused.remove::<str>(recipient.as_ref());
        }
        if !still() {
            return self.refused(session, Phase::Data, Failure::over()).await;
        }
        if let Err(failure) = session.command(Data, Severity::PositiveIntermediate).await {
            return self.refused(session, Phase::Data, failure).await;
        }
        let (delivery, clean) = session.message(&message, still).await;
        if clean {
            self.put_back(session);
        }
        delivery
    }

    /// A refusal that may be of everybody is an alarm, unless the server has taken another recipient
    /// since it first refused this one.
    fn in_doubt(&mut self, recipient: &str, delivery: Delivery) -> Delivery {
        if delivery.refusal() != Some(Refusal::Doubtful) {
            return delivery;
        }
        if self.refused.len() >= MOST_REFUSED {
            self.refused.clear();
        }
        let now = Instant::now();
        let first = *self.refused.entry(recipient.to_owned()).or_insert(now);
        if self.took.is_some_and(|took| took > first) {
            self.refused.remove(recipient);
            return delivery;
        }
        match delivery {
            Delivery::Permanent { at, response } => Delivery::Alarm {
                at,
                cause: response,
            },
            other => other,
        }
    }

    /// Checks the connection: connects, greets, authenticates and quits.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let mut session = self
            .open()
            .await
            .map_err(|delivery| anyhow!("{delivery}"))?;
        // The reply to QUIT does not matter.
        let _ = limited(self.timeouts.command, session.connection.quit()).await;
        Ok(())
    }

    /// A session in which the sender is accepted.
    async fn begin(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
        still: Still<'_>,
    ) -> Result<Session, Delivery> {
        loop {
            let idle = self.idle.take();
            let idle = idle.filter(|session| session.since.elapsed() < LONGEST_IDLE);
            let (mut session, is_reused) = match idle {
                Some(session) => (session, true),
                None => (self.open().await?, false),
            };
            let mail = match session.mail(envelope, message) {
                Ok(mail) => mail,
                Err(lacking) => {
                    self.put_back(session);
                    return Err(Delivery::Permanent {
                        at: Phase::Mail,
                        response: lacking.to_owned(),
                    });
                }
            };
            if !still() {
                return Err(self.refused(session, Phase::Mail, Failure::over()).await);
            }
            match session.command(mail, Severity::PositiveCompletion).await {
                Ok(_) => return Ok(session),
                // The server may have closed the connection since the last mail; it has read
                // nothing of this one.
                Err(failure) if is_reused && failure.ends_session() => {}
                Err(failure) => return Err(self.refused(session, Phase::Mail, failure).await),
            }
        }
    }

    async fn open(&self) -> Result<Session, Delivery> {
        let opening = async {
            let (wire, written) = wire::connect(&self.url, &self.tls).await?;
            AsyncSmtpConnection::connect_with_transport(Box::new(wire), &self.url.hello)
                .await
                .map(|connection| (connection, written))
                .map_err(|error| (Phase::Connect, error.into()))
        };
        let limit = self.timeouts.connect;
        let (connection, written) = timeout(limit, opening)
            .await
            .unwrap_or_else(|_| Err((Phase::Connect, Failure::slow(limit))))
            .map_err(|(at, failure)| failure.verdict(at))?;
        let mut session = Session {
            connection,
            written,
            timeouts: self.timeouts,
            since: Instant::now(),
        };
        if let Some(credentials) = &self.url.credentials {
            let limit = self.timeouts.command;
            let auth = session
                .connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials);
            limited(limit, auth)
                .await
                .map_err(|failure| failure.verdict(Phase::Auth))?;
        }
        Ok(session)
    }

    /// The verdict on a mail of which the server has read nothing; returns the session for reuse if
    /// it is in a clean state.
    async fn refused(&mut self, mut session: Session, at: Phase, failure: Failure) -> Delivery {
        if !failure.ends_session()
            && session
                .command("RSET\r\n", Severity::PositiveCompletion)
                .await
                .is_ok()
        {
            self.put_back(session);
        }
        failure.verdict(at)
    }

    fn put_back(&mut self, mut session: Session) {
        session.since = Instant::now();
        self.idle = Some(session);
    }
}

/// An SMTP session in a clean state: each command has had its reply.
struct Session {
    connection: AsyncSmtpConnection,
    written: Written,
    timeouts: Timeouts,
    since: Instant,
}

impl Session {
    /// The MAIL command, or the extension that the server lacks for this mail.
    fn mail(&self, envelope: &Envelope, message: &[u8]) -> Result<Mail, &'static str> {
        let server = self.connection.server_info();
        let mut parameters = Vec::new();
        let mut addresses = envelope.to().iter().chain(envelope.from());
        if !addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err("the server takes no addresses beyond ASCII");
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !message.is_ascii() {
            if !server.supports_feature(Extension::EightBitMime) {
                return Err("the server takes no messages beyond ASCII");
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(Mail::new(envelope.from().cloned(), parameters))
    }

    async fn command(
        &mut self,
        command: impl fmt::Display,
        expected: Severity,
    ) -> Result<Response, Failure> {
        let limit = self.timeouts.command;
        let response = limited(limit, self.connection.command(command)).await?;
        if response.code().severity == expected {
            Ok(response)
        } else {
            Err(Failure::Broken(format!("unexpected {}", text(&response))))
        }
    }

    /// Sends the message; also returns whether the session may be reused.
    async fn message(&mut self, message: &[u8], still: Still<'_>) -> (Delivery, bool) {
        // lettre writes CR LF before the final dot.
        let message = message.strip_suffix(b"\r\n").unwrap_or(message);
        let written = self.written.clone();
        let before_mark = AtomicU64::new(u64::MAX);
        // lettre asks for the next part when it has flushed the last, and writes the mark when
        // there is none.
        let parts = iter::once(message).chain(iter::from_fn(|| {
            before_mark.store(written.bytes(), Ordering::SeqCst);
            if !still() {
                // The mark that lettre writes now goes nowhere.
                written.close();
            }
            None
        }));
        let limit = self.timeouts.message;
        let failure = match limited(limit, self.connection.message_iter(parts)).await {
            Ok(response) if response.code().severity == Severity::PositiveCompletion => {
                let response = text(&response);
                return (Delivery::Accepted { response }, true);
            }
            Ok(response) => Failure::Broken(format!("unexpected {}", text(&response))),
            Err(failure) => failure,
        };
        let clean = !failure.ends_session();
        let marked = self.written.bytes() > before_mark.into_inner();
        let delivery = match failure {
            Failure::Broken(cause) | Failure::Refused(cause) if marked => {
                Delivery::Unknown { cause }
            }
            failure => failure.verdict(Phase::Message),
        };
        (delivery, clean)
    }
}

async fn limited(
    limit: Duration,
    asking: impl Future<Output = Result<Response, lettre::transport::smtp::Error>>,
) -> Result<Response, Failure> {
    match timeout(limit, asking).await {
        Ok(result) => result.map_err(Failure::from),
        Err(_) => Err(Failure::slow(limit)),
    }
}

fn text(response: &Response) -> String {
    let lines: Vec<_> = response.message().collect();
    format!("{} {}", response.code(), lines.join(" "))
}

/// The message with each line ended by CR LF: a bare LF before a dot could end the message early
/// for one server and not for the next.
fn with_crlf(message: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(message.len());
    let mut bytes = message.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                lines.extend(b"\r\n");
            }
            b'\n' => lines.extend(b"\r\n"),
            byte => lines.push(byte),
        }
    }
    lines
}
