//! The limits of a request: every limit, its default, its setting and its error code.
//!
//! docs/LIMITS.md shows the same table, which a test compares.

use std::ops::RangeInclusive;

use domain::settings::Wrong;

/// The limits of a request, and of the caches of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum size of a request body, in bytes as they are read.
    pub body: usize,
    /// The maximum size of a document, in bytes.
    pub document: usize,
    /// The maximum number of tokens of a document.
    pub tokens: usize,
    /// The maximum nesting of brackets, in a document and in variables.
    pub nesting: usize,
    /// The maximum nesting of fields.
    pub depth: usize,
    /// The maximum number of fields of a document after its fragments are expanded.
    pub fields: usize,
    /// The maximum number of root fields of an operation.
    pub root_fields: usize,
    /// The maximum number of aliases of a document.
    pub aliases: usize,
    /// The maximum number of directives of a document.
    pub directives: usize,
    /// The maximum number of variables that the operations of a document declare together.
    pub variables: usize,
    /// The maximum cost of a response.
    pub cost: usize,
    /// The maximum cost of introspection.
    pub introspection: usize,
    /// The maximum number of values that are made for a response.
    pub values: usize,
    /// The maximum of values made and, 16 as one, of records gone through for a response.
    pub work: usize,
    /// The maximum size of a response, in bytes as they are made.
    pub answer_bytes: usize,
    /// The number of long responses that are made at once: of more than 2,000 values.
    pub long_answers: usize,
    /// The assumed length of lists without page arguments.
    pub list: usize,
    /// The maximum number of documents in the document cache.
    pub cached_documents: usize,
    /// The approximate maximum size of the document cache, in bytes.
    pub document_cache_bytes: usize,
    /// The rate limit of an address, in cost per minute; 0 for no limit.
    pub rate: usize,
    /// The burst of an address, in cost.
    pub burst: usize,
    /// The rate limit of an authenticated client, in cost per minute; 0 for no limit.
    pub viewer_rate: usize,
    /// The burst of an authenticated client, in cost.
    pub viewer_burst: usize,
    /// The maximum number of token buckets in memory.
    pub rate_limit_keys: usize,
    /// The maximum size of persisted queries in memory, in bytes.
    pub persisted_bytes: usize,
    /// The time to live of a persisted query in Redis after its last use.
    pub persisted_seconds: usize,
    /// The maximum number of uploads at once, and of downloads.
    pub transfers: usize,
    /// The maximum number of uploads of one client at once, and of downloads.
    pub transfers_each: usize,
    /// The maximum size of what one person uploads in 24 hours, in megabytes.
    pub file_day: usize,
    /// The maximum size of the files of one project, in megabytes.
    pub file_project: usize,
    /// The maximum number of sign-in links to an address in an hour that one network requests.
    pub sign_in_links_each: usize,
    /// The maximum number of sign-in links to an address in an hour.
    pub sign_in_links: usize,
}

/// A limit: its setting, its description and its error code.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The environment variable that sets it.
    pub name: &'static str,
    pub what: &'static str,
    pub default: usize,
    /// The valid values.
    pub range: RangeInclusive<usize>,
    /// The error code of a request beyond it; `None` if no request is refused for it.
    pub code: Option<&'static str>,
    pub why: &'static str,
    place: fn(&mut Limits) -> &mut usize,
}

pub const BODY: &str = "PAYLOAD_TOO_LARGE";
pub const DOCUMENT: &str = "DOCUMENT_TOO_LONG";
pub const TOKENS: &str = "TOO_MANY_TOKENS";
pub const NESTING: &str = "NESTED_TOO_DEEP";
pub const DEPTH: &str = "TOO_DEEP";
pub const FIELDS: &str = "TOO_MANY_FIELDS";
pub const ROOT_FIELDS: &str = "TOO_MANY_ROOT_FIELDS";
pub const ALIASES: &str = "TOO_MANY_ALIASES";
pub const DIRECTIVES: &str = "TOO_MANY_DIRECTIVES";
pub const VARIABLES: &str = "TOO_MANY_VARIABLES";
pub const COST: &str = "TOO_COMPLEX";
pub const RATE: &str = "RATE_LIMITED";
pub const INTROSPECTION: &str = "INTROSPECTION_TOO_COMPLEX";
pub const TRANSFERS: &str = "TOO_MANY_FILES_AT_ONCE";
pub const QUOTA: &str = "QUOTA_EXCEEDED";

