package dev.cultivar.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.nn.Bert;
import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Gpt2;
import dev.cultivar.nn.Gpt2Config;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.SpecialIds;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextGeneratorTest {
    private static final int POSITIONS = 12;
    private static final List<String> WORDS = List.of("[UNK]", "a", "b", "c", "d", "e", "f", "g");

    private static Path stories() {
        Path folder = Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/data/models/stories260K");
        assumeTrue(Files.isDirectory(folder), "the small model of stories in " + folder + " is absent");
        return folder;
    }

    private static Gpt2 gpt2(Weights weights) {
        return new Gpt2(weights, new Gpt2Config(
                16, 16, 2, 2, 32, POSITIONS, "gelu_new", 0, 0, 0, 1e-5, 0.5, true, false, true, SpecialIds.NONE));
    }

    private static Model model() {
        var weights = new Weights(4, Weights.Stored.NONE);
        var model = new Model(weights, gpt2(weights));
        CausalLmHead.of(model);
        return model;
    }

    private static Path folder(Path folder) {
        try (var model = model(); var tokenizer = Tokenizer.wordPiece(WORDS, true)) {
            ModelFolder.write(folder, model, List.of(), Map.of());
            tokenizer.save(folder, POSITIONS);
        }
        return folder;
    }

    /// What another implementation got from the same model.
    @Test
    void aRealModelTellsTheSameStory() {
        Path folder = stories();
        Map<String, ?> golden = JsonFiles.read(folder.resolve("golden.json"));
        int tokens = ((List<?>) golden.get("greedy_ids_after_bos")).size();
        try (var generator = TextGenerator.open(folder.resolve("hf"))) {
            List<String> pieces = new ArrayList<>();
            Generated story = generator.generate(List.of(""), Sampling.GREEDY, Limits.tokens(tokens), (prompt, text) -> pieces.add(text)).getFirst();
            assertThat(story.text().strip()).isEqualTo(golden.get("greedy_text").toString().strip());
            assertThat(String.join("", pieces)).isEqualTo(story.text());
            assertThat(story.tokens()).isEqualTo(tokens);
            assertThat(story.promptTokens()).isOne();
            assertThat(pieces).hasSizeGreaterThan(tokens / 2);
        }
    }

    @Test
    void raggedPromptsSayTogetherWhatTheySayAlone() {
        try (var model = model()) {
            var generator = new Generator(model, 16, Set.of());
            List<int[]> prompts = List.of(new int[] {1, 2, 3, 4, 5}, new int[] {7}, new int[] {9, 3});
            List<Continuation> together = generator.generate(prompts, Sampling.GREEDY, Limits.tokens(7), Generator.Listener.NONE);
            for (int i = 0; i < prompts.size(); i++) {
                List<Continuation> alone = generator.generate(List.of(prompts.get(i)), Sampling.GREEDY, Limits.tokens(7), Generator.Listener.NONE);
                assertThat(together.get(i).tokens()).hasSize(7).isEqualTo(alone.getFirst().tokens());
            }
        }
    }

    @Test
    void aSeedGivesTheSameTextAndAnotherSeedAnother() {
        try (var model = model()) {
            var generator = new Generator(model, 16, Set.of());
            var sampling = Sampling.PLAIN.withTemperature(2);
            List<int[]> prompts = List.of(new int[] {1, 2});
            int[] first = generator.generate(prompts, sampling.withSeed(1), Limits.tokens(10), Generator.Listener.NONE).getFirst().tokens();
            assertThat(generator.generate(prompts, sampling.withSeed(1), Limits.tokens(10), Generator.Listener.NONE).getFirst().tokens())
                    .isEqualTo(first);
            assertThat(generator.generate(prompts, sampling.withSeed(2), Limits.tokens(10), Generator.Listener.NONE).getFirst().tokens())
                    .isNotEqualTo(first);
        }
    }

    @Test
    void anEndEndsItsRowAndAListenerMayStopIt() {
        try (var model = model()) {
            List<int[]> prompts = List.of(new int[] {1, 2}, new int[] {5});
            int[] free = new Generator(model, 16, Set.of()).generate(prompts, Sampling.GREEDY, Limits.tokens(6), Generator.Listener.NONE).getFirst().tokens();
            int end = free[3];
            int first = IntStream.range(0, free.length).filter(i -> free[i] == end).findFirst().orElseThrow();
            var ended = new Generator(model, 16, Set.of(end)).generate(prompts, Sampling.GREEDY, Limits.tokens(6), Generator.Listener.NONE).getFirst();
            assertThat(ended.why()).isEqualTo(Continuation.Why.ENDED);
            assertThat(ended.tokens()).isEqualTo(java.util.Arrays.copyOf(free, first));
            List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
            var stopped = new Generator(model, 16, Set.of()).generate(prompts, Sampling.GREEDY, Limits.tokens(6), (row, token) -> {
                heard.add(row);
                return row == 1 || heard.size() < 3;
            });
            assertThat(stopped.getFirst().why()).isEqualTo(Continuation.Why.STOPPED);
            assertThat(stopped.getFirst().tokens()).hasSize(2);
            assertThat(stopped.getLast().why()).isEqualTo(Continuation.Why.LENGTH);
            assertThat(stopped.getLast().tokens()).hasSize(6);
        }
    }

    @Test
    void theModelsPositionsAreABoundThatMaySlide() {
        try (var model = model()) {
            var generator = new Generator(model, 16, Set.of());
            List<int[]> prompts = List.of(new int[] {1, 2, 3}, new int[] {4});
            assertThatThrownBy(() -> generator.generate(prompts, Sampling.GREEDY, Limits.tokens(11), Generator.Listener.NONE))
                    .isInstanceOf(DataException.class).hasMessageContaining("needs 13").hasMessageContaining("has 12");
            var fits = generator.generate(prompts, Sampling.GREEDY, Limits.tokens(10), Generator.Listener.NONE);
            var slides = generator.generate(prompts, Sampling.GREEDY, new Limits(40, Limits.Overflow.SLIDE), Generator.Listener.NONE);
            assertThat(slides).allSatisfy(row -> assertThat(row.tokens()).hasSize(40));
            assertThat(java.util.Arrays.copyOf(slides.getFirst().tokens(), 10)).isEqualTo(fits.getFirst().tokens());
            // Once full, the model goes on as if the last half were all.
            int[] all = IntStream.concat(IntStream.of(1, 2, 3), IntStream.of(slides.getFirst().tokens())).toArray();
            int[] half = java.util.Arrays.copyOfRange(all, 13 - POSITIONS / 2, 13);
            int[] anew = generator.generate(List.of(half), Sampling.GREEDY, Limits.tokens(5), Generator.Listener.NONE).getFirst().tokens();
            assertThat(java.util.Arrays.copyOfRange(all, 13, 18)).isEqualTo(anew);
            var stops = generator.generate(prompts, Sampling.GREEDY, new Limits(40, Limits.Overflow.STOP), Generator.Listener.NONE);
            assertThat(stops.getFirst()).satisfies(row -> {
                assertThat(row.why()).isEqualTo(Continuation.Why.FULL);
                assertThat(row.tokens()).isEqualTo(fits.getFirst().tokens());
            });
            int[] longer = IntStream.range(0, 30).map(i -> 1 + i % 15).toArray();
            assertThat(generator.generate(List.of(longer), Sampling.GREEDY, new Limits(3, Limits.Overflow.SLIDE), Generator.Listener.NONE).getFirst().tokens())
                    .hasSize(3);
        }
    }

    /// The table has more rows than the tokenizer has pieces.
    @Test
    void onlyPiecesOfTheTokenizerAreSaidAndManyThreadsAgree(@TempDir Path place) {
        try (var generator = TextGenerator.open(folder(place))) {
            var sampling = Sampling.PLAIN.withTemperature(5).withSeed(3);
            Generated alone = generator.generate("a b", sampling, Limits.tokens(9));
            assertThat(alone.text()).matches("( ?(\\[UNK\\]|[a-g]))+");
            List<CompletableFuture<Generated>> many = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> generator.generate("a b", sampling, Limits.tokens(9))))
                    .toList();
            assertThat(many).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(alone));
            assertThatThrownBy(() -> generator.generate("", sampling, Limits.tokens(1))).isInstanceOf(DataException.class).hasMessageContaining("no token");
        }
        var closed = TextGenerator.open(place);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.generate("a", Sampling.GREEDY, Limits.tokens(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aModelWithoutSuchAHeadSaysSo(@TempDir Path bert, @TempDir Path classifier) {
        try (var weights = new Weights(0, Weights.Stored.NONE); var tokenizer = Tokenizer.wordPiece(WORDS, true)) {
            var config = new BertConfig(WORDS.size(), 8, 1, 2, 8, 8, 2, "gelu", 0, 0, 1e-12, 0.02, 0);
            ModelFolder.write(bert, new Model(weights, new Bert(weights, config, false)), List.of(), Map.of());
            tokenizer.save(bert, 8);
        }
        assertThatThrownBy(() -> TextGenerator.open(bert)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("BertModel").hasMessageContaining("causal_lm");
        try (var weights = new Weights(0, Weights.Stored.NONE); var tokenizer = Tokenizer.wordPiece(WORDS, true)) {
            var model = new Model(weights, gpt2(weights));
            model.network(LinearHead.CLASSIFIER, LinearHead.class, into -> new LinearHead(into, LinearHead.CLASSIFIER, 16, 2, 0.02));
            ModelFolder.write(classifier, model, List.of("x", "y"), Map.of());
            tokenizer.save(classifier, 8);
        }
        assertThatThrownBy(() -> TextGenerator.open(classifier)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("GPT2Model").hasMessageContaining("no head");
    }
}
