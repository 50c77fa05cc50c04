package dev.cultivar.report;

import java.util.Locale;

/// Writes HTML and SVG piece by piece, so that text can only ever be text: everything that is not a tag's name goes
/// through [#escape].
final class Markup {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /// Opens an element.
    ///
    /// @param attributes names and values by turns
    Markup open(String name, Object... attributes) {
        start(name, attributes);
        out.append('>');
        return this;
    }

    /// An element without content, as both HTML's void elements and SVG's shapes may be written.
    Markup empty(String name, Object... attributes) {
        start(name, attributes);
        out.append("/>");
        return this;
    }

    Markup close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    /// A whole element that holds text.
    Markup element(String name, String text, Object... attributes) {
        return open(name, attributes).text(text).close(name);
    }

    Markup text(String text) {
        out.append(escape(text));
        return this;
    }

    Markup newline() {
        out.append('\n');
        return this;
    }

    /// A constant of this package that is markup already.
    Markup constant(String markup) {
        out.append(markup);
        return this;
    }

    private void start(String name, Object... attributes) {
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"")
                    .append(attributes[i + 1] instanceof Double number ? number(number) : escape(attributes[i + 1].toString()))
                    .append('"');
        }
    }

    /// Two decimals are a fiftieth of a pixel.
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    /// Text that is safe between tags and between quotes; what no document may hold becomes the replacement character.
    static String escape(String text) {
        var safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\n', '\t' -> safe.append((char) c);
                default -> safe.appendCodePoint(Glyphs.printable(c) ? c : 0xFFFD);
            }
        });
        return safe.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
