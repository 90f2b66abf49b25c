//! How much one request may ask for.

/// The bounds of a request, and of what is kept of requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest document, in bytes.
    pub bytes: usize,
    /// The most tokens of a document: names, values and punctuation.
    pub tokens: usize,
    /// How deep brackets may nest in a document.
    pub nesting: usize,
    /// How many fields a document may select once its fragments are spread out.
    pub fields: u64,
    /// How many accepted documents are kept.
    pub kept_documents: usize,
    /// How much the kept documents may take together, in bytes, about.
    pub kept_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024,
            tokens: 10_000,
            nesting: 48,
            fields: 4_000,
            kept_documents: 1_000,
            kept_bytes: 32 * 1024 * 1024,
        }
    }
}
