package dev.cultivar.run;

import dev.cultivar.data.Example;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureReader;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.predict.Answer;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Embedder;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.PictureEmbedder;
import dev.cultivar.predict.PictureRegressor;
import dev.cultivar.predict.Prediction;
import dev.cultivar.predict.QuestionAnswerer;
import dev.cultivar.predict.Ranker;
import dev.cultivar.predict.Regressor;
import dev.cultivar.predict.Summarizer;
import dev.cultivar.predict.Tagged;
import dev.cultivar.predict.TextPair;
import dev.cultivar.predict.TokenTagger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A model that is asked row by row, whatever it answers: rows go in, and what a line of JSON says of each comes out.
public final class Asked implements AutoCloseable {
    private final AnswerKind kind;
    private final AutoCloseable model;
    private final Function<List<Example>, List<Said>> ask;
    private final int maxLength;
    private final boolean pictures;

    private Asked(AnswerKind kind, AutoCloseable model, int maxLength, Function<List<Example>, List<Said>> ask) {
        this(kind, model, maxLength, false, ask);
    }

    private Asked(AnswerKind kind, AutoCloseable model, int maxLength, boolean pictures, Function<List<Example>, List<Said>> ask) {
        this.kind = kind;
        this.model = model;
        this.maxLength = maxLength;
        this.pictures = pictures;
        this.ask = ask;
    }

