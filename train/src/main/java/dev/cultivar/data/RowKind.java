package dev.cultivar.data;

/// What the label of a row is, as far as reading depends on it.
public enum RowKind {
    /// Text, or a number: a class, several, a value.
    LABELS,
    /// A number that says how texts belong together; rows with the same first text go into one part.
    TEXTS,
    /// A tag for each word of the text; both may be lists.
    TAGS,
    /// What of the second text answers the first one, a question; there may be several answers, or none.
    ANSWERS
}
