package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.EmbeddingLayout;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.Embedding;
import dev.cultivar.objective.EmbeddingScores;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Ranking;
import dev.cultivar.predict.Embedder;
import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.recipe.ObjectiveRecipe.RankingLoss;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/// Computes the cases of models that are trained by several losses over groups of texts: sentence embeddings and cross-encoders.
final class LossesCase {
    private static final List<String> TEXT = List.of("input_ids", "attention_mask", "token_type_ids");

    private final GoldenCase golden;
    private final String name;
    private final List<Comparison> rows = new ArrayList<>();

    LossesCase(GoldenCase golden, String name) {
        this.golden = golden;
        this.name = name;
    }

    /// Whether a case is one of a cross-encoder.
    static boolean ranks(GoldenCase golden) {
        return golden.inputs().keySet().containsAll(List.of("group", "relevance"));
    }

    /// BERT with pooling and normalisation: every text's vector, and three losses.
    GoldenCase.Outcome embeddings() {
        EmbeddingLayout layout = EmbeddingLayout.read(golden.folder().resolve("model"));
        Function<Model, TextEmbedding> network = model -> new TextEmbedding(model.backbone(), layout.from(), layout.normalized());
        open(false, network, (model, built) -> {
            for (String text : List.of("a", "p", "n")) {
                compare(text + ".embedding", built.vectors(Inputs.of(golden.batch(text + ".")), Mode.INFERENCE));
            }
        });
        encoded();
        Map<String, EmbeddingLoss> losses = Map.of(
                "mnrl", new EmbeddingLoss.MultipleNegatives(20, false),
                "cosine", new EmbeddingLoss.Cosine(),
                "triplet", new EmbeddingLoss.Triplet(1));
        losses.forEach((loss, recipe) -> {
            Batch batch = loss.equals("cosine") ? groups("a", "p") : groups("a", "p", "n");
            open(false, network, (model, built) ->
                    train(loss, model, new Embedding(built, recipe, new EmbeddingScores.Judging.ByPair()), batch));
        });
        return outcome();
    }

    /// What the sentences become by the tokenizer that lies in the folder.
    private void encoded() {
        if (golden.values().get("sentences") instanceof Map<?, ?> sentences && sentences.get("a") instanceof List<?> texts) {
            try (Embedder embedder = Embedder.open(golden.folder().resolve("model"))) {
                List<float[]> vectors = embedder.embed(texts.stream().map(String::valueOf).toList());
                float[] flat = new float[vectors.size() * embedder.width()];
                for (int i = 0; i < vectors.size(); i++) {
                    System.arraycopy(vectors.get(i), 0, flat, i * embedder.width(), embedder.width());
                }
                compare("encode", flat, golden.numbers("encode"), "outputs");
            }
        }
    }

    /// A score for each query and document, and five losses over a query's documents.
    GoldenCase.Outcome ranking() {
        Function<Model, RowClassifier> network = model -> RowClassifier.of(model, Pooling.CLS, Meaning.VALUE, 1, 0);
        open(true, network, (model, built) -> compare("logits", built.logits(Inputs.of(golden.batch("")), Mode.INFERENCE)));
        for (RankingLoss loss : RankingLoss.values()) {
            String called = loss.name().toLowerCase(Locale.ROOT);
            if (golden.expected().containsKey(called + ".loss")) {
                open(true, network, (model, built) -> train(called, model, new Ranking(built, loss), queries()));
            }
        }
        return outcome();
    }

    private GoldenCase.Outcome outcome() {
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    /// The stored model, opened anew.
    private <N> void open(boolean pooler, Function<Model, N> network, BiConsumer<Model, N> use) {
        try (var folder = ModelFolder.open(golden.folder().resolve("model"))) {
            var stored = folder.stored(hidden -> false);
            try (var weights = new Weights(0, stored); var scope = Scope.open()) {
                var model = new Model(weights, Backbones.build(folder.config(), weights, pooler, Backbones.Custom.NONE));
                N built = network.apply(model);
                // A stored pooler that the vectors do not read may remain.
                stored.finish(weights, fresh -> false, name -> !pooler && model.backbone().depth(name) > model.backbone().layers());
                use.accept(model, built);
            }
        }
    }

    private void train(String loss, Model model, Objective objective, Batch batch) {
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        float[] losses = GoldenCase.numbers(trajectory(loss, "losses"));
        try (var scope = Scope.open(); var without = new NoGradient()) {
            compare(loss + ".loss", new float[] {over(model, objective, batch)}, golden.numbers(loss + ".loss"), "loss");
        }
        gradients(loss, model, objective, batch, group);
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch, group, losses.length);
        String place = "trajectory." + loss + ".";
        compare(place + "losses", EncoderCase.numbers(steps, step -> step.losses().get("loss")), losses, "trajectory");
        compare(place + "grad_norms", EncoderCase.numbers(steps, Event.Stepped::gradientNorm),
                GoldenCase.numbers(trajectory(loss, "grad_norms")), "trajectory");
        try (var scope = Scope.open(); var without = new NoGradient()) {
            compare(place + "loss_after", new float[] {over(model, objective, batch)}, GoldenCase.numbers(trajectory(loss, "loss_after")), "trajectory");
        }
    }

