package dev.cultivar.corpus;

/// A text to learn from, or a part of one that is too long to be held at once.
///
/// @param place     where it is, for messages: `books/a.txt`, `log.txt:17`, `src.zip!java.base/java/util/List.java`
/// @param text      never blank, unless it is a part of a longer document
/// @param continued whether it goes on where the one before it ended
/// @param continues whether the next one goes on where it ends
public record Document(String place, String text, boolean continued, boolean continues) {

    /// A document of which nothing is elsewhere.
    public Document(String place, String text) {
        this(place, text, false, false);
    }

    /// Whether it is all of a document.
    public boolean isWhole() {
        return !continued && !continues;
    }
}
