package dev.cultivar.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A hub with one model, `org/tiny`, on this machine: small files are its own, safetensors lie in a storage of another address.
///
/// Faults are queued by the name of a file and happen once each, in their order.
final class PlayedHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String NEXT_COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

    /// Answers a request in another way than a hub in health.
    interface Fault {
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    /// @param token that came with it, empty where none did
    record Asked(String method, String path, String range, String token, boolean storage) {}

    final Map<String, byte[]> files = new LinkedHashMap<>();
    final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch ends = new CountDownLatch(1);
    volatile String commit = COMMIT;
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final HttpServer hub = server(false);
    private final HttpServer storage = server(true);

    private HttpServer server(boolean isStorage) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    answer(exchange, isStorage);
                }
            });
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    URI endpoint() {
        return address(hub);
    }

    private static URI address(HttpServer server) {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /// What happens the next time that a file (or `api`) is asked for.
    void fault(String file, Fault fault) {
        faults.computeIfAbsent(file, name -> new ConcurrentLinkedDeque<>()).add(fault);
    }

    static Fault status(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private void answer(HttpExchange exchange, boolean isStorage) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(new Asked(exchange.getRequestMethod(), path, said(exchange, "Range"), said(exchange, "Authorization"), isStorage));
        if (path.startsWith("/api/models/org/tiny/revision/")) {
            if (!faulty("api", exchange, new byte[0])) {
                api(exchange);
            }
            return;
        }
        String prefix = isStorage ? "/stored/" : "/org/tiny/resolve/" + commit + "/";
        byte[] content = path.startsWith(prefix) ? files.get(path.substring(prefix.length())) : null;
        if (content == null) {
            status(404, "X-Error-Code", "EntryNotFound").answer(exchange, new byte[0]);
            return;
        }
        String name = path.substring(prefix.length());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (faulty(head ? "HEAD " + name : name.endsWith(".safetensors") && !isStorage ? "redirect " + name : name, exchange, content)) {
            return;
        }
        if (name.endsWith(".safetensors") && !isStorage) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + hash("SHA-256", content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
            exchange.getResponseHeaders().set("Location", address(storage) + "/stored/" + name + "?signature=secret");
            exchange.sendResponseHeaders(302, -1);
        } else if (head) {
            exchange.getResponseHeaders().set("ETag", "W/\"" + gitHash(content) + "\"");
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            whole(exchange, content);
        }
    }

    private boolean faulty(String file, HttpExchange exchange, byte[] content) throws IOException {
        Fault fault = faults.getOrDefault(file, new ArrayDeque<>()).poll();
        if (fault != null) {
            fault.answer(exchange, content);
        }
        return fault != null;
    }

    private void api(HttpExchange exchange) throws IOException {
        String siblings = files.keySet().stream().map(name -> "{\"rfilename\": \"" + name + "\"}").collect(Collectors.joining(", "));
        byte[] body = ("{\"id\": \"org/tiny\", \"sha\": \"" + commit + "\", \"siblings\": [" + siblings + "]}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    /// The file, or the rest of it.
    static void whole(HttpExchange exchange, byte[] content) throws IOException {
        String range = said(exchange, "Range");
        int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from > 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length == from ? -1 : content.length - from);
        exchange.getResponseBody().write(content, from, content.length - from);
    }

    private static String said(HttpExchange exchange, String header) {
        String value = exchange.getRequestHeaders().getFirst(header);
        return value == null ? "" : value;
    }

    static String gitHash(byte[] content) {
        byte[] before = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[before.length + content.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(content, 0, all, before.length, content.length);
        return hash("SHA-1", all);
    }

    static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public void close() {
        ends.countDown();
        hub.stop(0);
        storage.stop(0);
    }
}