/// All limits, in the order in which they are checked.
pub const LIMITS: [Limit; 32] = [
    Limit {
        name: "LIMIT_BODY_BYTES",
        what: "bytes of a body, as they are read, whatever its headers say",
        default: 256 * 1024,
        range: 1024..=64 * 1024 * 1024,
        code: Some(BODY),
        why: "a body is held in memory, and its variables are read before anything is known of them",
        place: |limits| &mut limits.body,
    },
    Limit {
        name: "LIMIT_DOCUMENT_BYTES",
        what: "bytes of a document",
        default: 32 * 1024,
        range: 1024..=1024 * 1024,
        code: Some(DOCUMENT),
        why: "ten times the longest document in our own pages",
        place: |limits| &mut limits.document,
    },
    Limit {
        name: "LIMIT_TOKENS",
        what: "tokens of a document: names, values, signs, and the space between them",
        default: 8_000,
        range: 100..=1_000_000,
        code: Some(TOKENS),
        why: "validation takes time for each of them",
        place: |limits| &mut limits.tokens,
    },
    Limit {
        name: "LIMIT_NESTING",
        what: "brackets within brackets, in a document and in variables",
        default: 48,
        range: 16..=100,
        code: Some(NESTING),
        why: "whatever reads brackets calls itself for each, and a thread's stack is finite",
        place: |limits| &mut limits.nesting,
    },
    Limit {
        name: "LIMIT_FIELDS",
        what: "fields of a document once its fragments are spread out",
        default: 2_000,
        range: 10..=1_000_000,
        code: Some(FIELDS),
        why: "31 fragments that each spread the next one twice are two thousand million fields",
        place: |limits| &mut limits.fields,
    },
    Limit {
        name: "LIMIT_DEPTH",
        what: "fields within fields; those of introspection are not counted",
        default: 20,
        range: 5..=50,
        code: Some(DEPTH),
        why: "a partner's communities' members' partners' communities never end",
        place: |limits| &mut limits.depth,
    },
    Limit {
        name: "LIMIT_ROOT_FIELDS",
        what: "fields of the root of one operation",
        default: 20,
        range: 1..=1_000,
        code: Some(ROOT_FIELDS),
        why: "each may load a project",
        place: |limits| &mut limits.root_fields,
    },
    Limit {
        name: "LIMIT_ALIASES",
        what: "renamed fields of a document once its fragments are spread out",
        default: 100,
        range: 0..=100_000,
        code: Some(ALIASES),
        why: "under other names the same is asked many times over",
        place: |limits| &mut limits.aliases,
    },
    Limit {
        name: "LIMIT_DIRECTIVES",
        what: "directives of a document once its fragments are spread out",
        default: 50,
        range: 0..=100_000,
        code: Some(DIRECTIVES),
        why: "each is looked up, checked and evaluated, and none is needed often",
        place: |limits| &mut limits.directives,
    },
    Limit {
        name: "LIMIT_VARIABLES",
        what: "variables that the operations of a document declare together",
        default: 50,
        range: 0..=100_000,
        code: Some(VARIABLES),
        why: "each is checked wherever it is used",
        place: |limits| &mut limits.variables,
    },
    Limit {
        name: "LIMIT_COST",
        what: "cost of an answer",
        default: 50_000,
        range: 100..=1_000_000_000,
        code: Some(COST),
        why: "a short document can ask for a long answer",
        place: |limits| &mut limits.cost,
    },
    Limit {
        name: "LIMIT_INTROSPECTION_COST",
        what: "cost of the part of an answer that tells the schema",
        default: 500_000,
        range: 0..=1_000_000_000,
        code: Some(INTROSPECTION),
        why: "enough for the question that every client asks at its start, once",
        place: |limits| &mut limits.introspection,
    },
    Limit {
        name: "LIMIT_VALUES",
        what: "values that are made for an answer",
        default: 50_000,
        range: 1_000..=1_000_000_000,
        code: Some(COST),
        why: "the cost is worked out without a look at the data, and lists may hold more than they usually do",
        place: |limits| &mut limits.values,
    },
    Limit {
        name: "LIMIT_WORK",
        what: "values that are made for an answer and, 16 as one, records that its lists and figures go through",
        default: 250_000,
        range: 1_000..=1_000_000_000,
        code: Some(COST),
        why: "what goes through a large project takes long, whatever it shows",
        place: |limits| &mut limits.work,
    },
    Limit {
        name: "LIMIT_ANSWER_BYTES",
        what: "bytes of an answer, as they are made",
        default: 8 * 1024 * 1024,
        range: 1024..=1024 * 1024 * 1024,
        code: Some(COST),
        why: "an answer is held in memory until it is sent, and a text may be long",
        place: |limits| &mut limits.answer_bytes,
    },
    Limit {
        name: "LIMIT_LONG_ANSWERS",
        what: "answers of more than 2,000 values that are made at once; others wait for their turn",
        default: 2,
        range: 1..=10_000,
        code: None,
        why: "a value takes up to 800 bytes until its answer is sent, so that many long ones fill the memory",
        place: |limits| &mut limits.long_answers,
    },
    Limit {
        name: "LIMIT_LIST",
        what: "records that a list is taken to hold where nobody can say how many",
        default: 10,
        range: 1..=10_000,
        code: None,
        why: "a list without pages costs what it usually holds",
        place: |limits| &mut limits.list,
    },
    Limit {
        name: "LIMIT_CACHED_DOCUMENTS",
        what: "documents in the document cache: a repeated one is neither parsed nor validated again",
        default: 1_000,
        range: 1..=1_000_000,
        code: None,
        why: "dashboards repeat theirs",
        place: |limits| &mut limits.cached_documents,
    },
    Limit {
        name: "LIMIT_DOCUMENT_CACHE_BYTES",
        what: "memory that the document cache takes, about, in bytes",
        default: 32 * 1024 * 1024,
        range: 1024 * 1024..=16 * 1024 * 1024 * 1024,
        code: None,
        why: "what is cached of strangers' requests is bounded",
        place: |limits| &mut limits.document_cache_bytes,
    },
    Limit {
        name: "LIMIT_RATE",
        what: "cost per minute that one address, or one network of IPv6, may ask for; 0 is any",
        default: 3_000_000,
        range: 0..=1_000_000_000_000,
        code: Some(RATE),
        why: "one address gets a twentieth of a core; a question that takes a second is not as good as one that takes a millisecond",
        place: |limits| &mut limits.rate,
    },
    Limit {
        name: "LIMIT_BURST",
        what: "cost that one address may ask for at once after a while of silence",
        default: 1_000_000,
        range: 1..=1_000_000_000_000,
        code: Some(RATE),
        why: "a dashboard opens with twenty questions at once",
        place: |limits| &mut limits.burst,
    },
    Limit {
        name: "LIMIT_VIEWER_RATE",
        what: "cost per minute for one who is known: whoever signed in, with all their tokens; 0 is any",
        default: 30_000_000,
        range: 0..=1_000_000_000_000,
        code: Some(RATE),
        why: "one who is known gets half a core; the operator, who sits at the machine, is not counted",
        place: |limits| &mut limits.viewer_rate,
    },
    Limit {
        name: "LIMIT_VIEWER_BURST",
        what: "cost at once for one who is known",
        default: 10_000_000,
        range: 1..=1_000_000_000_000,
        code: Some(RATE),
        why: "a dashboard with a token serves many readers",
        place: |limits| &mut limits.viewer_burst,
    },
    Limit {
        name: "LIMIT_RATE_KEYS",
        what: "clients whose token buckets are remembered",
        default: 100_000,
        range: 100..=100_000_000,
        code: None,
        why: "strangers with many addresses take no more memory than this",
        place: |limits| &mut limits.rate_limit_keys,
    },
    Limit {
        name: "LIMIT_PERSISTED_BYTES",
        what: "memory for persisted queries without Redis, in bytes",
        default: 8 * 1024 * 1024,
        range: 1024..=16 * 1024 * 1024 * 1024,
        code: None,
        why: "what is cached of strangers' requests is bounded",
        place: |limits| &mut limits.persisted_bytes,
    },
    Limit {
        name: "LIMIT_PERSISTED_SECONDS",
        what: "seconds that Redis keeps a persisted query after its last use",
        default: 604_800,
        range: 60..=31_536_000,
        code: None,
        why: "a client that comes back later sends its text again",
        place: |limits| &mut limits.persisted_seconds,
    },
    Limit {
        name: "LIMIT_FILES_AT_ONCE",
        what: "files that are sent at once, and as many that are fetched",
        default: 64,
        range: 1..=10_000,
        code: Some(TRANSFERS),
        why: "each takes a file, a connection and some buffers, for as long as its client is slow",
        place: |limits| &mut limits.transfers,
    },
    Limit {
        name: "LIMIT_FILES_AT_ONCE_EACH",
        what: "files that one person sends at once, and as many that they fetch",
        default: 6,
        range: 1..=10_000,
        code: Some(TRANSFERS),
        why: "a browser fetches six at once; nobody takes the places of all others",
        place: |limits| &mut limits.transfers_each,
    },
    Limit {
        name: "LIMIT_FILE_DAY_MB",
        what: "megabytes of files that one person sends in 24 hours",
        default: 1024,
        range: 1..=1_000_000_000,
        code: Some(QUOTA),
        why: "what waits to become evidence takes disk",
        place: |limits| &mut limits.file_day,
    },
    Limit {
        name: "LIMIT_FILE_PROJECT_MB",
        what: "megabytes of files of one project: its evidence, and what waits to become evidence",
        default: 10_240,
        range: 1..=1_000_000_000,
        code: Some(QUOTA),
        why: "one project does not fill the disk of all",
        place: |limits| &mut limits.file_project,
    },
    Limit {
        name: "LIMIT_SIGN_IN_LINKS_EACH",
        what: "links to sign in that an address is sent in an hour at the request of one address or network of IPv6, or of one browser in which its person was signed in",
        default: 5,
        range: 1..=1_000,
        code: None,
        why: "strangers use up what their own network may ask for, and nobody else's",
        place: |limits| &mut limits.sign_in_links_each,
    },
    Limit {
        name: "LIMIT_SIGN_IN_LINKS",
        what: "links to sign in that an address is sent in an hour in all; beyond it only browsers in which its person was signed in get one",
        default: 20,
        range: 1..=10_000,
        code: None,
        why: "strangers with many networks fill no mailbox, and keep nobody from signing in where they did before",
        place: |limits| &mut limits.sign_in_links,
    },
];

