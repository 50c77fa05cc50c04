package dev.cultivar.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.nn.Bert;
import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
    private static final int WORDS = 60;
    private static final int POSITIONS = 60; // no multiple of what kernels like
    private static final List<String> LABELS = List.of("billing", "delivery", "other");
    private static final Map<String, Object> MEAN = Map.of("pooling", "mean", "max_length", 48L);

    @TempDir
    Path folder;

    @Test
    void oneAtATimeIsAllAtOnceToTheBit() {
        for (Map<String, Object> extra : List.of(Map.<String, Object>of(), MEAN)) {
            Path place = write(extra, LABELS, WORDS);
            try (var classifier = Classifier.open(place)) {
                List<TextPair> texts = texts(150);
                List<Prediction> all = classifier.predictPairs(texts);
                assertThat(texts.stream().map(text -> classifier.predict(text.text(), text.pair())).toList()).isEqualTo(all);
                assertThat(classifier.predictPairs(texts.reversed()).reversed()).isEqualTo(all);
                assertThat(all.stream().map(Prediction::score).distinct().count()).isGreaterThan(100);
            }
        }
    }

    @Test
    void eightThreadsGiveWhatOneGives() throws Exception {
        try (var classifier = Classifier.open(write(MEAN, LABELS, WORDS)); var threads = Executors.newFixedThreadPool(8)) {
            List<TextPair> texts = texts(60);
            List<Prediction> one = classifier.predictPairs(texts);
            List<Callable<List<Prediction>>> work = IntStream.range(0, 8)
                    .<Callable<List<Prediction>>>mapToObj(t -> () -> t % 2 == 0
                            ? classifier.predictPairs(texts)
                            : texts.stream().map(text -> classifier.predict(text.text(), text.pair())).toList())
                    .toList();
            for (Future<List<Prediction>> each : threads.invokeAll(work)) {
                assertThat(each.get()).isEqualTo(one);
            }
        }
    }

    @Test
    void virtualThreadsMayAsk() throws Exception {
        try (var classifier = Classifier.open(write(Map.of(), LABELS, WORDS)); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Prediction one = classifier.predict("w1 w2 w3");
            List<Callable<Prediction>> work = IntStream.range(0, 100).<Callable<Prediction>>mapToObj(t -> () -> classifier.predict("w1 w2 w3")).toList();
            for (Future<Prediction> each : threads.invokeAll(work)) {
                assertThat(each.get()).isEqualTo(one);
            }
        }
    }

    @Test
    void moreTextsThanOneSliceHolds() {
        try (var classifier = Classifier.open(write(Map.of(), LABELS, WORDS))) {
            List<String> texts = IntStream.range(0, 300).mapToObj(i -> "w" + i % 9).toList();
            List<Prediction> all = classifier.predict(texts);
            assertThat(all).hasSize(texts.size());
            assertThat(all.getLast()).isEqualTo(classifier.predict(texts.getLast()));
        }
    }

    @Test
    void scoresAreProbabilitiesOfEveryLabelTheBestFirst() {
        try (var classifier = Classifier.open(write(Map.of(), LABELS, WORDS))) {
            assertThat(classifier.labels()).isEqualTo(LABELS);
            Prediction prediction = classifier.predict("w4 w5");
            assertThat(prediction.scores().keySet()).containsExactlyInAnyOrderElementsOf(LABELS);
            assertThat(prediction.scores().firstEntry()).isEqualTo(Map.entry(prediction.label(), prediction.score()));
            assertThat(new ArrayList<>(prediction.scores().values()).reversed()).isSorted();
            assertThat(prediction.scores().values().stream().mapToDouble(score -> score).sum()).isBetween(1 - 1e-6, 1 + 1e-6);
            assertThat(classifier.predict(List.of())).isEmpty();
        }
    }

    @Test
    void whatIsTooLongIsCutAndCounted() {
        try (var classifier = Classifier.open(write(MEAN, LABELS, WORDS))) {
            assertThat(classifier.maxLength()).isEqualTo(48);
            String fits = "w7 ".repeat(46);
            assertThat(classifier.predict(fits).cut()).isZero();
            assertThat(classifier.predict(fits + "w8 w9").cut()).isEqualTo(2);
            assertThat(classifier.predict(fits + "w8 w9").scores()).isEqualTo(classifier.predict(fits).scores());
            assertThat(classifier.predict("w1 ".repeat(40), "w2 ".repeat(10)).cut()).isEqualTo(5);
        }
    }

    @Test
    void aFolderThatTransformersWroteOpensWithoutKeysOfOurs() throws IOException {
        Path place = write(Map.of(), List.of(), WORDS);
        assertThat(JsonFiles.read(place.resolve("config.json"))).doesNotContainKey("cultivar");
        try (var classifier = Classifier.open(place)) {
            assertThat(classifier.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
            assertThat(classifier.maxLength()).isEqualTo(POSITIONS);
        }
    }

    @Test
    void whatItWasTrainedInIsWhatItAnswersIn() {
        Path place = write(Map.of("precision", "bfloat16", "max_length", 48L), LABELS, WORDS);
        Path other = write(Map.of("precision", "float32", "max_length", 48L), LABELS, WORDS);
        try (var reduced = Classifier.open(place); var full = Classifier.open(other)) {
            Prediction a = reduced.predict("w1 w2");
            Prediction b = full.predict("w1 w2");
            assertThat(a).isNotEqualTo(b);
            b.scores().forEach((label, score) -> assertThat(a.scores().get(label)).isBetween(score - 0.05, score + 0.05));
        }
    }

    @Test
    void aTokenizerThatDoesNotFitIsRefused() {
        Path place = write(Map.of(), LABELS, WORDS + 3);
        assertThatThrownBy(() -> Classifier.open(place)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the tokenizer has 68 pieces").hasMessageContaining("vectors for 65");
    }

    @Test
    void whatIsNoClassifierIsRefused() throws IOException {
        Path place = write(Map.of(), LABELS, WORDS);
        try (var weights = new Weights(1, Weights.Stored.NONE)) {
            ModelFolder.write(place, new Model(weights, new Bert(weights, config(), false)), List.of(), Map.of());
        }
        assertThatThrownBy(() -> Classifier.open(place)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no classifier").hasMessageContaining("BertModel").hasMessageContaining("classification");
        Path other = write(Map.of(), LABELS, WORDS);
        Map<String, @Nullable Object> changed = JsonFiles.read(other.resolve("config.json"));
        changed.put("problem_type", "regression");
        JsonFiles.write(other.resolve("config.json"), changed);
        assertThatThrownBy(() -> Classifier.open(other)).isInstanceOf(CheckpointException.class).hasMessageContaining("a Regressor opens it");
        changed.put("problem_type", "guessing");
        JsonFiles.write(other.resolve("config.json"), changed);
        assertThatThrownBy(() -> Classifier.open(other)).isInstanceOf(CheckpointException.class).hasMessageContaining("problem_type guessing");
        changed.put("problem_type", "multi_label_classification");
        JsonFiles.write(other.resolve("config.json"), changed);
        try (var several = Classifier.open(other)) {
            Prediction said = several.predict("w1 w2");
            assertThat(said.labels()).isEqualTo(said.scores().entrySet().stream().filter(each -> each.getValue() >= 0.5).map(Map.Entry::getKey).toList());
        }
        assertThatThrownBy(() -> Classifier.open(folder.resolve("nowhere"))).isInstanceOf(CheckpointException.class);
    }

    @Test
    void aClosedOneSaysSo() {
        var classifier = Classifier.open(write(Map.of(), LABELS, WORDS));
        classifier.close();
        classifier.close();
        assertThatThrownBy(() -> classifier.predict("w1")).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    private static List<TextPair> texts(int count) {
        Random random = new Random(5);
        return IntStream.range(0, count)
                .mapToObj(i -> new TextPair(words(random, 1 + random.nextInt(70)), i % 3 == 0 ? words(random, 1 + random.nextInt(30)) : ""))
                .toList();
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + random.nextInt(WORDS)).collect(Collectors.joining(" "));
    }

    private static BertConfig config() {
        return new BertConfig(WORDS + 5, 48, 2, 4, 96, POSITIONS, 2, "gelu", 0.1, 0.1, 1e-12, 0.3, 0);
    }

    /// A random classifier in a folder of its own; three classes.
    ///
    /// @param labels may be none
    private Path write(Map<String, Object> extra, List<String> labels, int words) {
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            Path place = Files.createTempDirectory(folder, "model");
            var model = new Model(weights, new Bert(weights, config(), !extra.equals(MEAN)));
            model.network(LinearHead.CLASSIFIER, LinearHead.class, into -> new LinearHead(into, LinearHead.CLASSIFIER, 48, 3, 0.3));
            ModelFolder.write(place, model, labels, extra);
            List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
            IntStream.range(0, words).forEach(i -> pieces.add("w" + i));
            try (var tokenizer = Tokenizer.wordPiece(pieces, true)) {
                tokenizer.save(place, POSITIONS);
            }
            return place;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
