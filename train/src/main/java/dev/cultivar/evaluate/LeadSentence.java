package dev.cultivar.evaluate;

import java.text.BreakIterator;
import java.util.Locale;

/// The first sentence of a text, which is what a summary must beat: of news and abstracts alike it says a good deal of what follows
/// (Nenkova, 2005, "Automatic text summarization of newswire: lessons learned from the Document Understanding Conference").
///
/// Where it ends is said by Java's rules for sentences of any language, and by the stops of Arabic script, which those do not know.
final class LeadSentence {
    private LeadSentence() {}

    /// Without space around it; empty where the text is.
    static String of(String text) {
        String whole = text.strip();
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(whole.replace('\u061F', '?').replace('\u06D4', '?')); // Arabic's question mark, Urdu's full stop
        int end = sentences.next();
        return end == BreakIterator.DONE ? whole : whole.substring(0, end).strip();
    }
}
