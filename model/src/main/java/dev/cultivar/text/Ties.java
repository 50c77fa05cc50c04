package dev.cultivar.text;

/// Which of two pairs that were seen equally often is merged first; it matters for few pieces, and for being the same as others.
public enum Ties {
    /// The pair whose first piece is the greater one by its bytes, then whose second is: it depends on the text alone.
    TEXT,

    /// The pair whose first piece has the smaller id, then whose second has: what the tokenizers library does.
    IDS
}
