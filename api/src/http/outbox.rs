//! The outbox pages: the mails of the embedded default, as their recipients see them.

use std::{
    fmt::Write,
    fs, io,
    path::{Component, Path},
    sync::Arc,
    time::SystemTime,
};

use mail_parser::{Address, Message, MessageParser, MimeHeaders};
use poem::{
    Request, Response,
    error::NotFoundError,
    handler,
    http::{HeaderValue, StatusCode, header},
    web::Data,
};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tracing::warn;

use super::{
    App,
    page::{escape, from_path, html, in_path},
    response,
};

/// The number of mails on a page.
const PAGE: usize = 100;

#[derive(Default, Deserialize)]
struct Params {
    page: Option<usize>,
    part: Option<String>,
}

/// A page of the outbox; 404 if there is no such mail.
#[handler]
pub async fn show(Data(app): Data<&Arc<App>>, request: &Request) -> poem::Result<Response> {
    let folder = app.config.outbox.clone().ok_or(NotFoundError)?;
    let path = request.uri().path();
    let params = request.params::<Params>().unwrap_or_default();
    let name = path.strip_prefix("/outbox").unwrap_or_default();
    let name = name.trim_start_matches('/').to_owned();
    let page = spawn_blocking(move || {
        if name.is_empty() {
            list(&folder, params.page.unwrap_or(1)).map(Some)
        } else {
            mail(&folder, &name, params.part.as_deref())
        }
    })
    .await;
    match page {
        Ok(Ok(page)) => Ok(page.ok_or(NotFoundError)?),
        Ok(Err(error)) => Ok(unreadable(&error)),
        Err(error) => Ok(unreadable(&io::Error::other(error))),
    }
}

fn unreadable(error: &io::Error) -> Response {
    warn!(%error, "The outbox cannot be read");
    response::plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The outbox cannot be read; the log says why.",
    )
}

/// A mail in the folder: its relative path, and its time of modification.
struct Entry {
    name: String,
    at: SystemTime,
}

/// Every mail below a folder, newest first.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        let all = match fs::read_dir(&inside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        for entry in all {
            let entry = entry?;
            let kind = entry.file_type()?;
            let path = entry.path();
            let is_mail = path.extension().is_some_and(|extension| extension == "eml");
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && is_mail {
                let below = path.strip_prefix(folder).unwrap_or(&path);
                let name = below.to_string_lossy().replace('\\', "/");
                let at = entry.metadata()?.modified()?;
                entries.push(Entry { name, at });
            }
        }
    }
    entries.sort_by(|one, other| (other.at, &other.name).cmp(&(one.at, &one.name)));
    Ok(entries)
}

fn list(folder: &Path, page: usize) -> io::Result<Response> {
    let all = entries(folder)?;
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = page.clamp(1, pages);
    let mut body = match all.len() {
        0 => "<p>No mail has gone out yet.</p>".to_owned(),
        count => format!("<p>{count} mails, newest first.</p>"),
    };
    body.push_str("<table><tr><th>Date<th>To<th>Subject<th>From</tr>\n");
    for entry in all.iter().skip((page - 1) * PAGE).take(PAGE) {
        let bytes = fs::read(folder.join(&entry.name))?;
        let parsed = MessageParser::default().parse(&bytes);
        let mail = parsed.as_ref();
        let subject = mail.and_then(Message::subject).unwrap_or("(no subject)");
        push(
            &mut body,
            format_args!(
                "<tr><td>{}<td>{}<td><a href=\"/outbox/{}\">{}</a><td>{}</tr>\n",
                escape(&date(mail)),
                escape(&addresses(mail.and_then(Message::to))),
                in_path(&entry.name),
                escape(subject),
                escape(&addresses(mail.and_then(Message::from))),
            ),
        );
    }
    body.push_str("</table>\n<p>");
    if page > 1 {
        push(
            &mut body,
            format_args!("<a href=\"/outbox?page={}\">Newer</a> ", page - 1),
        );
    }
    if page < pages {
        push(
            &mut body,
            format_args!("<a href=\"/outbox?page={}\">Older</a>", page + 1),
        );
    }
    body.push_str("</p>");
    Ok(html("Outbox", &body))
}

