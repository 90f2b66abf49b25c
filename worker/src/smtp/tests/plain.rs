//! Without TLS: each answer at each command, and what the next mail finds.

use super::*;

#[tokio::test]
async fn an_accepted_mail_arrives_as_it_was_given() {
    let steps = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
    let server = Server::play(vec![steps]).await;
    let mut client = server.client();
    let message = b".Subject: x\r\n\r\n.\r\n..two\r\nbare\n.\nend\r\n.";
    assert_eq!(client.send(&envelope(), message).await, accepted());
    let transcript = server.transcripts(client).await.remove(0);
    let sent = transcript.split_once("DATA\r\n").unwrap().1;
    assert_eq!(
        sent,
        "..Subject: x\r\n\r\n..\r\n...two\r\nbare\r\n..\r\nend\r\n..\r\n.\r\n"
    );
}

#[tokio::test]
async fn the_final_line_break_is_not_doubled() {
    let server = Server::play(vec![vec![GREETING, EHLO, MAIL, RCPT, DATA, END]]).await;
    let mut client = server.client();
    client.send(&envelope(), MESSAGE).await;
    let transcript = server.transcripts(client).await.remove(0);
    assert!(
        transcript.ends_with("\r\n\r\nHello\r\n.\r\n"),
        "{transcript:?}"
    );
}

#[tokio::test]
async fn mails_share_a_connection_even_after_a_refusal() {
    let full = ("RCPT", "452 4.2.2 mailbox full");
    let server = Server::play(vec![vec![
        GREETING, EHLO, MAIL, RCPT, DATA, END, MAIL, full, RSET, MAIL, RCPT, DATA, END,
    ]])
    .await;
    let mut client = server.client();
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    assert_eq!(
        client.send(&envelope(), MESSAGE).await,
        Delivery::Transient {
            at: Phase::Rcpt,
            response: "452 4.2.2 mailbox full".to_owned()
        }
    );
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    server.transcripts(client).await;
}

#[tokio::test]
async fn an_idle_connection_that_is_dead_costs_a_new_one() {
    for dead in [
        ("MAIL", DROP),
        ("MAIL", "421 4.4.2 idle too long"),
        ("MAIL", HANG),
    ] {
        let once = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
        let server = Server::play(vec![[&once[..], &[dead]].concat(), once]).await;
        let mut client = server.client();
        assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
        assert_eq!(
            client.send(&envelope(), MESSAGE).await,
            accepted(),
            "{dead:?}"
        );
        assert_eq!(server.transcripts(client).await.len(), 2);
    }
}

#[tokio::test]
async fn an_idle_connection_closed_meanwhile_costs_a_new_one() {
    let once = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
    let closing = [&once[..], &[(FIRST, DROP)]].concat();
    let server = Server::play(vec![closing, once]).await;
    let mut client = server.client();
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    assert_eq!(server.transcripts(client).await.len(), 2);
}

#[tokio::test]
async fn a_421_is_transient_and_ends_the_connection() {
    for steps in [
        vec![MAIL, ("RCPT", "421 4.7.0 slow down")],
        vec![MAIL, RCPT, ("DATA", "421 4.7.0 slow down")],
        vec![MAIL, RCPT, DATA, (".", "421 4.7.0 slow down")],
    ] {
        let first = [&[GREETING, EHLO], &steps[..]].concat();
        let again = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
        let server = Server::play(vec![first, again]).await;
        let mut client = server.client();
        let delivery = client.send(&envelope(), MESSAGE).await;
        assert!(matches!(delivery, Delivery::Transient { .. }), "{delivery}");
        assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
        assert_eq!(server.transcripts(client).await.len(), 2);
    }
}

