//! The mail server's URL: `SMTP_URL`, by lettre's conventions.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, bail, ensure};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use url::{Host, Url};

/// A parsed `SMTP_URL`:
///
/// - `smtp://[user:password@]host[:25]`: in the clear;
/// - `smtp://…[:587]?tls=required`: STARTTLS, or no mail;
/// - `smtp://…[:587]?tls=opportunistic`: STARTTLS if it is offered; a password is never sent in the
///   clear though;
/// - `smtps://…[:465]`: TLS from the first byte.
///
/// A path is the name given in EHLO. Neither `Debug` nor `Display` nor an error shows the password.
#[derive(Clone)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) credentials: Option<Credentials>,
    pub(super) hello: ClientId,
    user: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    Never,
    Opportunistic,
    Required,
    Implicit,
}

impl FromStr for SmtpUrl {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        parse(text).context("SMTP_URL is not smtp[s]://[user:password@]host[:port][?tls=required]")
    }
}

fn parse(text: &str) -> anyhow::Result<SmtpUrl> {
    let url = Url::parse(text)?;
    let mut starttls = None;
    for (name, value) in url.query_pairs() {
        ensure!(
            name == "tls",
            "unknown parameter {name:?}, there is only tls"
        );
        starttls = Some(value.into_owned());
    }
    let (tls, port) = match (url.scheme(), starttls.as_deref()) {
        ("smtp", None) => (Tls::Never, 25),
        ("smtp", Some("opportunistic")) => (Tls::Opportunistic, 587),
        ("smtp", Some("required")) => (Tls::Required, 587),
        ("smtps", None | Some("required")) => (Tls::Implicit, 465),
        ("smtp" | "smtps", Some(tls)) => bail!("unknown tls={tls:?}"),
        (scheme, _) => bail!("unknown scheme {scheme:?}"),
    };
    let host = match url.host().context("no host")? {
        Host::Domain(domain) => decoded(domain)?,
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    };
    ensure!(!host.is_empty(), "no host");
    let user = decoded(url.username())?;
    let credentials = match (user.is_empty(), url.password()) {
        (true, None) => None,
        (false, Some(password)) => Some(Credentials::new(user.clone(), decoded(password)?)),
        (false, None) => bail!("a user without a password"),
        (true, Some(_)) => bail!("a password without a user"),
    };
    if credentials.is_some() && tls == Tls::Never {
        ensure!(
            is_this_machine(&host),
            "a password would go to another machine in the clear: add ?tls=required, or write smtps://"
        );
    }
    let hello = url.path().trim_matches('/');
    Ok(SmtpUrl {
        host,
        port: url.port().unwrap_or(port),
        tls,
        credentials,
        hello: if hello.is_empty() {
            ClientId::default()
        } else {
            ClientId::Domain(hello.to_owned())
        },
        user: (!user.is_empty()).then_some(user),
    })
}

/// Whether nobody listens on the way to a host.
fn is_this_machine(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn decoded(text: &str) -> anyhow::Result<String> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8()?;
    ensure!(
        !decoded.contains(char::is_control),
        "a control character in the user, the password or the host"
    );
    Ok(decoded.into_owned())
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls == Tls::Implicit {
            "smtps"
        } else {
            "smtp"
        };
        write!(f, "{scheme}://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}:***@")?;
        }
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port)?,
            false => write!(f, "{}:{}", self.host, self.port)?,
        }
        match self.tls {
            Tls::Never | Tls::Implicit => Ok(()),
            Tls::Opportunistic => f.write_str("?tls=opportunistic"),
            Tls::Required => f.write_str("?tls=required"),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        url.parse::<SmtpUrl>().unwrap().to_string()
    }

    #[test]
    fn ports_and_tls_follow_the_scheme() {
        assert_eq!(
            shown("smtp://mail.example.org"),
            "smtp://mail.example.org:25"
        );
        assert_eq!(
            shown("smtps://mail.example.org"),
            "smtps://mail.example.org:465"
        );
        assert_eq!(
            shown("smtp://mail.example.org?tls=required"),
            "smtp://mail.example.org:587?tls=required"
        );
        assert_eq!(
            shown("smtp://mail.example.org:2525/worker.example.org?tls=opportunistic"),
            "smtp://mail.example.org:2525?tls=opportunistic"
        );
        assert_eq!(shown("smtp://[::1]:2525"), "smtp://[::1]:2525");
    }

    #[test]
    fn the_password_is_read_and_never_shown() {
        let url: SmtpUrl = "smtps://user%40example.org:p%3Ass+%2F@mail.example.org"
            .parse()
            .unwrap();
        let expected = Credentials::new("user@example.org".into(), "p:ss+/".into());
        assert_eq!(url.credentials, Some(expected));
        for shown in [format!("{url:?}"), format!("{url:#?}"), url.to_string()] {
            assert!(!shown.contains("ss"), "{shown}");
            assert!(shown.contains("user@example.org:***@"), "{shown}");
        }
    }

    #[test]
    fn a_password_goes_in_the_clear_to_this_machine_alone() {
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            assert!(format!("smtp://u:secret@{host}").parse::<SmtpUrl>().is_ok());
        }
        for query in ["?tls=required", "?tls=opportunistic"] {
            let url = format!("smtp://u:secret@mail.example.org{query}");
            assert!(url.parse::<SmtpUrl>().is_ok(), "{url}");
        }
    }

    #[test]
    fn the_path_is_the_name_in_ehlo() {
        let url: SmtpUrl = "smtp://mail.example.org/worker.example.org"
            .parse()
            .unwrap();
        assert_eq!(url.hello.to_string(), "worker.example.org");
    }

    #[test]
    fn errors_name_the_variable_and_hide_the_password() {
        for (url, because) in [
            ("mail.example.org", "relative URL"),
            ("http://mail.example.org", "unknown scheme \"http\""),
            ("smtp://", "no host"),
            ("smtp:mail", "no host"),
            ("smtp://u@mail.example.org", "a user without a password"),
            (
                "smtp://u:secret@mail.example.org?tls=maybe",
                "tls=\"maybe\"",
            ),
            (
                "smtp://u:secret@mail.example.org?ssl=1",
                "unknown parameter \"ssl\"",
            ),
            (
                "smtp://u:sec%0d%0aret@mail.example.org",
                "a control character",
            ),
            ("smtp://u:secret@mail.example.org:99999", "invalid port"),
            (
                "smtp://u:secret@mail.example.org",
                "a password would go to another machine in the clear",
            ),
            (
                "smtp://u:secret@192.0.2.25:25",
                "a password would go to another machine in the clear",
            ),
        ] {
            let error = format!("{:#}", url.parse::<SmtpUrl>().unwrap_err());
            assert!(error.starts_with("SMTP_URL"), "{error}");
            assert!(error.contains(because), "{error}");
            assert!(!error.contains("sec"), "{error}");
        }
    }
}