    /// What is said of a row.
    ///
    /// @param json  beside the row's number
    /// @param shortly a few words for a table, one a column of [#columns]
    /// @param cut   whether some of the row was not seen
    public record Said(Map<String, Object> json, List<String> shortly, boolean cut) {
        /// The line that answers a row: its number, and what is said of it.
        public Map<String, Object> of(Example row) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("row", row.row());
            line.putAll(json);
            return line;
        }
    }

    /// @param run    a run folder, a checkpoint or a Hugging Face folder
    /// @param custom backbones that an extension builds
    public static Asked open(String run, Backbones.Custom custom) {
        AnswerKind kind = AnswerKind.of(run);
        return AnswerKind.readsPictures(run) ? ofPictures(run, kind, custom) : ofTexts(run, kind, custom);
    }

    /// A row's text is then the name of a picture's file. A model without a head makes vectors.
    private static Asked ofPictures(String run, AnswerKind kind, Backbones.Custom custom) {
        return switch (kind) {
            case LABELS -> {
                var model = PictureClassifier.open(run, custom);
                yield new Asked(kind, model, 1, true, rows -> each(model.predict(pictures(rows)), Asked::classes));
            }
            case VALUES -> {
                var model = PictureRegressor.open(run, custom);
                yield new Asked(kind, model, 1, true, rows -> each(model.predict(pictures(rows)), value ->
                        new Said(Map.of("value", value), List.of("%.4g".formatted(value)), false)));
            }
            default -> {
                var model = PictureEmbedder.open(run, custom);
                yield new Asked(AnswerKind.VECTORS, model, 1, true, rows -> each(model.embed(pictures(rows)), Asked::vector));
            }
        };
    }

    private static List<Picture> pictures(List<Example> rows) {
        return rows.stream().map(row -> PictureReader.read(Path.of(row.text()))).toList();
    }

    private static Asked ofTexts(String run, AnswerKind kind, Backbones.Custom custom) {
        return switch (kind) {
            case LABELS -> {
                var model = Classifier.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows -> each(model.predictPairs(pairs(rows)), Asked::classes));
            }
            case VALUES -> {
                var model = Regressor.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows -> each(model.predictPairs(pairs(rows)), said ->
                        new Said(Map.of("value", said.value()), List.of("%.4g".formatted(said.value())), said.cut() > 0)));
            }
            case TAGS -> {
                var model = TokenTagger.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows ->
                        each(model.tagTexts(rows.stream().map(Example::text).toList()), Asked::spans));
            }
            case SPANS -> {
                var model = QuestionAnswerer.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows -> each(
                        model.answer(rows.stream().map(row -> new QuestionAnswerer.Question(row.text(), row.pair())).toList()), Asked::answer));
            }
            case TEXTS -> {
                var model = Summarizer.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows -> each(
                        model.summarize(rows.stream().map(Example::text).toList(), model.writing()),
                        said -> new Said(Map.of("text", said.text()), List.of(said.text()), said.cut() > 0)));
            }
            case VECTORS -> {
                var model = Embedder.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows -> each(
                        model.embedEach(rows.stream().map(Example::text).toList()), Asked::vector));
            }
            case RELEVANCE -> {
                var model = Ranker.open(run, custom);
                yield new Asked(kind, model, model.maxLength(), rows -> each(rows, row -> {
                    float score = model.score(row.text(), row.pair());
                    return new Said(Map.of("value", score), List.of("%.4g".formatted(score)), false);
                }));
            }
            case NONE -> throw new CheckpointException(run + ": has no classifier and no other head of a task (it is " + architecture(run) + "). "
                    + "Fine-tune it with a recipe of objective.kind: classification, or ask it with generate if it predicts the next token");
        };
    }

    private static String architecture(String run) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            return String.valueOf(folder.config().values().getOrDefault("architectures", "of no stated architecture"));
        }
    }

    private static List<TextPair> pairs(List<Example> rows) {
        return rows.stream().map(row -> new TextPair(row.text(), row.pair())).toList();
    }

    private static <A> List<Said> each(List<A> answers, Function<A, Said> said) {
        return answers.stream().map(said).toList();
    }

    private static Said classes(Prediction prediction) {
        Map<String, Object> json = new LinkedHashMap<>();
        boolean answered = prediction.verdict() == Prediction.Verdict.ANSWERED;
        json.put("label", prediction.label());
        if (prediction.labels().size() != 1 || !prediction.labels().getFirst().equals(prediction.label())) {
            json.put("labels", prediction.labels());
        }
        if (!answered) {
            json.put("verdict", prediction.verdict() == Prediction.Verdict.UNSURE ? "unsure" : "out_of_scope");
        }
        json.put("scores", prediction.scores());
        StringBuilder then = new StringBuilder();
        prediction.scores().entrySet().stream()
                .filter(each -> !each.getKey().equals(prediction.label()))
                .limit(3)
                .forEach(each -> then.append(then.isEmpty() ? "" : ", ").append("%s %.2f".formatted(each.getKey(), each.getValue())));
        String label = switch (prediction.verdict()) {
            case ANSWERED -> String.join(", ", prediction.labels());
            case UNSURE -> "unsure (" + prediction.label() + ")";
            case OUT_OF_SCOPE -> "out of scope (" + prediction.label() + ")";
        };
        return new Said(json, List.of(label, "%.3f".formatted(prediction.score()), then.toString()), prediction.cut() > 0);
    }

    private static Said vector(float[] vector) {
        List<Float> numbers = new ArrayList<>(vector.length);
        for (float number : vector) {
            numbers.add(number);
        }
        String first = numbers.stream().limit(4).map("%.3f"::formatted).collect(Collectors.joining(", "));
        return new Said(Map.of("embedding", numbers), List.of(first + ", ... (" + vector.length + " numbers)"), false);
    }

    private static Said spans(Tagged tagged) {
        List<Object> spans = new ArrayList<>();
        List<String> shortly = new ArrayList<>();
        for (Tagged.Entity entity : tagged.entities()) {
            Map<String, Object> span = new LinkedHashMap<>();
            span.put("type", entity.type());
            span.put("text", entity.text());
            span.put("start", entity.start());
            span.put("end", entity.end());
            span.put("score", entity.score());
            spans.add(span);
            shortly.add(entity.text() + " (" + entity.type() + ")");
        }
        return new Said(Map.of("spans", spans), List.of(String.join(", ", shortly)), false);
    }

    private static Said answer(Answer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("answer", answer.text());
        json.put("start", answer.start());
        json.put("end", answer.end());
        json.put("score", answer.score());
        return new Said(json, List.of(answer.isThere() ? answer.text() : "no answer", "%.3f".formatted(answer.score())), false);
    }

    /// What the columns of [Said#shortly] are called.
    public List<String> columns() {
        return switch (kind) {
            case LABELS -> List.of("label", "score", "then");
            case VALUES, RELEVANCE -> List.of("value");
            case TEXTS -> List.of("written");
            case VECTORS -> List.of("embedding");
            case TAGS -> List.of("spans");
            case SPANS -> List.of("answer", "score");
            case NONE -> List.of();
        };
    }

    /// Whether a row's text is the name of a picture's file.
    public boolean readsPictures() {
        return pictures;
    }

    /// Whether a row has two texts: a question and the text that answers it, a query and a document.
    public boolean needsPairs() {
        return kind == AnswerKind.SPANS || kind == AnswerKind.RELEVANCE;
    }

    /// The longest row in tokens.
    public int maxLength() {
        return maxLength;
    }

    /// What is said of each row, in their order.
    public List<Said> ask(List<Example> rows) {
        return ask.apply(rows);
    }

    @Override
    public void close() {
        try {
            model.close();
        } catch (RuntimeException problem) {
            throw problem;
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }
}
