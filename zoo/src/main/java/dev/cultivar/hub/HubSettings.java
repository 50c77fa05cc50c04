package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where the hub is, where its files are kept, and who asks: the environment variables that the Python libraries read too.
///
/// @param endpoint `HF_ENDPOINT`, else the public hub
/// @param cache    `HF_HUB_CACHE`, else `hub` below `HF_HOME`, else below the user's cache folder
/// @param token    `HF_TOKEN`, else what the token file holds
/// @param offline  `HF_HUB_OFFLINE`: nothing is asked over the network
public record HubSettings(URI endpoint, Path cache, Optional<Token> token, boolean offline) {
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    /// A secret that shows itself in no message.
    public record Token(String secret) {
        @Override
        public String toString() {
            return "Token[...]";
        }
    }

    /// @param environment of the process
    /// @param user        the user's folder
    public static HubSettings of(Map<String, String> environment, Path user) {
        Path home = set(environment, "HF_HOME").map(Path::of)
                .orElseGet(() -> set(environment, "XDG_CACHE_HOME").map(Path::of).orElse(user.resolve(".cache")).resolve("huggingface"));
        Path cache = set(environment, "HF_HUB_CACHE").or(() -> set(environment, "HUGGINGFACE_HUB_CACHE")).map(Path::of)
                .orElse(home.resolve("hub"));
        Path tokenFile = set(environment, "HF_TOKEN_PATH").map(Path::of).orElse(home.resolve("token"));
        Optional<Token> token = set(environment, "HF_TOKEN").or(() -> set(environment, "HUGGING_FACE_HUB_TOKEN")).or(() -> stored(tokenFile))
                .map(HubSettings::token);
        boolean offline = set(environment, "HF_HUB_OFFLINE").or(() -> set(environment, "TRANSFORMERS_OFFLINE"))
                .map(said -> YES.contains(said.toLowerCase(Locale.ROOT)))
                .orElse(false);
        return new HubSettings(endpoint(set(environment, "HF_ENDPOINT").orElse("https://huggingface.co")), cache, token, offline);
    }

    private static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Optional<String> stored(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty()) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty(); // public models need none; where one is needed, the hub says so
        }
    }

    /// A token goes into a header, so what would end the header is refused, without being shown.
    private static Token token(String secret) {
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new CheckpointException("the hub's token has a character that no token has; set HF_TOKEN to the token alone");
        }
        return new Token(secret);
    }

    private static URI endpoint(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException noUri) {
            // said below
        }
        throw new CheckpointException("HF_ENDPOINT must be the address of a hub, https://HOST, got " + text);
    }
}
