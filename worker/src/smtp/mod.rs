//! Mail by SMTP: one connection, one mail at a time, command by command; and what became of it.
//!
//! lettre speaks the protocol, but the order, the time limits and the verdict are decided here:
//!
//! - each outcome is one of [`Delivery`]'s, so that the ledger can tell what to do again. `NotSent`
//!   means that nothing of the end-of-data mark was handed to the kernel, `Unknown` that it was and
//!   no reply came: only between these two nobody can know (RFC 1047);
//! - a connection is kept only from a clean state. It is taken out of [`Smtp`] for each mail and put
//!   back at the end, so that a failed or a cancelled send can leave no reply for the next mail;
//! - a kept connection that turns out dead at its first command costs a new one, not the mail;
//! - what the server has against *us* (5xx to the connection, TLS or AUTH) is the operator's alarm
//!   and says nothing about the recipient.

mod delivery;
#[cfg(test)]
mod tests;
mod url;
mod wire;

use std::error::Error as _;
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

pub use delivery::{Delivery, Phase};
pub use url::SmtpUrl;
use wire::Written;

/// A connection idle for longer is not trusted: its end may have been lost on the way.
const LONGEST_IDLE: Duration = Duration::from_secs(60);

/// How long the server may take. A send to one recipient takes at most `connect` + 6 `command` +
/// `message`: 14 minutes by default, which a lease and a job's limit must exceed.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the first packet through TLS to the reply to EHLO.
    pub connect: Duration,
    /// For each command.
    pub command: Duration,
    /// For the message and the reply to it. RFC 5321 wants ten minutes, since giving up earlier
    /// makes `Unknown` of mails that arrive.
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

/// One lane to the mail server.
pub struct Smtp {
    url: SmtpUrl,
    timeouts: Timeouts,
    tls: TlsConnector,
    kept: Option<Line>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("url", &self.url)
            .field("timeouts", &self.timeouts)
            .field("connected", &self.kept.is_some())
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// A lane that connects when the first mail is sent.
    pub fn new(url: SmtpUrl) -> Self {
        Self {
            url,
            timeouts: Timeouts::default(),
            tls: wire::web_tls(),
            kept: None,
        }
    }

    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Sends one message (RFC 5322, without dot-stuffing). Give each recipient an envelope of its
    /// own: the first one refused decides for all.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Delivery {
        let message = with_crlf(message);
        let mut line = match self.begin(envelope, &message).await {
            Ok(line) => line,
            Err(delivery) => return delivery,
        };
        for recipient in envelope.to() {
            let rcpt = Rcpt::new(recipient.clone(), Vec::new());
            if let Err(trouble) = line.ask(rcpt, Severity::PositiveCompletion).await {
                return self.refused(line, Phase::Rcpt, trouble).await;
            }
        }
        if let Err(trouble) = line.ask(Data, Severity::PositiveIntermediate).await {
            return self.refused(line, Phase::Data, trouble).await;
        }
        let (delivery, clean) = line.message(&message).await;
        if clean {
            self.keep(line);
        }
        delivery
    }

    /// Connects, introduces itself, signs in and leaves: what is needed before the first mail.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let mut line = self
            .open()
            .await
            .map_err(|delivery| anyhow!("{delivery}"))?;
        // The server's last word changes nothing.
        let _ = limited(self.timeouts.command, line.connection.quit()).await;
        Ok(())
    }

    /// A line on which the sender is accepted.
    async fn begin(&mut self, envelope: &Envelope, message: &[u8]) -> Result<Line, Delivery> {
        loop {
            let kept = self.kept.take();
            let kept = kept.filter(|line| line.since.elapsed() < LONGEST_IDLE);
            let (mut line, was_kept) = match kept {
                Some(line) => (line, true),
                None => (self.open().await?, false),
            };
            let mail = match line.mail(envelope, message) {
                Ok(mail) => mail,
                Err(lacking) => {
                    self.keep(line);
                    return Err(Delivery::Permanent {
                        at: Phase::Mail,
                        response: lacking.to_owned(),
                    });
                }
            };
            match line.ask(mail, Severity::PositiveCompletion).await {
                Ok(_) => return Ok(line),
                // The server may have hung up since the last mail; it has seen nothing of this one.
                Err(trouble) if was_kept && trouble.ends_line() => {}
                Err(trouble) => return Err(self.refused(line, Phase::Mail, trouble).await),
            }
        }
    }

    async fn open(&self) -> Result<Line, Delivery> {
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
            .unwrap_or_else(|_| Err((Phase::Connect, Trouble::slow(limit))))
            .map_err(|(at, trouble)| trouble.verdict(at))?;
        let mut line = Line {
            connection,
            written,
            timeouts: self.timeouts,
            since: Instant::now(),
        };
        if let Some(credentials) = &self.url.credentials {
            let limit = self.timeouts.command;
            let auth = line
                .connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials);
            limited(limit, auth)
                .await
                .map_err(|trouble| trouble.verdict(Phase::Auth))?;
        }
        Ok(line)
    }

    /// The verdict on a mail of which the server has read nothing; keeps the line if it is in step.
    async fn refused(&mut self, mut line: Line, at: Phase, trouble: Trouble) -> Delivery {
        if !trouble.ends_line()
            && line
                .ask("RSET\r\n", Severity::PositiveCompletion)
                .await
                .is_ok()
        {
            self.keep(line);
        }
        trouble.verdict(at)
    }

    fn keep(&mut self, mut line: Line) {
        line.since = Instant::now();
        self.kept = Some(line);
    }
}

