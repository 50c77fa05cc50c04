package dev.cultivar.corpus;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import dev.cultivar.batch.DataException;

/// A pattern for paths, as shells have it: `*` and `?` inside a folder, `**` through folders (`**/` also for none), `[a-z]`, `{a,b}`.
record Glob(String text, Pattern pattern) {

    static Glob of(String text) {
        try {
            return new Glob(text, Pattern.compile(regex(text), Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            throw new DataException("'" + text + "' is no pattern: " + e.getDescription() + ". Put a backslash before a character that"
                    + " stands for itself", e);
        }
    }

    /// Whether a name has a character that stands for others.
    static boolean isPattern(String name) {
        return name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    /// @param path with `/` between folders
    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int depth = 0;
        for (int at = 0; at < glob.length(); at++) {
            char c = glob.charAt(at);
            switch (c) {
                case '*' -> {
                    if (!glob.startsWith("**", at)) {
                        regex.append("[^/]*");
                    } else if (glob.startsWith("**/", at) && (at == 0 || glob.charAt(at - 1) == '/')) {
                        regex.append("(?:.*/)?");
                        at += 2;
                    } else {
                        regex.append(".*");
                        at++;
                    }
                }
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    int end = glob.indexOf(']', at + 1);
                    String inside = end < 0 ? "" : glob.substring(at + 1, end).replace("\\", "\\\\").replace("[", "\\[").replace("&&", "&\\&");
                    regex.append(end < 0 ? "\\[" : "[" + (inside.startsWith("!") ? "^/" + inside.substring(1) : inside) + "]");
                    at = end < 0 ? at : end;
                }
                case '{' -> {
                    depth++;
                    regex.append("(?:");
                }
                case '}' -> {
                    regex.append(depth > 0 ? ")" : "\\}");
                    depth = Math.max(0, depth - 1);
                }
                case ',' -> regex.append(depth > 0 ? "|" : ",");
                case '\\' -> {
                    at = Math.min(at + 1, glob.length() - 1);
                    regex.append(Pattern.quote(glob.substring(at, at + 1)));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