impl Default for Limits {
    fn default() -> Self {
        let mut limits = Self {
            body: 0,
            document: 0,
            tokens: 0,
            nesting: 0,
            depth: 0,
            fields: 0,
            root_fields: 0,
            aliases: 0,
            directives: 0,
            variables: 0,
            cost: 0,
            introspection: 0,
            values: 0,
            work: 0,
            answer_bytes: 0,
            long_answers: 0,
            list: 0,
            cached_documents: 0,
            document_cache_bytes: 0,
            rate: 0,
            burst: 0,
            viewer_rate: 0,
            viewer_burst: 0,
            rate_limit_keys: 0,
            persisted_bytes: 0,
            persisted_seconds: 0,
            transfers: 0,
            transfers_each: 0,
            file_day: 0,
            file_project: 0,
            sign_in_links_each: 0,
            sign_in_links: 0,
        };
        for limit in &LIMITS {
            *(limit.place)(&mut limits) = limit.default;
        }
        limits
    }
}

impl Limit {
    /// Sets the limit from the text of a setting.
    ///
    /// # Errors
    /// If the text is not a number, or is out of range.
    pub(crate) fn set(&self, limits: &mut Limits, text: &str) -> Result<(), Wrong> {
        let number = text.trim().parse().ok();
        let Some(number) = number.filter(|number| self.range.contains(number)) else {
            let (least, most) = self.range.clone().into_inner();
            let why = format!("it is no number from {least} to {most}");
            return Err(Wrong::new(self.name, why, self.default));
        };
        *(self.place)(limits) = number;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