#[tokio::test]
async fn a_5xx_at_rcpt_suppresses_unless_policy_is_the_reason() {
    for (reply, suppresses) in [
        ("550 5.1.1 <ana@city.example>: no such user", true),
        ("550-5.1.1 no such user\r\n550 5.1.1 here", true),
        ("553 no such mailbox", true),
        ("554 5.7.1 relay access denied", false),
        ("503 5.5.1 bad sequence", false),
    ] {
        let delivery = verdict(&[MAIL, ("RCPT", reply), RSET]).await;
        let Delivery::Permanent { at, response } = &delivery else {
            panic!("{delivery}");
        };
        assert_eq!(*at, Phase::Rcpt);
        assert!(response.starts_with(&reply[..3]), "{response}");
        assert_eq!(delivery.suppresses_recipient(), suppresses, "{reply}");
    }
}

#[tokio::test]
async fn refusals_are_told_apart_by_where_they_come() {
    let verdicts = [
        (vec![("MAIL", "552 5.3.4 too big"), RSET], "refused at MAIL"),
        (vec![("MAIL", "451 4.3.0 later"), RSET], "put off at MAIL"),
        (
            vec![("MAIL", "530 5.7.0 sign in"), RSET],
            "the server refuses us at MAIL",
        ),
        (
            vec![MAIL, ("RCPT", "450 4.2.0 greylisted"), RSET],
            "put off at RCPT",
        ),
        (
            vec![MAIL, RCPT, ("DATA", "554 5.5.1 no"), RSET],
            "refused at DATA",
        ),
        (
            vec![MAIL, RCPT, DATA, (".", "554 5.6.0 spam")],
            "refused at end of data: 554 5.6.0 spam",
        ),
        (
            vec![MAIL, RCPT, DATA, (".", "451 4.3.0 later")],
            "put off at end of data",
        ),
        (
            vec![MAIL, RCPT, ("DATA", "250 what")],
            "not sent, broke at DATA",
        ),
        (vec![MAIL, RCPT, DATA, (".", "354 what")], "unknown"),
        (vec![MAIL, RCPT, DATA, (".", "hm")], "unknown"),
    ];
    for (steps, expected) in verdicts {
        let delivery = verdict(&steps).await;
        assert!(
            delivery.to_string().starts_with(expected),
            "{delivery}, not {expected}"
        );
        assert!(!delivery.suppresses_recipient());
    }
}

#[tokio::test]
async fn a_reply_in_latin_1_is_a_reply() {
    let delivery = verdict(&[MAIL, RCPT, DATA, (".", "250 reçu")]).await;
    assert!(matches!(delivery, Delivery::Accepted { .. }), "{delivery}");
}

#[tokio::test]
async fn what_is_against_us_is_an_alarm() {
    for (steps, at) in [
        (vec![(FIRST, "554 5.7.1 your network is listed")], "connect"),
        // lettre takes its leave, and waits for the reply to that.
        (
            vec![GREETING, ("EHLO", "550 who?"), ("QUIT", "221 bye")],
            "connect",
        ),
    ] {
        let server = Server::play(vec![steps]).await;
        let mut client = server.client();
        let delivery = client.send(&envelope(), MESSAGE).await;
        let expected = format!("the server refuses us at {at}: 55");
        assert!(delivery.to_string().starts_with(&expected), "{delivery}");
        server.transcripts(client).await;
    }
}

#[tokio::test]
async fn a_server_that_is_busy_or_away_gets_the_mail_later() {
    let server = Server::play(vec![vec![(FIRST, "421 4.3.2 busy")]]).await;
    let mut client = server.client();
    let busy = client.send(&envelope(), MESSAGE).await;
    assert!(
        busy.to_string().starts_with("put off at connect: 421"),
        "{busy}"
    );
    let away = client.send(&envelope(), MESSAGE).await;
    server.transcripts(client).await;
    assert!(
        away.to_string().starts_with("not sent, broke at connect"),
        "{away}"
    );
}

#[tokio::test]
async fn lost_after_the_final_dot_is_unknown() {
    for end in [(".", DROP), (".", HANG)] {
        let again = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
        let lost = vec![GREETING, EHLO, MAIL, RCPT, DATA, end];
        let server = Server::play(vec![lost, again]).await;
        let mut client = server.client();
        let delivery = client.send(&envelope(), MESSAGE).await;
        assert!(matches!(delivery, Delivery::Unknown { .. }), "{delivery}");
        // The late reply, if any, is not the next mail's.
        assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
        server.transcripts(client).await;
    }
}

