package dev.cultivar.data;

/// One row as it was read: text, not yet tokens.
///
/// @param row      where it stands in its source, from 1: the line of a text, the record of a table (the header is not counted)
/// @param text     the text, or the first of two
/// @param pair     the second text, empty where there is none
/// @param negative a text that does not belong to the first, empty where there is none
/// @param label    the label, empty where there is none
/// @param document which document of the source it is of, empty where the source does not say
public record Example(long row, String text, String pair, String negative, String label, String document) {

    /// A row of a source without documents, and without a negative.
    public Example(long row, String text, String pair, String label) {
        this(row, text, pair, "", label, "");
    }
}
