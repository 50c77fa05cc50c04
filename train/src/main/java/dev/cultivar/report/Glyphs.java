package dev.cultivar.report;

/// How wide text is, on a terminal in columns and, by estimate, in a chart.
public final class Glyphs {

    private Glyphs() {}

    /// Whether a character may be shown: no control, no half of a surrogate pair, and nothing that turns the direction
    /// of the text around it, by which a label could pass for another.
    static boolean printable(int c) {
        boolean turns = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        boolean control = c < 0x20 || c >= 0x7F && c < 0xA0;
        return !turns && !control && (c < 0xD800 || c > 0xDFFF) && (c & 0xFFFE) != 0xFFFE;
    }

    /// One line that moves no cursor: line breaks and tabs become spaces, what is not printable the replacement character.
    public static String oneLine(String text) {
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> line.appendCodePoint(
                c == '\n' || c == '\r' || c == '\t' ? ' ' : printable(c) ? c : 0xFFFD));
        return line.toString();
    }

    /// Columns on a terminal: 2 for East Asian wide characters and emoji, 0 for marks that combine with what precedes them.
    static int columns(String text) {
        return text.codePoints().map(Glyphs::columns).sum();
    }

    private static int columns(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> wide(c) ? 2 : 1;
        };
    }

    /// The wide and fullwidth blocks of Unicode's Standard Annex 11, to the nearest block.
    private static boolean wide(int c) {
        return c >= 0x1100 && c <= 0x115F || c >= 0x2E80 && c <= 0x303E || c >= 0x3041 && c <= 0xA4CF
                || c >= 0xA960 && c <= 0xA97F || c >= 0xAC00 && c <= 0xD7A3 || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE6F || c >= 0xFF01 && c <= 0xFF60 || c >= 0xFFE0 && c <= 0xFFE6
                || c >= 0x1F300 && c <= 0x1F64F || c >= 0x1F680 && c <= 0x1F6FF || c >= 0x1F900 && c <= 0x1FAFF
                || c >= 0x20000 && c <= 0x3FFFD;
    }

    /// About how many pixels a sans-serif text takes; a chart cannot ask the browser.
    static double pixels(String text, double size) {
        double em = text.codePoints().mapToDouble(c -> {
            if (wide(c)) {
                return 1;
            }
            return "iljt.,:;|'![]()fI ".indexOf(c) >= 0 ? 0.33 : "mwMW%@".indexOf(c) >= 0 ? 0.88 : 0.58;
        }).sum();
        return em * size;
    }

    /// Text cut to a number of characters, with an ellipsis.
    public static String shortened(String text, int most) {
        int points = text.codePointCount(0, text.length());
        return points <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }
}
