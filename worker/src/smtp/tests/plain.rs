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
async fn a_5xx_at_rcpt_suppresses_where_it_says_that_the_address_is_at_fault() {
    let (address, ours, full, mail) = (
        "refused at RCPT",
        "the server refuses us at RCPT",
        "put off at RCPT",
        "refused at RCPT",
    );
    for (reply, expected, suppresses) in [
        ("550 5.1.1 <ana@city.example>: no such user", address, true),
        ("550-5.1.1 no such user\r\n550 5.1.1 here", address, true),
        ("550 5.1.2 no such host", address, true),
        ("501 5.1.3 bad address", address, true),
        ("551 5.1.6 has moved", address, true),
        ("556 5.1.10 takes no mail", address, true),
        ("550 5.2.1 disabled", address, true),
        ("552 5.2.2 over quota", full, false),
        ("552 over quota", full, false),
        ("552 5.2.3 too long", mail, false),
        ("554 5.7.1 relay access denied", ours, false),
        ("550 5.7.1 listed", ours, false),
        ("554 relay access denied", ours, false),
        ("550 5.1.8 bad sender", ours, false),
        ("503 5.5.1 bad sequence", ours, false),
        // Nobody knows yet whether others are taken.
        ("550 no", ours, false),
        ("553 no such mailbox", ours, false),
        ("550 5.1.1.1 no", ours, false),
    ] {
        let delivery = verdict(&[MAIL, ("RCPT", reply), RSET]).await;
        let said = delivery.to_string();
        assert!(said.starts_with(expected), "{reply}: {said}");
        assert!(said.contains(&reply[..3]), "{reply}: {said}");
        assert_eq!(delivery.suppresses_recipient(), suppresses, "{reply}");
    }
}

#[tokio::test]
async fn a_bare_550_is_of_the_address_once_the_server_has_taken_others_since() {
    let to = |address: &str| {
        Envelope::new(
            Some("office@connection.example".parse().unwrap()),
            vec![address.parse().unwrap()],
        )
        .unwrap()
    };
    let (ana, ben) = (to("ana@city.example"), to("ben@city.example"));
    let no = ("RCPT TO:<ana@city.example>", "550 no");
    let neither = ("RCPT TO:<ben@city.example>", "550 no");
    let taken = ("RCPT TO:<ben@city.example>", "250 2.1.5 ok");
    let server = Server::play(vec![vec![
        GREETING, EHLO, MAIL, no, RSET, MAIL, neither, RSET, MAIL, no, RSET, MAIL, taken, DATA,
        END, MAIL, no, RSET, MAIL, no, RSET,
    ]])
    .await;
    let mut client = server.client();
    let mut suppresses = Vec::new();
    for envelope in [&ana, &ben, &ana, &ben, &ana, &ana] {
        let delivery = client.send(envelope, MESSAGE).await;
        let is_alarm = matches!(delivery, Delivery::Alarm { .. });
        suppresses.push((is_alarm, delivery.suppresses_recipient()));
    }
    let (alarm, taken, address) = ((true, false), (false, false), (false, true));
    // At last it begins anew: none was taken since.
    assert_eq!(suppresses, [alarm, alarm, alarm, taken, address, alarm]);
    server.transcripts(client).await;
}

#[tokio::test]
async fn a_mail_whose_lease_is_over_is_not_handed_over() {
    let all = [GREETING, EHLO, MAIL, RCPT, DATA];
    for (asked, at, steps) in [
        (0, "MAIL", 2),
        (1, "RCPT", 3),
        (2, "DATA", 4),
        (3, "end of data", 5),
    ] {
        let again = vec![GREETING, EHLO, MAIL, RCPT, DATA, END];
        let server = Server::play(vec![all[..steps].to_vec(), again]).await;
        let mut client = server.client();
        let left = AtomicU64::new(asked);
        let still = || {
            let less = |left: u64| left.checked_sub(1);
            left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
                .is_ok()
        };
        let delivery = client.send_while(&envelope(), MESSAGE, &still).await;
        let expected = format!("not sent, broke at {at}");
        assert!(delivery.to_string().starts_with(&expected), "{delivery}");
        assert_eq!(client.send(&envelope(), MESSAGE).await, accepted());
        let transcript = server.transcripts(client).await.remove(0);
        assert!(!transcript.ends_with("\r\n.\r\n"), "{transcript:?}");
    }
}

#[tokio::test]
async fn refusals_are_told_apart_by_where_they_come() {
    let verdicts = [
        (vec![("MAIL", "552 5.3.4 too big"), RSET], "refused at MAIL"),
        (vec![("MAIL", "451 4.3.0 later"), RSET], "put off at MAIL"),
        (
            vec![("MAIL", "550 5.1.8 unknown sender"), RSET],
            "the server refuses us at MAIL",
        ),
        (
            vec![("MAIL", "550 no"), RSET],
            "the server refuses us at MAIL",
        ),
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
