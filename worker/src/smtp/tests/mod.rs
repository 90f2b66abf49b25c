//! A scripted server on loopback plays each answer; a real one takes a mail if `TEST_SMTP_URL` is set.

mod plain;
mod tls;

use std::net::SocketAddr;

use lettre::Address;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::*;

/// What the server waits for, and what it answers. A wait for "." reads a whole message.
type Step = (&'static str, &'static str);

/// No wait: the server speaks first.
const FIRST: &str = "";
/// The answer that is none: the server closes the connection.
const DROP: &str = "drop";
/// The answer that never comes.
const HANG: &str = "hang";
/// The answer after which TLS begins.
const GO_AHEAD: &str = "220 2.0.0 go ahead";

const GREETING: Step = (FIRST, "220 mail.example ESMTP");
const EHLO: Step = ("EHLO", "250-mail.example\r\n250 8BITMIME");
const MAIL: Step = ("MAIL FROM:<office@connection.example>", "250 2.1.0 ok");
const RCPT: Step = ("RCPT TO:<ana@city.example>", "250 2.1.5 ok");
const DATA: Step = ("DATA", "354 go on");
const END: Step = (".", "250 2.0.0 queued as 1");
const RSET: Step = ("RSET", "250 2.0.0 ok");

const EHLO_AUTH: Step = ("EHLO", "250-mail.example\r\n250 AUTH PLAIN LOGIN");
/// "\0u\0p" in base 64.
const AUTH: &str = "AUTH PLAIN AHUAcA==";

const MESSAGE: &[u8] = b"Subject: Exchange\r\n\r\nHello\r\n";

struct Server {
    address: SocketAddr,
    /// Per connection: all commands that the server got.
    transcript: JoinHandle<Vec<String>>,
}

impl Server {
    async fn play(sessions: Vec<Vec<Step>>) -> Self {
        Self::play_with(sessions, None).await
    }

    async fn play_with(sessions: Vec<Vec<Step>>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let transcript = tokio::spawn(async move {
            let mut transcript = Vec::new();
            for steps in sessions {
                let (stream, _) = listener.accept().await.unwrap();
                transcript.push(session(stream, steps, tls.clone()).await);
            }
            transcript
        });
        Self {
            address,
            transcript,
        }
    }

    fn client(&self) -> Smtp {
        self.client_by(&format!("smtp://{}", self.address))
    }

    fn client_by(&self, url: &str) -> Smtp {
        let port = self.address.port().to_string();
        let timeouts = Timeouts {
            connect: Duration::from_secs(5),
            command: Duration::from_millis(500),
            message: Duration::from_secs(1),
        };
        Smtp::new(url.replace("PORT", &port).parse().unwrap()).with_timeouts(timeouts)
    }

    /// Ends the client's connections, and the server once it has played all its sessions.
    async fn transcripts(self, client: Smtp) -> Vec<String> {
        drop(client);
        timeout(Duration::from_secs(5), self.transcript)
            .await
            .expect("a session of the script was not played")
            .unwrap()
    }
}

async fn session(stream: TcpStream, steps: Vec<Step>, tls: Option<TlsAcceptor>) -> String {
    let Some(go_ahead) = steps.iter().position(|step| step.1.starts_with(GO_AHEAD)) else {
        return talk(&mut BufReader::new(stream), &steps).await;
    };
    let (before, after) = steps.split_at(go_ahead + 1);
    let mut stream = BufReader::new(stream);
    let mut transcript = talk(&mut stream, before).await;
    let acceptor = tls.expect("a test of TLS has a certificate");
    match acceptor.accept(stream.into_inner()).await {
        Ok(stream) => transcript += &talk(&mut BufReader::new(stream), after).await,
        Err(error) => transcript += &format!("TLS failed: {error}"),
    }
    transcript
}

/// Plays the steps, then listens on until the client leaves, unless it must leave first.
async fn talk<S>(stream: &mut BufReader<S>, steps: &[Step]) -> String
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut transcript = String::new();
    for (awaited, answer) in steps {
        let start = transcript.len();
        loop {
            if awaited.is_empty() || stream.read_line(&mut transcript).await.unwrap_or(0) == 0 {
                break;
            }
            if *awaited != "." || transcript.ends_with("\r\n.\r\n") {
                break;
            }
        }
        if !transcript[start..].starts_with(awaited) && *awaited != "." {
            return transcript + " (not as scripted)";
        }
        match *answer {
            DROP => return transcript,
            HANG => break,
            answer => {
                // Latin-1, for the reply that is not UTF-8.
                let mut bytes: Vec<u8> = answer.chars().map(|c| c as u8).collect();
                if !answer.ends_with('\n') {
                    bytes.extend(b"\r\n");
                }
                stream.write_all(&bytes).await.unwrap();
                stream.flush().await.unwrap();
                if answer.starts_with(GO_AHEAD) {
                    return transcript;
                }
            }
        }
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    transcript + &String::from_utf8_lossy(&rest)
}

fn envelope() -> Envelope {
    let address = |text: &str| text.parse::<Address>().unwrap();
    Envelope::new(
        Some(address("office@connection.example")),
        vec![address("ana@city.example")],
    )
    .unwrap()
}

fn accepted() -> Delivery {
    Delivery::Accepted {
        response: "250 2.0.0 queued as 1".to_owned(),
    }
}

/// One mail to a server that plays `steps` after EHLO.
async fn verdict(steps: &[Step]) -> Delivery {
    let server = Server::play(vec![[&[GREETING, EHLO], steps].concat()]).await;
    let mut client = server.client();
    let delivery = client.send(&envelope(), MESSAGE).await;
    for transcript in server.transcripts(client).await {
        assert!(!transcript.contains("not as scripted"), "{transcript}");
    }
    delivery
}

#[tokio::test]
async fn a_real_server_takes_mail() {
    let Ok(url) = std::env::var("TEST_SMTP_URL") else {
        assert!(
            std::env::var("CONNECTION_TEST_SERVICES").is_err(),
            "TEST_SMTP_URL is not set"
        );
        eprintln!("skipped: TEST_SMTP_URL is not set");
        return;
    };
    let mut client = Smtp::new(url.parse().unwrap());
    client.check().await.unwrap();
    for _ in 0..3 {
        let delivery = client.send(&envelope(), MESSAGE).await;
        assert!(matches!(delivery, Delivery::Accepted { .. }), "{delivery}");
    }
}