/// A connection that is in step: each command sent has had its reply.
struct Line {
    connection: AsyncSmtpConnection,
    written: Written,
    timeouts: Timeouts,
    since: Instant,
}

impl Line {
    /// The command that names the sender, or what the server lacks for this mail.
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

    async fn ask(
        &mut self,
        command: impl fmt::Display,
        expected: Severity,
    ) -> Result<Response, Trouble> {
        let limit = self.timeouts.command;
        let response = limited(limit, self.connection.command(command)).await?;
        if response.code().severity == expected {
            Ok(response)
        } else {
            Err(Trouble::Broken(format!("unexpected {}", text(&response))))
        }
    }

    /// Sends the message; also tells whether the line may be used again.
    async fn message(&mut self, message: &[u8]) -> (Delivery, bool) {
        // lettre writes CR LF before the final dot.
        let message = message.strip_suffix(b"\r\n").unwrap_or(message);
        let written = self.written.clone();
        let before_mark = AtomicU64::new(u64::MAX);
        // lettre asks for the next part when it has flushed the last, and writes the mark when
        // there is none.
        let parts = iter::once(message).chain(iter::from_fn(|| {
            before_mark.store(written.bytes(), Ordering::SeqCst);
            None
        }));
        let limit = self.timeouts.message;
        let trouble = match limited(limit, self.connection.message_iter(parts)).await {
            Ok(response) if response.code().severity == Severity::PositiveCompletion => {
                let response = text(&response);
                return (Delivery::Accepted { response }, true);
            }
            Ok(response) => Trouble::Broken(format!("unexpected {}", text(&response))),
            Err(trouble) => trouble,
        };
        let clean = !trouble.ends_line();
        let marked = self.written.bytes() > before_mark.into_inner();
        let delivery = match trouble {
            Trouble::Broken(cause) | Trouble::Refused(cause) if marked => {
                Delivery::Unknown { cause }
            }
            trouble => trouble.verdict(Phase::Message),
        };
        (delivery, clean)
    }
}

/// Why a command did not go well.
#[derive(Debug)]
enum Trouble {
    /// The server's reply, 4xx or 5xx.
    Reply { code: u16, text: String },
    /// No reply, or none that makes sense.
    Broken(String),
    /// What we will not do with this server: trust its certificate, sign in without a mechanism.
    Refused(String),
}

impl Trouble {
    fn reply(code: u16, text: &str) -> Self {
        Self::Reply {
            code,
            text: format!("{code} {text}"),
        }
    }

    fn broken(error: &std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }

    fn slow(limit: Duration) -> Self {
        Self::Broken(format!("no reply within {limit:?}"))
    }

    /// Whether the connection must not be used again.
    fn ends_line(&self) -> bool {
        !matches!(self, Self::Reply { code, .. } if *code != 421)
    }

    fn verdict(self, at: Phase) -> Delivery {
        match self {
            Self::Broken(cause) => Delivery::NotSent { at, cause },
            Self::Refused(cause) => Delivery::Alarm { at, cause },
            Self::Reply { code, text } if code < 500 => Delivery::Transient { at, response: text },
            // Authentication or encryption is required first, whenever the server says so.
            Self::Reply { code, text }
                if matches!(at, Phase::Connect | Phase::Tls | Phase::Auth)
                    || matches!(code, 530 | 534 | 535 | 538) =>
            {
                Delivery::Alarm { at, cause: text }
            }
            Self::Reply { text, .. } => Delivery::Permanent { at, response: text },
        }
    }
}

impl From<lettre::transport::smtp::Error> for Trouble {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => {
                let text = error.source().map(ToString::to_string).unwrap_or_default();
                Self::reply(code.into(), &text)
            }
            None if error.is_client() => Self::Refused(error.to_string()),
            None => Self::Broken(error.to_string()),
        }
    }
}

async fn limited(
    limit: Duration,
    asking: impl Future<Output = Result<Response, lettre::transport::smtp::Error>>,
) -> Result<Response, Trouble> {
    match timeout(limit, asking).await {
        Ok(result) => result.map_err(Trouble::from),
        Err(_) => Err(Trouble::slow(limit)),
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
