package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import java.util.regex.Pattern;

/// A model of a hub as a user writes it: `hf:org/name`, or `hf:org/name@revision` for a branch, a tag or a commit.
///
/// @param repository `org/name`; the oldest models have no `org`
/// @param revision   `main` where none was given
public record HubName(String repository, String revision) {
    /// What every such name begins with.
    public static final String SCHEME = "hf:";

    private static final Pattern PART = Pattern.compile("(?!.*(--|\\.\\.))[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
    private static final Pattern REVISION = Pattern.compile("(?!.*(\\.\\.|//))[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// Reads a name, or says what is wrong with it.
    public static HubName parse(String text) {
        String name = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        int at = name.indexOf('@');
        String repository = at < 0 ? name : name.substring(0, at);
        String revision = at < 0 ? "main" : name.substring(at + 1);
        String[] parts = repository.split("/", -1);
        boolean plain = parts.length <= 2 && REVISION.matcher(revision).matches();
        for (String part : parts) {
            plain &= PART.matcher(part).matches();
        }
        if (!plain) {
            throw new CheckpointException(text + ": is no name of a hub's model; expected hf:org/name or hf:org/name@revision,"
                    + " as in hf:sentence-transformers/all-MiniLM-L6-v2@main");
        }
        return new HubName(repository, revision);
    }

    /// Whether the revision is a commit, which never changes.
    public boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /// Its folder in the cache.
    String folder() {
        return "models--" + repository.replace("/", "--");
    }

    @Override
    public String toString() {
        return SCHEME + repository + (revision.equals("main") ? "" : "@" + revision);
    }
}