fn mail(folder: &Path, name: &str, part: Option<&str>) -> io::Result<Option<Response>> {
    let Some(name) = from_path(name).filter(|name| is_mail_name(name)) else {
        return Ok(None);
    };
    let bytes = match fs::read(folder.join(&name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    if part == Some("raw") {
        let last = name.rsplit('/').next().unwrap_or(&name);
        return Ok(Some(download("message/rfc822", last, bytes)));
    }
    let Some(message) = MessageParser::default().parse(&bytes) else {
        return Ok(Some(download("message/rfc822", "mail.eml", bytes)));
    };
    Ok(match part {
        None => Some(shown(&name, &message)),
        Some("html") => message.body_html(0).map(|text| framed(&text)),
        Some(number) => number
            .parse()
            .ok()
            .and_then(|number| message.attachment(number))
            .map(|attachment| {
                let name = attachment.attachment_name().unwrap_or("attachment");
                download(
                    "application/octet-stream",
                    name,
                    attachment.contents().to_vec(),
                )
            }),
    })
}

/// Whether a path stays below the folder and is that of a mail.
fn is_mail_name(name: &str) -> bool {
    let stays = Path::new(name).components().all(
        |part| matches!(part, Component::Normal(part) if !part.to_string_lossy().starts_with('.')),
    );
    stays && name.ends_with(".eml") && !name.contains(['\\', '\0'])
}

fn shown(name: &str, message: &Message<'_>) -> Response {
    let mail = Some(message);
    let link = format!("/outbox/{}", in_path(name));
    let mut body = format!(
        "<p><a href=\"/outbox\">All mails</a> · <a href=\"{link}?part=raw\">Download</a></p>\n\
         <table><tr><th>Date<td>{}</tr><tr><th>From<td>{}</tr><tr><th>To<td>{}</tr></table>\n",
        escape(&date(mail)),
        escape(&addresses(message.from())),
        escape(&addresses(message.to())),
    );
    for (number, attachment) in message.attachments().enumerate() {
        let name = attachment.attachment_name().unwrap_or("attachment");
        push(
            &mut body,
            format_args!(
                "<p>Attached: <a href=\"{link}?part={number}\">{}</a> ({} bytes)</p>\n",
                escape(name),
                attachment.contents().len(),
            ),
        );
    }
    if let Some(text) = message.body_text(0) {
        push(
            &mut body,
            format_args!("<h2>Plain text</h2>\n<pre>{}</pre>\n", escape(&text)),
        );
    }
    if message.html_body_count() > 0 {
        push(
            &mut body,
            format_args!(
                "<h2>HTML</h2>\n<iframe sandbox title=\"The mail as HTML\" \
                 src=\"{link}?part=html\"></iframe>\n"
            ),
        );
    }
    body.push_str("<h2>Headers</h2>\n<pre>");
    for (header, value) in message.headers_raw() {
        push(
            &mut body,
            format_args!("{}: {}\n", escape(header), escape(value.trim())),
        );
    }
    body.push_str("</pre>");
    html(message.subject().unwrap_or("(no subject)"), &body)
}

/// The HTML of a mail, with a policy that blocks scripts and external resources.
fn framed(text: &str) -> Response {
    let mut response = response::typed("text/html; charset=utf-8", text);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        ),
    );
    response
}

fn download(media_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-._".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut response = response::bytes(media_type, bytes);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn date(message: Option<&Message<'_>>) -> String {
    message
        .and_then(Message::date)
        .map(mail_parser::DateTime::to_rfc3339)
        .unwrap_or_default()
}

fn addresses(addresses: Option<&Address<'_>>) -> String {
    let Some(addresses) = addresses else {
        return String::new();
    };
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => String::new(),
    };
    addresses.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn push(body: &mut String, text: std::fmt::Arguments<'_>) {
    body.write_fmt(text)
        .expect("a String takes all that is written");
}
