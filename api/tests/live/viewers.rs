//! Whose sockets and event streams they are, and how they end with a token or a session.

use std::time::Duration;

use domain::{
    account::{
        link, session,
        token::{self, NewToken},
        user,
    },
    actor::Actor,
    viewer::Viewer,
};
use entities::{PersonId, RoleKind, SignInLinkId};
use serde_json::json;
use tokio::time::timeout;

use super::client::{SOON, Server, Socket};
use crate::support::link_key;

const FOLLOW: &str =
    r#"subscription { projectChanged(key: "connection") { project { people { totalCount } } } }"#;

async fn coordinator(server: &Server) -> PersonId {
    let wanted = user::NewUser {
        key: Some("exchange-desk".to_owned()),
        name: None,
        address: None,
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    };
    let added = user::add(&server.api.store, &Actor::COMMAND, wanted).await;
    added.unwrap().id
}

async fn token(server: &Server, person: PersonId) -> token::IssuedToken {
    let store = &server.api.store;
    let project = store.project("connection").await.unwrap();
    let keeper = Viewer::Operator.keeper_of(person).unwrap();
    let wanted = NewToken {
        name: "City dashboard".to_owned(),
        days: 1,
        may_write: false,
        sees_people: true,
    };
    token::create(store, &Actor::COMMAND, &keeper, &project, wanted)
        .await
        .unwrap()
}

/// A cookie of somebody who is signed in.
async fn cookie(server: &Server, person: PersonId) -> String {
    let (store, key) = (&server.api.store, link_key());
    let made = link::create(store, &key, &Actor::COMMAND, person)
        .await
        .unwrap();
    let named = made.path.strip_prefix("/sign-in/").unwrap();
    let (id, secret) = named.split_once('.').unwrap();
    let id: SignInLinkId = SignInLinkId(id.parse().unwrap());
    match link::redeem(store, id, secret, None).await.unwrap() {
        link::Redemption::SignedIn(new) => format!("__Host-connection-session={}", new.secret),
        other => panic!("{other:?}"),
    }
}

/// Follows the project and says whether it is told what only a coordinator sees.
async fn sees_people(socket: &mut Socket) -> bool {
    socket.subscribe("1", FOLLOW).await;
    let first = socket.hears().await;
    let count = &first["payload"]["data"]["projectChanged"]["project"]["people"]["totalCount"];
    count.as_u64().is_some_and(|count| count > 1)
}

#[tokio::test]
async fn a_socket_is_somebodys_by_cookie_by_header_or_by_its_greeting() {
    let server = Server::new().await;
    let person = coordinator(&server).await;
    let bearer = format!("Bearer {}", token(&server, person).await.secret.unwrap());
    let cookie = cookie(&server, person).await;
    for header in [("authorization", bearer.as_str()), ("cookie", &cookie)] {
        let mut socket = server.handshake(&[header]).await.1.unwrap();
        socket.greet().await;
        assert!(sees_people(&mut socket).await, "{}", header.0);
    }
    let mut socket = server.open().await;
    let payload = json!({ "authorization": bearer });
    socket
        .say(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
    assert!(sees_people(&mut socket).await);
    assert!(!sees_people(&mut server.greeted().await).await);
    let (status, socket) = server
        .handshake(&[("authorization", "Bearer connection_x")])
        .await;
    assert_eq!(status, 401);
    assert!(socket.is_none());
}

#[tokio::test]
async fn the_sockets_of_a_revoked_token_are_closed_with_4403() {
    let server = Server::new().await;
    let person = coordinator(&server).await;
    let token = token(&server, person).await;
    let bearer = format!("Bearer {}", token.secret.as_deref().unwrap());
    let mut idle = server
        .handshake(&[("authorization", &bearer)])
        .await
        .1
        .unwrap();
    idle.greet().await;
    let mut greeted = server.open().await;
    let payload = json!({ "authorization": bearer });
    greeted
        .say(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(greeted.hears().await, json!({ "type": "connection_ack" }));
    assert!(sees_people(&mut greeted).await);
    let mut stranger = server.greeted().await;
    let keeper = Viewer::Operator.keeper_of(person).unwrap();
    token::revoke(&server.api.store, &Actor::COMMAND, &keeper, token.row.id)
        .await
        .unwrap();
    let expected = (4403, "Forbidden".to_owned());
    for socket in [idle, greeted] {
        let closed = timeout(Duration::from_secs(8), socket.closed()).await;
        assert_eq!(closed.unwrap(), expected);
    }
    stranger.say(json!({ "type": "ping" })).await;
    assert_eq!(stranger.hears().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn whoever_signs_out_everywhere_is_told_of_nothing_more() {
    let server = Server::new().await;
    let person = coordinator(&server).await;
    let cookie = cookie(&server, person).await;
    let mut socket = server.handshake(&[("cookie", &cookie)]).await.1.unwrap();
    socket.greet().await;
    assert!(sees_people(&mut socket).await);
    let url = format!("http://{}/graphql", server.address);
    let mut stream = reqwest::Client::new()
        .post(url)
        .header("cookie", &cookie)
        .header("accept", "text/event-stream")
        .json(&json!({ "query": FOLLOW }))
        .send()
        .await
        .unwrap();
    let mut told = String::new();
    while !told.contains("totalCount") {
        let chunk = timeout(SOON, stream.chunk())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        told += std::str::from_utf8(&chunk).unwrap();
    }
    let keeper = Viewer::Operator.keeper_of(person).unwrap();
    session::sign_out_everywhere(&server.api.store, &Actor::COMMAND, &keeper, false)
        .await
        .unwrap();
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
    while let Some(chunk) = timeout(SOON, stream.chunk()).await.unwrap().unwrap() {
        told += std::str::from_utf8(&chunk).unwrap();
    }
    assert!(told.contains("UNAUTHENTICATED"), "{told}");
    assert!(told.ends_with("event: complete\ndata: \n\n"), "{told}");
}
