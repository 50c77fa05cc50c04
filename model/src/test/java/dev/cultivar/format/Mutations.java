package dev.cultivar.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;

/// Changes files as damage and faulty programs do, the same ones for the same seed.
public final class Mutations {
    private static final String[] VALUES = {
        "-1", "0", "1", "3", "2147483647", "4294967296", "9223372036854775807", "1e3", "0.5", "1e400", "null", "true", "\"\"", "\"x\"", "[]", "{}",
        "[[1]]", "\"\\ud800\"", "9".repeat(300)
    };
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(e-?\\d+)?");
    private static final Pattern TEXT = Pattern.compile("(?<=: ?)\"[^\"]*\"");
    private static final Pattern ENTRY = Pattern.compile("\"[^\"]*\" ?: ?[^,{}\\[\\]]+,");

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /// One to three changes of a JSON document.
    public String json(String text) {
        String changed = text;
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            changed = edited(changed);
        }
        return changed;
    }

    private String edited(String text) {
        int at = random.nextInt(text.length() + 1);
        String left = text.substring(0, at);
        String right = text.substring(at);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> left + NUMBER.matcher(right).replaceFirst(value());
            case 3, 4 -> left + TEXT.matcher(right).replaceFirst(value());
            case 5 -> left + ENTRY.matcher(right).replaceFirst("");
            case 6 -> left + ENTRY.matcher(right).replaceFirst("$0 $0");
            case 7 -> left;
            default -> left + right.substring(Math.min(right.length(), random.nextInt(8)));
        };
    }

    private String value() {
        return VALUES[random.nextInt(VALUES.length)].replace("\\", "\\\\");
    }

    /// One to three changes of any file's bytes.
    public byte[] bytes(byte[] whole) {
        byte[] changed = whole.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0 && changed.length > 0; edits--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(6)) {
                case 0 -> changed = Arrays.copyOf(changed, at);
                case 1 -> changed = Arrays.copyOf(changed, changed.length + 1 + random.nextInt(20));
                case 2 -> changed[at] = (byte) random.nextInt(256);
                case 3 -> changed[at] = (byte) 0xFF;
                default -> changed[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return changed;
    }

    /// The bytes of a text; half a surrogate pair becomes a question mark.
    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
