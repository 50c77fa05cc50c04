package dev.cultivar.recipe;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A value of a YAML document that remembers where it was said; what the reader reads and the writer prints.
sealed interface Yaml {

    Place place();

    /// Nothing was said; the place is that of what should hold it.
    record Absent(Place place) implements Yaml {}

    /// A list.
    record Sequence(List<Yaml> items, Place place) implements Yaml {}

    /// A map, in the order of its keys.
    ///
    /// @param word what was said in its place before an override put a key into it, as `cosine` for a schedule
    record Mapping(Map<String, Yaml> entries, Yaml word, Place place) implements Yaml {
        Mapping(Map<String, Yaml> entries, Place place) {
            this(entries, new Absent(place), place);
        }

        Mapping with(String key, Yaml value) {
            Map<String, Yaml> more = new LinkedHashMap<>(entries);
            more.put(key, value);
            return new Mapping(more, word, place);
        }
    }

    /// A text, number, truth value or nothing: which of them, the one who asks decides, by the core schema of YAML 1.2.
    ///
    /// @param text  what was written, without quotes
    /// @param plain whether it had no quotes, so that it may be other than a text
    record Scalar(String text, boolean plain, Place place) implements Yaml {
        private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
        private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
        private static final Pattern OTHER_RADIX = Pattern.compile("0(o[0-7]+|x[0-9a-fA-F]+)");
        private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
        private static final int LONGEST_NUMBER = 100;

        boolean isNothing() {
            return plain && (text.isEmpty() || text.equals("~") || isAnyCaseOf("null"));
        }

        /// Whether it is this word, which stands for the lack of something: `none`, `never`.
        boolean isWord(String word) {
            return plain && text.equals(word);
        }

        Optional<Boolean> truth() {
            return plain && isAnyCaseOf("true") ? Optional.of(true)
                    : plain && isAnyCaseOf("false") ? Optional.of(false)
                    : Optional.empty();
        }

        /// A finite number, exactly.
        Optional<BigDecimal> number() {
            if (!plain || text.length() > LONGEST_NUMBER) {
                return Optional.empty();
            }
            if (OTHER_RADIX.matcher(text).matches()) {
                return Optional.of(new BigDecimal(new BigInteger(text.substring(2), text.charAt(1) == 'x' ? 16 : 8)));
            }
            try {
                return DECIMAL.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
            } catch (NumberFormatException exponentBeyondInt) {
                return Optional.empty();
            }
        }

        /// Whether it is written without a point and an exponent.
        boolean isWrittenWhole() {
            return plain && (WHOLE.matcher(text).matches() || OTHER_RADIX.matcher(text).matches());
        }

        /// Whether it is an infinity or not a number, or too long or large to be one.
        boolean isNotFinite() {
            return plain && (NOT_FINITE.matcher(text).matches() || DECIMAL.matcher(text).matches() && number().isEmpty());
        }

        private boolean isAnyCaseOf(String word) {
            return text.equals(word)
                    || text.equals(word.toUpperCase(Locale.ROOT))
                    || text.equals(Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
    }

    /// What a message says was found.
    default String described() {
        return switch (this) {
            case Absent _ -> "nothing";
            case Sequence _ -> "a list";
            case Mapping _ -> "a map";
            case Scalar s when s.isNothing() -> "nothing";
            case Scalar s when s.plain() -> shortened(s.text());
            case Scalar s -> '"' + shortened(s.text()) + '"';
        };
    }

    /// A text of a user as a message shows it: one line, and not endless.
    static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        int end = line.offsetByCodePoints(0, Math.min(80, line.codePointCount(0, line.length())));
        return end == line.length() ? line : line.substring(0, end) + "…";
    }
}
