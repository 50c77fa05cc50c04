package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import java.util.Optional;

/// The documents of a source that stay and lie in one part of it.
///
/// @param survey   of the source
/// @param span     that the part takes
/// @param progress is told how far a pass has come
record PartDocuments(Survey survey, Span span, Progress progress) implements Documents {

    @Override
    public String name() {
        return survey.documents().name();
    }

    @Override
    public void each(Sink sink) {
        numbered((number, document) -> sink.document(document));
    }

    /// Takes documents with their number in the order of reading, of those that do not stay too.
    interface Numbered {
        void document(long number, Document document);
    }

    void numbered(Numbered sink) {
        Reading reading = new Reading(sink);
        SourceDocuments documents = survey.documents();
        documents.each(new Tally(progress, "reading " + documents.name(), documents.sizeBytes()), reading);
        if (reading.number != survey.verdicts().documents() || !reading.digest.hex().equals(survey.digest())) {
            survey.forget().run();
            throw new DataException(documents.name() + " changed since it was read first; let whatever writes to it finish, or copy it, and start again");
        }
    }

    /// SHA-256 of what the part depends on: the texts of the source, and which of them stay.
    @Override
    public String fingerprint() {
        TextDigest digest = new TextDigest().add(survey.digest()).add(span.document()).add(span.character()).add(span.toDocument()).add(span.toCharacter());
        for (long document = span.document(); document < Math.min(span.toDocument() + 1, survey.verdicts().documents()); document++) {
            digest.add(survey.verdicts().isKept(document) ? 1 : 0);
        }
        return digest.hex();
    }

    @Override
    public Optional<String> stamp() {
        return Optional.of(fingerprint()); // all of it is known already
    }

    /// One pass over the source.
    private final class Reading implements Sink {
        private final Numbered sink;
        private final TextDigest digest = new TextDigest();
        private long number;
        private boolean open; // what was given last may go on

        Reading(Numbered sink) {
            this.sink = sink;
        }

        @Override
        public void document(Document document) {
            digest.add(document);
            long at = number++;
            boolean in = at >= span.document() && (at < span.toDocument() || at == span.toDocument() && span.toCharacter() > 0);
            if (!in || at >= survey.verdicts().documents() || !survey.verdicts().isKept(at)) {
                open = false;
                return;
            }
            String text = document.text();
            int from = at == span.document() ? whole(text, span.character()) : 0;
            int to = at == span.toDocument() ? whole(text, span.toCharacter()) : text.length();
            boolean continued = open && document.continued();
            boolean continues = document.continues() && to == text.length();
            open = continues;
            if (to > from) {
                sink.document(at, new Document(document.place(), text.substring(from, to), continued, continues));
            }
        }

        /// Not inside a character.
        private static int whole(String text, int at) {
            return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) && Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : Math.min(at, text.length());
        }
    }
}
