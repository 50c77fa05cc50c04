package dev.cultivar.corpus;

/// A stretch of a source's documents that stay: from a character of one to before a character of another.
///
/// @param document number in the order of reading, of those that do not stay too
/// @param toDocument of the end; the source's number of documents for all
record Span(long document, int character, long toDocument, int toCharacter) {

    /// Parts a source into what is learned from, chosen by and reported on, the latter two at its end.
    ///
    /// The cut is where the share is, at the nearest end of a document if that moves it by less than a tenth of what is held out,
    /// else inside the document.
    static Span[] split(Verdicts verdicts, long characters, double validation, double test) {
        long[] first = cut(verdicts, (long) Math.floor(characters * (1 - validation - test) + 1e-6), characters * validation);
        long[] second = cut(verdicts, (long) Math.floor(characters * (1 - test) + 1e-6), characters * test);
        long end = verdicts.documents();
        if (validation == 0) {
            first = second;
        }
        return new Span[] {
            new Span(0, 0, first[0], (int) first[1]),
            new Span(first[0], (int) first[1], second[0], (int) second[1]),
            new Span(second[0], (int) second[1], end, 0)
        };
    }

    /// {document, character} of the place that is `at` characters from the start.
    private static long[] cut(Verdicts verdicts, long at, double held) {
        if (held == 0) {
            return new long[] {verdicts.documents(), 0};
        }
        double slack = held / 10;
        long before = 0;
        long start = 0; // of the document that holds the place
        long startCharacters = 0;
        for (long document = 0; document < verdicts.documents(); document++) {
            int length = verdicts.characters(document);
            if (length > 0 && !verdicts.isContinued(document)) {
                start = document;
                startCharacters = before;
            }
            if (before + length > at) {
                long end = document + 1;
                long endCharacters = before + length;
                while (end < verdicts.documents() && (!verdicts.isKept(end) || verdicts.isContinued(end))) {
                    endCharacters += verdicts.characters(end++);
                }
                boolean atEnd = endCharacters - at < at - startCharacters;
                if ((atEnd ? endCharacters - at : at - startCharacters) < slack) {
                    return atEnd ? new long[] {end, 0} : new long[] {start, 0};
                }
                return new long[] {document, at - before};
            }
            before += length;
        }
        return new long[] {verdicts.documents(), 0};
    }

    boolean isEmpty() {
        return document == toDocument && character == toCharacter;
    }
}