#[tokio::test]
async fn lost_before_the_final_dot_is_not_sent() {
    for steps in [
        vec![("MAIL", DROP)],
        vec![MAIL, ("RCPT", DROP)],
        vec![MAIL, ("RCPT", HANG)],
        vec![MAIL, RCPT, ("DATA", DROP)],
    ] {
        let delivery = verdict(&steps).await;
        assert!(matches!(delivery, Delivery::NotSent { .. }), "{delivery}");
    }
    // The server reads the first line of a message that fills all buffers, and goes or stalls.
    let long = "x".repeat(70).repeat(400_000).into_bytes();
    for end in [DROP, HANG] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let playing = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            for (awaited, answer) in [GREETING, EHLO, MAIL, RCPT, DATA] {
                if !awaited.is_empty() {
                    stream.read_line(&mut String::new()).await.unwrap();
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.write_all(b"\r\n").await.unwrap();
            }
            stream.read_u8().await.unwrap();
            if end == HANG {
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
        });
        let mut client = Smtp::new(format!("smtp://{address}").parse().unwrap());
        client.timeouts.message = Duration::from_secs(2);
        let delivery = client.send(&envelope(), &long).await;
        let Delivery::NotSent { at, .. } = delivery else {
            panic!("{delivery}");
        };
        assert_eq!(at, Phase::Message);
        playing.await.unwrap();
    }
}

#[tokio::test]
async fn a_cancelled_send_leaves_nothing_for_the_next() {
    for steps in [
        vec![MAIL, ("RCPT", HANG)],
        vec![MAIL, RCPT, DATA, (".", HANG)],
    ] {
        let first = [&[GREETING, EHLO], &steps[..]].concat();
        let again = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
        let server = Server::play(vec![first, again]).await;
        let mut client = server.client();
        let sending = timeout(Duration::from_millis(200), async {
            client.send(&envelope(), MESSAGE).await
        });
        assert!(sending.await.is_err());
        assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
        assert_eq!(server.transcripts(client).await.len(), 2);
    }
}

#[tokio::test]
async fn what_the_server_cannot_carry_is_refused_before_it_is_asked() {
    let plain = ("EHLO", "250 mail.example");
    let server = Server::play(vec![vec![GREETING, plain, MAIL, RCPT, DATA, END]]).await;
    let mut client = server.client();
    let delivery = client
        .send(&envelope(), "Subject: Αθήνα\r\n\r\n".as_bytes())
        .await;
    assert!(
        delivery.to_string().starts_with("refused at MAIL"),
        "{delivery}"
    );
    assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
    assert_eq!(server.transcripts(client).await.len(), 1);
}

#[tokio::test]
async fn a_check_signs_in_and_leaves() {
    let quit = ("QUIT", "221 bye");
    let welcome = (AUTH, "235 2.7.0 welcome");
    let server = Server::play(vec![vec![GREETING, EHLO_AUTH, welcome, quit]]).await;
    let mut client = server.client_by("smtp://u:p@127.0.0.1:PORT");
    client.check().await.unwrap();
    assert!(server.transcripts(client).await[0].ends_with("QUIT\r\n"));
}

#[tokio::test]
async fn a_wrong_password_is_an_alarm_that_does_not_show_it() {
    for (ehlo, answer) in [
        (EHLO_AUTH, Some((AUTH, "535 5.7.8 wrong"))),
        (EHLO, None), // no mechanism is offered
    ] {
        let steps = [GREETING, ehlo].into_iter().chain(answer).collect();
        let server = Server::play(vec![steps]).await;
        let mut client = server.client_by("smtp://u:p@127.0.0.1:PORT");
        let error = client.check().await.unwrap_err().to_string();
        assert!(
            error.starts_with("the server refuses us at AUTH"),
            "{error}"
        );
        assert!(!format!("{client:?}{error}").contains("u:p"), "{client:?}");
        server.transcripts(client).await;
    }
}