    private void gradients(String loss, Model model, Objective objective, Batch batch, FlatGroup group) {
        try (var scope = Scope.open()) {
            objective.loss(model, Inputs.of(batch), Mode.INFERENCE).backward(objective.denominators(batch));
            for (String parameter : model.weights().parameters()) {
                String whole = loss + ".grad." + parameter;
                // A bare model's file leaves the prefix out.
                String stored = golden.expected().containsKey(whole) ? whole : loss + ".grad." + parameter.replaceFirst("^bert\\.", "");
                if (golden.expected().containsKey(stored)) {
                    compare(stored, Tensors.floats(model.weights().get(parameter).grad()), golden.numbers(stored), "grad");
                }
            }
            try (var without = new NoGradient()) {
                group.gradient().zero_();
            }
        }
    }

    private static float over(Model model, Objective objective, Batch batch) {
        return (float) objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
    }

    private Object trajectory(String loss, String key) {
        if (golden.json().get("trajectory") instanceof Map<?, ?> all && all.get(loss) instanceof Map<?, ?> of && of.get(key) != null) {
            return of.get(key);
        }
        throw new CheckpointException(golden.folder().resolve("case.json") + ": trajectory." + loss + "." + key + " is missing");
    }

    private void compare(String output, Tensor got) {
        compare(output, Tensors.floats(got), golden.numbers(output), "outputs");
    }

    private void compare(String what, float[] got, float[] expected, String kind) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, expected, tolerance[0], tolerance[1], null));
    }

    /// Texts side by side, (G, N, T), padded to the longest; no two of them mean the same.
    private Batch groups(String... texts) {
        int groups = Math.toIntExact(golden.ints(texts[0] + ".input_ids").shape()[0]);
        int width = 0;
        for (String text : texts) {
            width = Math.max(width, Math.toIntExact(golden.ints(text + ".input_ids").shape()[1]));
        }
        Batch.Builder batch = Batch.of(new long[groups]);
        for (String field : TEXT) {
            int[] all = new int[groups * texts.length * width];
            for (int t = 0; t < texts.length; t++) {
                Batch.Field.Ints of = golden.ints(texts[t] + "." + field);
                int length = Math.toIntExact(of.shape()[1]);
                for (int group = 0; group < groups; group++) {
                    System.arraycopy(of.values(), group * length, all, (group * texts.length + t) * width, length);
                }
            }
            batch.ints(field, all, groups, texts.length, width);
        }
        int[] meaning = new int[groups * texts.length];
        Arrays.setAll(meaning, i -> i);
        batch.ints("meaning", meaning, groups, texts.length);
        batch.floats("labels", golden.batch("").floats("score").values(), groups);
        return batch.build();
    }

    /// Each query with its documents, (Q, D, T).
    private Batch queries() {
        int[] group = golden.ints("group").values();
        float[] relevance = golden.batch("").floats("relevance").values();
        int width = Math.toIntExact(golden.ints("input_ids").shape()[1]);
        Map<Integer, List<Integer>> documents = new LinkedHashMap<>();
        for (int row = 0; row < group.length; row++) {
            documents.computeIfAbsent(group[row], query -> new ArrayList<>()).add(row);
        }
        List<List<Integer>> queries = List.copyOf(documents.values());
        int most = queries.stream().mapToInt(List::size).max().orElse(0);
        Batch.Builder batch = Batch.of(new long[queries.size()]);
        for (String field : TEXT) {
            int[] values = golden.ints(field).values();
            int[] all = new int[queries.size() * most * width];
            for (int query = 0; query < queries.size(); query++) {
                for (int i = 0; i < queries.get(query).size(); i++) {
                    System.arraycopy(values, queries.get(query).get(i) * width, all, (query * most + i) * width, width);
                }
            }
            batch.ints(field, all, queries.size(), most, width);
        }
        float[] grades = new float[queries.size() * most];
        for (int query = 0; query < queries.size(); query++) {
            for (int i = 0; i < queries.get(query).size(); i++) {
                grades[query * most + i] = relevance[queries.get(query).get(i)];
            }
        }
        batch.floats("labels", grades, queries.size(), most);
        return batch.ints("texts", queries.stream().mapToInt(List::size).toArray(), queries.size()).build();
    }
}
