package dev.cultivar.text;

import java.util.List;
import java.util.Random;

/// Seeded texts of everything that Unicode has: accents that combine, emoji of several parts, writing from right to left, control
/// characters, NUL, halves of surrogate pairs, characters that are not assigned, and very long runs.
final class RandomTexts {
    private static final List<String> SCRIPTS = List.of(
            "The quick brown fox isn't 12 years, I'll say; they've 3.5% 'tis", "naïve Äpfel e\u0301 a\u0308\u0323 Å ﬁ ß", "нещо на Български",
            "กำลังเรียน", "日本語 テスト 한국어", "שלום עולם \u200Fمرحبا ١٢٣", "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🦙 \uD83E\uDEE8", "  \t\n\r\n\u000B\f\u0085\u00A0\u2003\u2028\u3000 ",
            "\u0000\u0001\u001B\u007F\u0080\uFEFF\uFFFD\uFFFE\uFFFF", "½ ² Ⅷ ٣ ௧ 𝟜 𐒠", "don't DON'T 's 'S ''s ' s re' 've 'll'd'm", "𐀀 𝒜 \uDBFF\uDFFF",
            "<|endoftext|> <|endoftext <|end|>", "if (x <= 0) {\n    return -x;\n}\n");

    private final Random random;

    RandomTexts(long seed) {
        random = new Random(seed);
    }

    String next() {
        var text = new StringBuilder();
        for (int parts = random.nextInt(8); parts >= 0; parts--) {
            switch (random.nextInt(8)) {
                case 0 -> text.appendCodePoint(random.nextInt(0x110000));
                case 1 -> text.append((char) (0xD800 + random.nextInt(0x800)));
                case 2 -> text.appendCodePoint(random.nextInt(0x3000));
                case 3 -> text.append(part().repeat(1 + random.nextInt(40)));
                case 4 -> text.append(" ".repeat(random.nextInt(4)));
                default -> text.append(part());
            }
        }
        return text.toString();
    }

    /// Cut anywhere, inside a surrogate pair too.
    private String part() {
        var script = SCRIPTS.get(random.nextInt(SCRIPTS.size()));
        int from = random.nextInt(script.length());
        return script.substring(from, from + 1 + random.nextInt(script.length() - from));
    }

    /// What a text is once halves of surrogate pairs are taken for U+FFFD.
    static String sound(String text) {
        var sound = new StringBuilder();
        text.codePoints().forEach(c -> sound.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return sound.toString();
    }
}
