package dev.cultivar.corpus;

import dev.cultivar.recipe.CorpusRecipe.Step;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/// Tells text that people wrote from lists, tables and rubbish, by the rules of Gopher's corpus (Rae et al., 2021, "Scaling
/// Language Models: Methods, Analysis & Insights from Training Gopher", appendix A.1.1).
///
/// Words are what stands between white space. The rule on stop words is left out, since it knows one language only.
record QualityFilter(Step.Quality rules) implements Filter {

    @Override
    public boolean isStateless() {
        return true;
    }

    @Override
    public Supplier<String> look(Document document) {
        String text = document.text();
        Words words = Words.of(text);
        Lines lines = Lines.of(text);
        double mean = words.count == 0 ? 0 : (double) words.characters / words.count;
        String reason = words.withLetter < rules.letters() * words.count ? "few words with letters"
                : mean < rules.minWordLength() ? "short words"
                : mean > rules.maxWordLength() ? "long words"
                : symbols(text) > rules.symbols() * words.count ? "many symbols"
                : lines.bullets > rules.bullets() * lines.count ? "many bullets"
                : lines.ellipses > rules.ellipses() * lines.count ? "many ellipses"
                : lines.repeated > rules.repeatedLines() * lines.count ? "repeated lines"
                : lines.repeatedCharacters > rules.repeatedShare() * lines.characters ? "repeated characters"
                : "";
        return () -> reason;
    }

    static int words(String text) {
        return Words.of(text).count;
    }

    private static long symbols(String text) {
        long symbols = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '#' || c == '…') {
                symbols++;
            } else if (c == '.' && text.startsWith("...", at)) {
                symbols++;
                at += 2;
            }
        }
        return symbols;
    }

    private record Words(int count, int withLetter, long characters) {
        static Words of(String text) {
            int count = 0;
            int withLetter = 0;
            long characters = 0;
            boolean inWord = false;
            boolean letter = false;
            for (int at = 0; at <= text.length(); at++) {
                boolean space = at == text.length() || Character.isWhitespace(text.charAt(at));
                if (!space) {
                    characters++;
                    inWord = true;
                    letter = letter || Character.isLetter(text.charAt(at)) || Character.isSurrogate(text.charAt(at));
                } else if (inWord) {
                    count++;
                    withLetter += letter ? 1 : 0;
                    inWord = false;
                    letter = false;
                }
            }
            return new Words(count, withLetter, characters);
        }
    }

    private record Lines(int count, int bullets, int ellipses, int repeated, long characters, long repeatedCharacters) {
        static Lines of(String text) {
            int count = 0;
            int bullets = 0;
            int ellipses = 0;
            int repeated = 0;
            long characters = 0;
            long repeatedCharacters = 0;
            Set<Long> seen = new HashSet<>();
            for (int from = 0; from < text.length(); ) {
                int newline = text.indexOf('\n', from);
                int end = newline < 0 ? text.length() : newline;
                String line = text.substring(from, end).strip();
                from = end + 1;
                if (line.isEmpty()) {
                    continue;
                }
                count++;
                characters += line.length();
                bullets += "•-*‣◦".indexOf(line.charAt(0)) >= 0 ? 1 : 0;
                ellipses += line.endsWith("...") || line.endsWith("…") ? 1 : 0;
                if (!seen.add(WordHashes.ofText(line))) {
                    repeated++;
                    repeatedCharacters += line.length();
                }
            }
            return new Lines(count, bullets, ellipses, repeated, characters, repeatedCharacters);
        }
    }
}
