package dev.cultivar.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.nn.Bert;
import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.SpanFinder;
import dev.cultivar.nn.TokenClassifier;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that tag words and that point at answers, with random weights: who asks, and what else is asked, changes no bit.
class PointingTest {
    private static final int WORDS = 60;
    private static final int POSITIONS = 40;
    private static final List<String> TAGS = List.of("O", "B-A", "I-A", "B-B", "I-B");

    @TempDir
    Path folder;

    @Test
    void tagsAreTheSameWhoeverAsks() throws Exception {
        try (var tagger = TokenTagger.open(tagger(Map.of(), TAGS)); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> texts = texts(40);
            List<Tagged> all = tagger.tagTexts(texts);
            assertThat(texts.stream().map(tagger::tag).toList()).isEqualTo(all);
            List<Callable<List<Tagged>>> work = IntStream.range(0, 6).<Callable<List<Tagged>>>mapToObj(_ -> () -> tagger.tagTexts(texts)).toList();
            for (Future<List<Tagged>> each : threads.invokeAll(work)) {
                assertThat(each.get()).isEqualTo(all);
            }
            assertThat(all).allSatisfy(tagged -> assertThat(tagged.words()).hasSize(tagged.text().split(" ").length));
            assertThat(all.stream().flatMap(tagged -> tagged.words().stream()).map(Tagged.Word::tag).distinct().count()).isGreaterThan(2);
        }
    }

    @Test
    void answersAreTheSameWhoeverAsks() throws Exception {
        try (var answerer = QuestionAnswerer.open(answerer(Map.of("stride", 8L, "max_answer", 4L, "max_length", 40L)));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<QuestionAnswerer.Question> questions = texts(20).stream().map(text -> new QuestionAnswerer.Question("w1 w2", text)).toList();
            List<Answer> all = answerer.answer(questions);
            assertThat(questions.stream().map(each -> answerer.answer(each.question(), each.context())).toList()).isEqualTo(all);
            List<Callable<List<Answer>>> work = IntStream.range(0, 6).<Callable<List<Answer>>>mapToObj(_ -> () -> answerer.answer(questions)).toList();
            for (Future<List<Answer>> each : threads.invokeAll(work)) {
                assertThat(each.get()).isEqualTo(all);
            }
            assertThat(answerer.mayRefuse()).isFalse();
            for (int i = 0; i < all.size(); i++) {
                Answer answer = all.get(i);
                assertThat(answer.isThere()).isTrue();
                assertThat(questions.get(i).context().substring(answer.start(), answer.end())).isEqualTo(answer.text());
                assertThat(answer.text().split(" ").length).isLessThanOrEqualTo(4);
                assertThat(answer.best()).hasSizeLessThanOrEqualTo(20);
                assertThat(answer.best().stream().map(Answer.Span::score).toList().reversed()).isSorted();
            }
        }
    }

    /// By hand: the best stretch of two windows, and nothing where nothing scores more.
    @Test
    void theBestOfAllWindowsIsTheAnswer() {
        float[] first = {1, 1, 0, 0, 2, 0, 0, 3, 0, 9};
        float[] second = {0.5f, 0, 0, 0, 4, 0, 0, 5, 0, 0};
        int[] starts = {0, 3, 6};
        int[] ends = {2, 5, 8};
        var rules = new Spans.Rules(2, true, 0);
        var spans = new Spans("aa bb cc dd", rules);
        spans.add(first, 2, starts, ends);
        assertThat(spans.answer().text()).isEqualTo("bb cc"); // 0 + 9, since "aa" to "cc" has three pieces
        spans.add(second, 2, new int[] {3, 6, 9}, new int[] {5, 8, 11});
        Answer answer = spans.answer();
        assertThat(answer.text()).isEqualTo("bb cc");
        assertThat(answer.start()).isEqualTo(3);
        var strict = new Spans("aa bb cc dd", new Spans.Rules(2, true, -20));
        strict.add(first, 2, starts, ends);
        assertThat(strict.answer().isThere()).isFalse();
        assertThat(strict.answer().score()).isEqualTo(strict.answer().noAnswer());
        assertThat(strict.answer().best().getFirst().text()).isEqualTo("bb cc");
    }

    @Test
    void foldersOfOtherTasksAreRefusedAndToldApart() throws IOException {
        Path tagger = tagger(Map.of(), TAGS);
        Path answerer = answerer(Map.of());
        assertThat(AnswerKind.of(tagger.toString())).isEqualTo(AnswerKind.TAGS);
        assertThat(AnswerKind.of(answerer.toString())).isEqualTo(AnswerKind.SPANS);
        assertThatThrownBy(() -> TokenTagger.open(answerer)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tags no words").hasMessageContaining("BertForQuestionAnswering").hasMessageContaining("token_classification");
        assertThatThrownBy(() -> QuestionAnswerer.open(tagger)).isInstanceOf(CheckpointException.class).hasMessageContaining("question_answering");
        assertThatThrownBy(() -> Classifier.open(tagger)).isInstanceOf(CheckpointException.class).hasMessageContaining("TokenTagger");
        assertThatThrownBy(() -> TokenTagger.open(tagger(Map.of(), List.of("O", "A", "B-B", "I-B", "X"))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("[A, X]");
        assertThatThrownBy(() -> QuestionAnswerer.open(answerer(Map.of("stride", -1L)))).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("cultivar.stride must be a whole number of at least 0, got -1");
        assertThatThrownBy(() -> QuestionAnswerer.open(answerer(Map.of("max_length", 40L, "stride", 13L)))).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("stride 13").hasMessageContaining("42");
        Map<String, @Nullable Object> config = JsonFiles.read(tagger.resolve("config.json"));
        config.remove("architectures");
        JsonFiles.write(tagger.resolve("config.json"), config);
        assertThat(AnswerKind.of(tagger.toString())).isEqualTo(AnswerKind.LABELS);
        var closed = TokenTagger.open(tagger(Map.of(), TAGS));
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.tag("w1")).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    private static List<String> texts(int count) {
        var random = new Random(5);
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.range(0, 1 + random.nextInt(100)).mapToObj(_ -> "w" + random.nextInt(WORDS)).collect(Collectors.joining(" ")))
                .toList();
    }

    private Path tagger(Map<String, Object> extra, List<String> tags) {
        return write(extra, tags, model -> TokenClassifier.of(model, TAGS.size(), 0.3));
    }

    private Path answerer(Map<String, Object> extra) {
        return write(extra, List.of(), model -> SpanFinder.of(model, 0.3));
    }

    private Path write(Map<String, Object> extra, List<String> labels, Consumer<Model> head) {
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            Path place = Files.createTempDirectory(folder, "model");
            var config = new BertConfig(WORDS + 5, 48, 2, 4, 96, POSITIONS, 2, "gelu", 0.1, 0.1, 1e-12, 0.3, 0);
            var model = new Model(weights, new Bert(weights, config, false));
            head.accept(model);
            ModelFolder.write(place, model, labels, extra);
            List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
            IntStream.range(0, WORDS).forEach(i -> pieces.add("w" + i));
            try (var tokenizer = Tokenizer.wordPiece(pieces, true)) {
                tokenizer.save(place, POSITIONS);
            }
            return place;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
