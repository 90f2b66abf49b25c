//! What a permanent refusal (5xx) is about: the address, this mail, or the sender of all mails. Only
//! the enhanced code of the reply tells (RFC 3463); servers that give none leave it in doubt.

use super::phase::Phase;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such mailbox, or it takes no mail any more.
    Address,
    /// The recipient, or everybody, as a block list does: only other recipients tell.
    Doubtful,
    /// The mailbox is full.
    ForNow,
    /// This mail alone.
    Mail,
    /// Whoever sends, or how: the operator must look.
    OurFault,
}

impl Refusal {
    /// What a reply to a command says.
    pub(super) fn of(at: Phase, response: &str) -> Self {
        let mut words = response.split_whitespace();
        let code = words.next().unwrap_or_default();
        let enhanced = words.next().filter(|word| is_enhanced(word));
        match (at, enhanced) {
            (Phase::Connect | Phase::Tls | Phase::Auth, _) => Self::OurFault,
            // Too large.
            (Phase::Mail, Some("5.2.3" | "5.3.4")) => Self::Mail,
            (Phase::Mail, None) if code == "552" => Self::Mail,
            (Phase::Mail, _) => Self::OurFault,
            (Phase::Rcpt, Some("5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1")) => {
                Self::Address
            }
            (Phase::Rcpt, Some("5.2.2")) => Self::ForNow,
            (Phase::Rcpt, Some("5.1.4" | "5.2.3" | "5.2.4" | "5.3.4")) => Self::Mail,
            (Phase::Rcpt, None | Some("5.0.0" | "5.1.0" | "5.2.0")) => match code {
                "550" | "551" | "553" => Self::Doubtful,
                "552" => Self::ForNow,
                _ => Self::OurFault,
            },
            (Phase::Rcpt, Some(_)) => Self::OurFault,
            (Phase::Data | Phase::Message, _) => Self::Mail,
        }
    }
}

/// Whether a word is an enhanced code, such as `5.1.1`.
fn is_enhanced(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_number = |part: &&str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    parts.len() == 3 && parts[0] == "5" && parts.iter().all(is_number)
}
