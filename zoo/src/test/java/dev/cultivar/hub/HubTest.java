package dev.cultivar.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final HubName TINY = HubName.parse("hf:org/tiny");

    @TempDir
    Path cache;

    private final PlayedHub played = new PlayedHub();
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> came = new ArrayList<>();

    @BeforeEach
    void files() {
        played.put("config.json", "{\"model_type\": \"bert\"}");
        played.put("tokenizer.json", "{}");
        played.put("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}");
        played.put("pytorch_model.bin", "a pickle");
        played.put("README.md", "words");
        byte[] weights = new byte[700_001];
        new Random(1).nextBytes(weights);
        played.files.put(WEIGHTS, weights);
    }

    @AfterEach
    void end() {
        played.close();
    }

    private Hub hub(boolean offline) {
        return hub(new HubSettings(played.endpoint(), cache, Optional.of(new HubSettings.Token("hf_secret")), offline), Duration.ofSeconds(30));
    }

    private Hub hub(HubSettings settings, Duration silence) {
        return new Hub(settings, (file, bytes, of) -> came.add(file + " " + bytes + "/" + of), waits::add, silence);
    }

    private Path blobs() {
        return cache.resolve("models--org--tiny").resolve("blobs");
    }

    private String sha256() {
        return PlayedHub.hash("SHA-256", played.files.get(WEIGHTS));
    }

    private long times(String method, String file) {
        return played.asked.stream().filter(asked -> asked.method().equals(method) && asked.path().endsWith(file)).count();
    }

    @Test
    void theCacheIsLaidOutAsThePythonLibrariesDo() throws IOException {
        Path found = hub(false).find(TINY);
        Path model = cache.resolve("models--org--tiny");
        assertThat(found).isEqualTo(model.resolve("snapshots").resolve(PlayedHub.COMMIT));
        assertThat(model.resolve("refs").resolve("main")).hasContent(PlayedHub.COMMIT);
        assertThat(Files.readSymbolicLink(found.resolve(WEIGHTS))).isEqualTo(Path.of("..", "..", "blobs", sha256()));
        String pooling = PlayedHub.gitHash(played.files.get("1_Pooling/config.json"));
        assertThat(Files.readSymbolicLink(found.resolve("1_Pooling/config.json"))).isEqualTo(Path.of("..", "..", "..", "blobs", pooling));
        assertThat(found.resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
        assertThat(cache.resolve(".locks").resolve("models--org--tiny").resolve(sha256() + ".lock")).exists();
        try (var names = Files.list(found)) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .as("no pickle, nothing that is not needed")
                    .containsExactlyInAnyOrder("config.json", "tokenizer.json", WEIGHTS, "1_Pooling");
        }
        try (var names = Files.list(blobs())) {
            assertThat(names).hasSize(4).noneMatch(path -> path.toString().endsWith(".incomplete"));
        }
        assertThat(came).contains(WEIGHTS + " 700001/700001");
        assertThat(new Hub(new HubSettings(played.endpoint(), cache, Optional.empty(), true), Hub.Listener.NONE).kept())
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.repository()).isEqualTo("org/tiny");
                    assertThat(kept.revisions()).containsExactly("main");
                    assertThat(kept.complete()).isTrue();
                    assertThat(kept.bytes()).isGreaterThan(700_000);
                });
    }

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() {
        hub(false).find(TINY);
        assertThat(played.asked).filteredOn(PlayedHub.Asked::storage).isNotEmpty().allMatch(asked -> asked.token().isEmpty());
        assertThat(played.asked).filteredOn(asked -> !asked.storage()).allMatch(asked -> asked.token().equals("Bearer hf_secret"));
        assertThat(new HubSettings(played.endpoint(), cache, Optional.of(new HubSettings.Token("hf_secret")), false).toString())
                .doesNotContain("hf_secret");
    }

    @Test
    void whatIsThereIsUsedWithoutTheNetwork() {
        Path found = hub(false).find(TINY);
        int before = played.asked.size();
        assertThat(hub(false).find(TINY)).isEqualTo(found);
        assertThat(hub(true).find(TINY)).isEqualTo(found);
        assertThat(hub(true).find(HubName.parse("hf:org/tiny@" + PlayedHub.COMMIT))).isEqualTo(found);
        assertThat(played.asked).hasSize(before);
        assertThatThrownBy(() -> hub(true).find(HubName.parse("hf:org/tiny@v2")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("hf:org/tiny@v2: is not in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(played.asked).hasSize(before);
    }

    @Test
    void fetchingAsksForTheNewestAndSharesWhatIsTheSame() throws IOException {
        Path first = hub(false).find(TINY);
        played.commit = PlayedHub.NEXT_COMMIT;
        played.put("config.json", "{\"model_type\": \"bert\", \"more\": 1}");
        assertThat(hub(false).find(TINY)).as("without being asked to look").isEqualTo(first);
        long before = times("GET", WEIGHTS);
        Path second = hub(false).fetch(TINY);
        assertThat(second).hasFileName(PlayedHub.NEXT_COMMIT);
        assertThat(times("GET", WEIGHTS)).isEqualTo(before);
        assertThat(hub(true).find(TINY)).isEqualTo(second);
        assertThat(first.resolve("config.json")).hasContent("{\"model_type\": \"bert\"}");
    }

    @Test
    void aBrokenTransferGoesOnWhereItStopped() {
        played.fault(WEIGHTS, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 300_000);
            exchange.getResponseBody().flush();
            exchange.close(); // in the middle
        });
        Path found = hub(false).find(TINY);
        assertThat(found.resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
        assertThat(waits).containsExactly(Duration.ofSeconds(1));
        assertThat(played.asked).filteredOn(PlayedHub.Asked::storage).last().satisfies(last ->
                assertThat(last.range()).matches("bytes=[1-9]\\d*-"));
    }

    @Test
    void whatAnEarlierProcessLeftIsGoneOnFrom() throws IOException {
        Files.createDirectories(blobs());
        Files.write(blobs().resolve(sha256() + ".incomplete"), Arrays.copyOf(played.files.get(WEIGHTS), 500_000));
        assertThat(hub(false).find(TINY).resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
        assertThat(played.asked).filteredOn(PlayedHub.Asked::storage).extracting(PlayedHub.Asked::range).containsExactly("bytes=500000-");
    }

    @Test
    void aWrongBeginningIsThrownAway() throws IOException {
        Files.createDirectories(blobs());
        Files.write(blobs().resolve(sha256() + ".incomplete"), new byte[500_000]);
        assertThat(hub(false).find(TINY).resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
        assertThat(played.asked).filteredOn(PlayedHub.Asked::storage).extracting(PlayedHub.Asked::range).containsExactly("bytes=500000-", "");
    }

    @Test
    void aServerThatKnowsNoRangesSendsAllAgain() throws IOException {
        Files.createDirectories(blobs());
        Files.write(blobs().resolve(sha256() + ".incomplete"), new byte[500_000]);
        played.fault(WEIGHTS, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });
        assertThat(hub(false).find(TINY).resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
        assertThat(waits).isEmpty();
    }

    @Test
    void anUnsatisfiableRangeBeginsAnew() throws IOException {
        Files.createDirectories(blobs());
        Files.write(blobs().resolve(sha256() + ".incomplete"), Arrays.copyOf(played.files.get(WEIGHTS), 500_000));
        played.fault(WEIGHTS, PlayedHub.status(416));
        assertThat(hub(false).find(TINY).resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
        assertThat(played.asked).filteredOn(PlayedHub.Asked::storage).extracting(PlayedHub.Asked::range).containsExactly("bytes=500000-", "");
    }

    @Test
    void anotherContentIsRefusedAndNothingOfItStays() throws IOException {
        PlayedHub.Fault wrong = (exchange, content) -> PlayedHub.whole(exchange, new byte[content.length]);
        played.fault(WEIGHTS, wrong);
        assertThatThrownBy(() -> hub(false).find(TINY))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("another content")
                .hasMessageContaining(sha256());
        try (var names = Files.list(blobs())) {
            assertThat(names).noneMatch(path -> path.getFileName().toString().startsWith(sha256()));
        }
        played.fault("config.json", (exchange, content) -> PlayedHub.whole(exchange, "{\"model_type\": \"gpt2\"}".getBytes()));
        played.files.put("config.json", "{\"model_type\": \"BERT\"}".getBytes());
        assertThatThrownBy(() -> hub(false).find(TINY)).hasMessageContaining("config.json").hasMessageContaining("another content");
        assertThat(hub(false).find(TINY)).exists();
    }

    @Test
    void busyAndBrokenServersAreAskedAgainAsTheySay() {
        played.fault("api", PlayedHub.status(429, "Retry-After", "7"));
        played.fault("HEAD config.json", PlayedHub.status(503));
        played.fault("config.json", PlayedHub.status(500));
        played.fault("config.json", PlayedHub.status(502));
        assertThat(hub(false).find(TINY)).exists();
        assertThat(waits).extracting(Duration::toSeconds).containsExactly(7L, 1L, 1L, 2L);
    }

    @Test
    void askingEnds() {
        for (int i = 0; i < 10; i++) {
            played.fault("api", PlayedHub.status(503));
        }
        assertThatThrownBy(() -> hub(false).find(TINY))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("failed 4 times")
                .hasMessageContaining("the hub answered 503");
        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L);
        var nowhere = new HubSettings(URI.create("http://localhost:1"), cache, Optional.empty(), false);
        assertThatThrownBy(() -> hub(nowhere, Duration.ofSeconds(30)).find(TINY))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void aTransferThatDiedIsNotWaitedForForEver() {
        played.fault(WEIGHTS, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 200_000);
            exchange.getResponseBody().flush();
            try {
                played.ends.await(); // says nothing more, and does not hang up
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        var settings = new HubSettings(played.endpoint(), cache, Optional.empty(), false);
        assertThat(hub(settings, Duration.ofMillis(300)).find(TINY).resolve(WEIGHTS)).hasBinaryContent(played.files.get(WEIGHTS));
    }

    @Test
    void refusalsSayWhatToDo() {
        refused(401, "RepoNotFound", "no such repository, or it is private");
        refused(403, "GatedRepo", "is gated", "agree", "token is of the account");
        refused(404, "RevisionNotFound", "no revision main");
        refused(404, "RepoNotFound", "no such repository");
        refused(400, "", "answered 400");
        assertThat(waits).isEmpty();
    }

    private void refused(int status, String code, String... words) {
        played.fault("api", PlayedHub.status(status, "X-Error-Code", code));
        assertThatThrownBy(() -> hub(false).find(TINY))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("hf:org/tiny: ")
                .hasMessageContainingAll(words)
                .message()
                .doesNotContain("hf_secret");
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        played.fault("HEAD tokenizer.json", PlayedHub.status(404, "X-Error-Code", "EntryNotFound"));
        assertThatThrownBy(() -> hub(false).find(TINY)).hasMessageContaining("has no tokenizer.json");
    }

    @Test
    void theHubMayNotSendUsToALessSafeOrEndlessPlace() {
        played.fault("redirect " + WEIGHTS, PlayedHub.status(302, "Location", "ftp://localhost/x"));
        assertThatThrownBy(() -> hub(false).find(TINY)).isInstanceOf(CheckpointException.class).hasMessageContaining("less safe");
        for (int i = 0; i < 40; i++) {
            played.fault("redirect " + WEIGHTS, PlayedHub.status(302, "Location", "/org/tiny/resolve/" + PlayedHub.COMMIT + "/" + WEIGHTS));
        }
        assertThatThrownBy(() -> hub(false).find(TINY)).isInstanceOf(CheckpointException.class).hasMessageContaining("more than 6 times");
    }

    @Test
    void onlyAPickleIsRefused() {
        played.files.remove(WEIGHTS);
        assertThatThrownBy(() -> hub(false).find(TINY))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'pytorch_model.bin'")
                .hasMessageContaining("pickle can run any code")
                .hasMessageContaining("save_pretrained");
        assertThat(times("GET", "pytorch_model.bin")).isZero();
        played.files.remove("config.json");
        assertThatThrownBy(() -> hub(false).find(TINY)).hasMessageContaining("has no config.json");
    }

    @Test
    void shardsThatTheIndexNamesAreFetched() {
        byte[] weights = played.files.remove(WEIGHTS);
        played.files.put("model-00001-of-00002.safetensors", Arrays.copyOf(weights, 1000));
        played.files.put("model-00002-of-00002.safetensors", Arrays.copyOf(weights, 2000));
        played.put("model.safetensors.index.json", """
                {"metadata": {}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}""");
        Path found = hub(false).find(TINY);
        assertThat(found.resolve("model-00002-of-00002.safetensors")).hasSize(2000);
        assertThat(hub(true).find(TINY)).isEqualTo(found);
    }

    @Test
    void anIndexLeadsNowhereElse() {
        played.files.remove(WEIGHTS);
        played.put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../../../../x.safetensors\"}}");
        assertThatThrownBy(() -> hub(false).find(TINY)).isInstanceOf(CheckpointException.class).hasMessageContaining("beside the index");
    }

    @Test
    void namesAreChecked() {
        assertThat(HubName.parse("hf:org/name@refs/pr/1")).isEqualTo(new HubName("org/name", "refs/pr/1"));
        assertThat(HubName.parse("hf:gpt2")).isEqualTo(new HubName("gpt2", "main"));
        for (String wrong : List.of("hf:", "hf:a/b/c", "hf:a/../b", "hf:../b", "hf:a/b@", "hf:a/b@../c", "hf:a--b/c", "hf:a b/c", "hf:/a", "hf:a/b@c?d")) {
            assertThatThrownBy(() -> HubName.parse(wrong)).as(wrong).isInstanceOf(CheckpointException.class).hasMessageContaining("hf:org/name");
        }
    }

    @Test
    void settingsAreThoseOfThePythonLibraries() throws IOException {
        Path user = cache.resolve("user");
        Path home = Files.createDirectories(cache.resolve("home"));
        assertThat(HubSettings.of(Map.of(), user).cache()).isEqualTo(user.resolve(".cache/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "x"), user).cache()).isEqualTo(Path.of("x/huggingface/hub"));
        var settings = HubSettings.of(Map.of("HF_HOME", home.toString(), "HF_HUB_OFFLINE", "True", "HF_ENDPOINT", "https://mirror/"), user);
        assertThat(settings).isEqualTo(new HubSettings(URI.create("https://mirror"), home.resolve("hub"), Optional.empty(), true));
        Files.writeString(home.resolve("token"), "hf_stored\n");
        assertThat(HubSettings.of(Map.of("HF_HOME", home.toString()), user).token()).contains(new HubSettings.Token("hf_stored"));
        assertThat(HubSettings.of(Map.of("HF_HOME", home.toString(), "HF_TOKEN", "hf_set", "HF_HUB_CACHE", "c"), user))
                .isEqualTo(new HubSettings(URI.create("https://huggingface.co"), Path.of("c"), Optional.of(new HubSettings.Token("hf_set")), false));
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN", "two words"), user)).hasMessageNotContaining("two words");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "nowhere"), user)).hasMessageContaining("HF_ENDPOINT");
    }
}
