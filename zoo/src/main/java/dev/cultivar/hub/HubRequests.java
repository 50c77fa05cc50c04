package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asks the hub over HTTPS, and turns its refusals into sentences that say what to do.
///
/// Redirects are followed by hand: the token goes to the hub's own address and to no other, also where the hub sends us on to
/// the storage that holds large files, and no address of a storage (they hold signatures) is ever in a message.
final class HubRequests implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final int MOST_HOPS = 6;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> LATER = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final HubSettings settings;
    private final Duration silence;
    private final HttpClient client;

    /// @param silence after which a transfer counts as broken
    HubRequests(HubSettings settings, Duration silence) {
        this.settings = settings;
        this.silence = silence;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(15))
                .build();
    }

    /// An answer whose body is being read.
    record Answer(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /// The address of something of the hub's.
    ///
    /// @param path from the endpoint, encoded
    URI address(String path) {
        return URI.create(settings.endpoint() + "/" + path);
    }

    /// Asks for what a file is, not for the file: stops where the hub points to a storage.
    Answer head(HubName name, String what, URI address) throws IOException, InterruptedException {
        Answer answer = send("HEAD", name, address, Map.of());
        return REDIRECTS.contains(answer.status()) ? answer : accepted(name, what, answer);
    }

    /// @param from the first byte wanted; the answer may be 206 and have the rest, 200 and have all, or 416
    Answer get(HubName name, String what, URI address, long from) throws IOException, InterruptedException {
        Answer answer = send("GET", name, address, from > 0 ? Map.of("Range", "bytes=" + from + "-") : Map.of());
        return answer.status() == 416 && from > 0 ? answer : accepted(name, what, answer);
    }

    private Answer send(String method, HubName name, URI first, Map<String, String> headers) throws IOException, InterruptedException {
        URI address = first;
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            var request = HttpRequest.newBuilder(address).timeout(ANSWER_WITHIN).method(method, BodyPublishers.noBody());
            request.header("User-Agent", "cultivar").header("Accept-Encoding", "identity");
            headers.forEach(request::header);
            if (settings.token().isPresent() && sameOrigin(address, settings.endpoint())) {
                request.header("Authorization", "Bearer " + settings.token().get().secret());
            }
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            var answer = new Answer(response.statusCode(), response.headers(), new Silence(response.body(), silence));
            Optional<URI> next = redirect(name, address, answer);
            if (next.isEmpty() || method.equals("HEAD") && !sameOrigin(next.get(), address)) {
                return answer;
            }
            answer.close();
            address = next.get();
        }
        throw new IOException("the hub sent us on more than " + MOST_HOPS + " times");
    }

    private static Optional<URI> redirect(HubName name, URI address, Answer answer) throws IOException {
        if (!REDIRECTS.contains(answer.status())) {
            return Optional.empty();
        }
        try {
            URI next = address.resolve(answer.header("Location").orElseThrow(() -> new IllegalArgumentException("no Location")));
            if (next.getHost() != null && (next.getScheme().equals("https") || next.getScheme().equals(address.getScheme()))) {
                return Optional.of(next);
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        answer.close();
        throw new CheckpointException(name + ": the hub sent us on to an address that is none, or is less safe than its own; check HF_ENDPOINT");
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme()) && a.getHost().equalsIgnoreCase(b.getHost()) && port(a) == port(b);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    /// The answer, if it is one; a [Retries.BusyException] where trying again may help, else a [CheckpointException].
    private Answer accepted(HubName name, String what, Answer answer) throws IOException {
        if (answer.status() / 100 == 2) {
            return answer;
        }
        answer.close();
        if (LATER.contains(answer.status())) {
            throw new Retries.BusyException("the hub answered " + answer.status(), answer.header("Retry-After").flatMap(HubRequests::seconds));
        }
        throw new CheckpointException(name + ": " + refusal(name, what, answer));
    }

    private static Optional<Duration> seconds(String text) {
        return text.matches("\\d{1,6}") ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
    }

    private String refusal(HubName name, String what, Answer answer) {
        String code = answer.header("X-Error-Code").orElse("");
        String page = settings.endpoint() + "/" + name.repository();
        boolean asked = settings.token().isPresent();
        if (code.equals("GatedRepo")) {
            return "is gated: its owner lets in who has agreed to its terms. Open " + page + ", agree, and "
                    + (asked ? "see that the token is of the account that did" : "set HF_TOKEN to a token of that account");
        }
        if (code.equals("RevisionNotFound")) {
            return "the repository has no revision " + name.revision() + "; " + page + "/tree/main lists its branches and tags";
        }
        if (code.equals("EntryNotFound")) {
            return "the repository has no " + what + " at " + name.revision();
        }
        return switch (answer.status()) {
            case 401, 403 -> "the hub lets us not in (" + answer.status() + "): there is no such repository, or it is private. Check the name; for a"
                    + " private one, " + (asked ? "check that the token may read it" : "set HF_TOKEN to a token that may read it");
            case 404 -> "there is no such repository, or no " + what + " in it; check the name at " + page;
            default -> "the hub answered " + answer.status() + " when asked for " + what + "; check HF_ENDPOINT (" + settings.endpoint() + ")";
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
