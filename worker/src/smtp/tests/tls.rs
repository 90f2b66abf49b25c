//! STARTTLS and TLS from the first byte.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::*;

/// A server's certificate for localhost, and a client's trust in it.
fn certificate() -> (TlsAcceptor, TlsConnector) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), wire::tls(roots))
}

const EHLO_TLS: Step = ("EHLO", "250-mail.example\r\n250 STARTTLS");
const STARTTLS: Step = ("STARTTLS", GO_AHEAD);
const REQUIRED: &str = "smtp://localhost:PORT?tls=required";
const OPPORTUNISTIC: &str = "smtp://localhost:PORT?tls=opportunistic";

#[tokio::test]
async fn mail_goes_through_starttls_with_a_trusted_certificate() {
    for url in [
        REQUIRED,
        OPPORTUNISTIC,
        "smtp://u:p@localhost:PORT?tls=required",
    ] {
        let (acceptor, connector) = certificate();
        let mut steps = vec![GREETING, EHLO_TLS, STARTTLS, EHLO, MAIL, RCPT, DATA, END];
        if url.contains("u:p") {
            steps.splice(3..4, [EHLO_AUTH, (AUTH, "235 welcome")]);
        }
        let server = Server::play_with(vec![steps], Some(acceptor)).await;
        let mut client = server.client_by(url);
        client.tls = connector;
        assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
        server.transcripts(client).await;
    }
}

#[tokio::test]
async fn an_untrusted_certificate_is_an_alarm() {
    let (acceptor, _) = certificate();
    let steps = vec![GREETING, EHLO_TLS, STARTTLS];
    let server = Server::play_with(vec![steps], Some(acceptor)).await;
    let mut client = server.client_by(REQUIRED);
    let delivery = client.send(&envelope(), MESSAGE).await;
    assert!(
        delivery
            .to_string()
            .starts_with("the server refuses us at TLS"),
        "{delivery}"
    );
    assert!(!server.transcripts(client).await[0].contains("MAIL"));
}

#[tokio::test]
async fn words_put_in_before_the_encryption_are_not_believed() {
    let (acceptor, connector) = certificate();
    let injected = ("STARTTLS", "220 2.0.0 go ahead\r\n250 AUTH PLAIN\r\n");
    let server = Server::play_with(
        vec![vec![
            GREETING, EHLO_TLS, injected, EHLO, MAIL, RCPT, DATA, END,
        ]],
        Some(acceptor),
    )
    .await;
    let mut client = server.client_by(REQUIRED);
    client.tls = connector;
    let delivery = client.send(&envelope(), MESSAGE).await;
    assert!(
        delivery
            .to_string()
            .starts_with("the server refuses us at TLS"),
        "{delivery}"
    );
    assert!(!server.transcripts(client).await[0].contains("MAIL"));
}

#[tokio::test]
async fn without_starttls_only_the_opportunist_without_a_password_goes_on() {
    let server = Server::play(vec![vec![GREETING, EHLO, EHLO, MAIL, RCPT, DATA, END]]).await;
    let mut client = server.client_by(OPPORTUNISTIC);
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    server.transcripts(client).await;

    for url in [REQUIRED, "smtp://u:p@localhost:PORT?tls=opportunistic"] {
        let server = Server::play(vec![vec![GREETING, EHLO_AUTH]]).await;
        let mut client = server.client_by(url);
        let delivery = client.send(&envelope(), MESSAGE).await;
        assert!(
            delivery
                .to_string()
                .starts_with("the server refuses us at TLS"),
            "{delivery}"
        );
        assert!(!server.transcripts(client).await[0].contains("AUTH"));
    }
}

#[tokio::test]
async fn smtps_is_encrypted_from_the_first_byte() {
    let (acceptor, connector) = certificate();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let playing = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(acceptor.accept(stream).await.unwrap());
        talk(
            &mut stream,
            &[
                GREETING,
                EHLO,
                MAIL,
                RCPT,
                DATA,
                END,
                MAIL,
                RCPT,
                DATA,
                (".", DROP),
            ],
        )
        .await
    });
    let mut client = Smtp::new(format!("smtps://localhost:{port}").parse().unwrap());
    client.tls = connector;
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    let delivery = client.send(&envelope(), MESSAGE).await;
    assert!(matches!(delivery, Delivery::Unknown { .. }), "{delivery}");
    playing.await.unwrap();
}
