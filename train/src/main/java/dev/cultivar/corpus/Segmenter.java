package dev.cultivar.corpus;

import dev.cultivar.recipe.CorpusRecipe;

/// Parts a stream of characters into documents, holding never more than the longest part of one.
final class Segmenter {
    private final String name;
    private final CorpusRecipe.Document kind;
    private final Tally tally;
    private final Documents.Sink sink;
    private final StringBuilder held = new StringBuilder();
    private int lineStart; // in what is held
    private long line = 1;
    private long firstLine = 1; // of what is held
    private boolean continued;
    private long given;

    /// @param name of the file, for the places of documents
    Segmenter(String name, CorpusRecipe.Document kind, Tally tally, Documents.Sink sink) {
        this.name = name;
        this.kind = kind;
        this.tally = tally;
        this.sink = sink;
    }

    void accept(char[] characters, int from, int to) {
        if (kind == CorpusRecipe.Document.FILE) {
            held.append(characters, from, to - from);
        } else {
            int start = from;
            for (int at = from; at < to; at++) {
                if (characters[at] == '\n') {
                    held.append(characters, start, at - start);
                    endOfLine();
                    start = at + 1;
                }
            }
            held.append(characters, start, to - start);
        }
        while (held.length() > Cut.DOCUMENT) {
            int at = Cut.before(held, Cut.DOCUMENT);
            String part = held.substring(0, at);
            held.delete(0, at);
            lineStart = Math.max(0, lineStart - at);
            give(part, true);
        }
    }

    private void endOfLine() {
        boolean blank = isBlank(lineStart);
        if (kind == CorpusRecipe.Document.LINE || blank) {
            if (kind == CorpusRecipe.Document.PARAGRAPH) {
                held.setLength(lineStart);
            }
            end();
            line++;
            firstLine = line;
        } else {
            held.append('\n');
            lineStart = held.length();
            line++;
        }
    }

    private boolean isBlank(int from) {
        for (int at = from; at < held.length(); at++) {
            if (!Character.isWhitespace(held.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private void end() {
        if (kind != CorpusRecipe.Document.FILE) {
            int end = held.length();
            while (end > 0 && (held.charAt(end - 1) == '\n' || held.charAt(end - 1) == '\r')) {
                end--;
            }
            held.setLength(end);
        }
        if (continued || !isBlank(0)) {
            give(held.toString(), false);
        }
        held.setLength(0);
        lineStart = 0;
        continued = false;
    }

    private void give(String text, boolean continues) {
        String place = kind == CorpusRecipe.Document.FILE ? name : name + ":" + firstLine;
        if (continues && !continued) {
            tally.cut++;
        }
        given++;
        sink.document(new Document(place, text, continued, continues));
        continued = continues;
    }

    /// Gives what is left.
    void finish() {
        end();
        if (given == 0) {
            tally.empty(name);
        }
    }

    /// A text that is there already, as a document.
    static void whole(String place, String text, Tally tally, Documents.Sink sink) {
        if (text.isBlank()) {
            tally.empty(place);
        } else if (text.length() <= Cut.DOCUMENT) {
            sink.document(new Document(place, text));
        } else {
            Segmenter parts = new Segmenter(place, CorpusRecipe.Document.FILE, tally, sink);
            char[] characters = text.toCharArray();
            parts.accept(characters, 0, characters.length);
            parts.finish();
        }
    }
}
