package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Reads what makes a turn: `objective`, `optimizer`, `schedule` and `clipping`, flat or listed under `turns`.
final class TurnReader {
    private static final List<String> FLAT = List.of("objective", "optimizer", "schedule", "clipping");
    private static final Range PROBABILITY = Range.open(0, 1);

    private TurnReader() {}

    /// The turns of the recipe with these keys.
    static List<TurnRecipe> turns(Keys keys) {
        boolean survey = keys.node().reading().isSurvey();
        if (!keys.mayHave("turns") && !survey) {
            return List.of(parts(keys, TurnRecipe.MAIN, 1, List.of()));
        }
        List<TurnRecipe> turns = keys.have(
                "turns", "list of maps", "", List.of(), "one turn, from the four keys below", TurnReader::list);
        if (survey) {
            parts(keys, TurnRecipe.MAIN, 1, List.of());
        }
        for (String key : FLAT) {
            if (keys.has(key)) {
                keys.refuse(key, "stands beside turns; give one or the other");
            }
        }
        return turns;
    }

    private static List<TurnRecipe> list(Node node) {
        List<TurnRecipe> turns = new ArrayList<>();
        for (Node item : node.items()) {
            TurnRecipe turn = item.map(TurnReader::listed);
            if (turns.stream().anyMatch(other -> other.name().equals(turn.name())) && !turn.name().isEmpty()) {
                item.fail("has the name of another turn, " + turn.name());
            }
            turns.add(turn);
        }
        if (!turns.isEmpty()) {
            return turns;
        }
        if (node.yaml() instanceof Yaml.Sequence) {
            node.fail("needs at least one turn");
        }
        return List.of(parts(new Keys(node.muted(), Map.of()), TurnRecipe.MAIN, 1, List.of()));
    }

    private static TurnRecipe listed(Keys keys) {
        String name = keys.need("name", "text", RecipeReader.NAME_DESCRIBED, "", RecipeReader::name);
        int times = keys.count("times", 1, Range.countFrom(1));
        List<String> moves = keys.have("moves", "list of texts", "[]", node -> node.items().stream().map(Node::text).toList());
        // A survey finds these four at the top of a recipe, where most have them.
        return keys.node().reading().isSurvey()
                ? parts(new Keys(keys.node().muted(), Map.of()), name, times, moves)
                : parts(keys, name, times, moves);
    }

    private static TurnRecipe parts(Keys keys, String name, int times, List<String> moves) {
        return new TurnRecipe(
                name,
                times,
                moves,
                keys.need("objective", "map", "", "", TurnReader::objective),
                keys.need("optimizer", "map", "", "", OptimizerReader::optimizer),
                keys.have("schedule", "map", "{}", ScheduleReader::schedule),
                keys.have("clipping", "map or none", "{norm: 1}", OptimizerReader::clipping));
    }

    private static ObjectiveRecipe objective(Node node) {
        return node.oneOf(Stream.of(pretraining(), labelled(), texts(), PictureObjectiveReader.kinds(), others()).flatMap(List::stream).toList());
    }

    private static List<Kind<ObjectiveRecipe>> pretraining() {
        return List.of(
                new Kind<>("masked_lm", keys -> new ObjectiveRecipe.MaskedLm(
                        keys.number("probability", 0.15, PROBABILITY), keys.flag("whole_word", false))),
                new Kind<>("mlm_nsp", keys -> new ObjectiveRecipe.MaskedLmNextSentence(
                        keys.number("probability", 0.15, PROBABILITY),
                        keys.flag("whole_word", false),
                        keys.number("next_sentence_weight", 1, Range.above(0)))),
                new Kind<>("causal_lm", keys -> new ObjectiveRecipe.CausalLm(
                        keys.choice("rows", ObjectiveRecipe.Rows.STREAM, ObjectiveRecipe.Rows.values()),
                        keys.count("overlap", 0, Range.countFrom(0)))),
                new Kind<>("replaced_token", keys -> new ObjectiveRecipe.ReplacedToken(
                        keys.number("probability", 0.15, PROBABILITY),
                        keys.flag("whole_word", false),
                        keys.have("generator", "map", "{}", TurnReader::generator),
                        keys.number("discriminator_weight", 50, Range.above(0)),
                        keys.number("temperature", 1, Range.above(0)))));
    }

    /// Objectives over rows with labels, which may share a backbone.
    private static List<Kind<ObjectiveRecipe>> labelled() {
        return List.of(
                new Kind<>("classification", keys -> new ObjectiveRecipe.Classification(
                        pooling(keys),
                        keys.number("label_smoothing", 0, Range.below(0, 1)),
                        head(keys),
                        keys.have("class_weights", "equal, balanced or map", "equal", TurnReader::weights),
                        keys.number("focus", 0, Range.closed(0, 10)))),
                new Kind<>("multi_label", keys -> new ObjectiveRecipe.MultiLabel(pooling(keys), head(keys), keys.text("separator", ";"))),
                new Kind<>("ordinal", keys -> new ObjectiveRecipe.Ordinal(
                        pooling(keys),
                        head(keys),
                        keys.have("order", "list of texts", "[]", TurnReader::order),
                        keys.choice("loss", ObjectiveRecipe.OrdinalLoss.CORAL, ObjectiveRecipe.OrdinalLoss.values()))),
                new Kind<>("regression", keys -> new ObjectiveRecipe.Regression(
                        pooling(keys),
                        head(keys),
                        keys.choice("loss", ObjectiveRecipe.RegressionLoss.MSE, ObjectiveRecipe.RegressionLoss.values()),
                        keys.flag("standardize", true))),
                new Kind<>("token_classification", keys -> new ObjectiveRecipe.TokenClassification(
                        keys.choice("tags", ObjectiveRecipe.Tags.STRICT, ObjectiveRecipe.Tags.values()),
                        head(keys))),
                new Kind<>("question_answering", keys -> new ObjectiveRecipe.QuestionAnswering(
                        keys.count("stride", 32, Range.closedCount(0, 1 << 16)),
                        keys.count("max_answer", 30, Range.closedCount(1, 1 << 16)),
                        keys.have("no_answer", "map or none", "none", TurnReader::noAnswer),
                        keys.choice("spans", ObjectiveRecipe.Spans.STRICT, ObjectiveRecipe.Spans.values()),
                        head(keys))));
    }

    private static List<Kind<ObjectiveRecipe>> texts() {
        return List.of(
                new Kind<>("seq2seq", keys -> new ObjectiveRecipe.SequenceToSequence(
                        keys.count("max_target_length", 128, Range.closedCount(2, 1 << 20)),
                        keys.number("label_smoothing", 0, Range.below(0, 1)),
                        keys.flag("generate", false))),
                new Kind<>("span_corruption", keys -> new ObjectiveRecipe.SpanCorruption(
                        keys.number("probability", 0.15, PROBABILITY), keys.number("mean_span", 3, Range.above(1)))),
                new Kind<>("denoising", keys -> new ObjectiveRecipe.Denoising(
                        keys.number("probability", 0.3, PROBABILITY),
                        keys.number("mean_span", 3, Range.above(0)),
                        keys.flag("permute", true))),
                new Kind<>("embedding", EmbeddingReader::embedding),
                new Kind<>("ranking", keys -> new ObjectiveRecipe.Ranking(
                        keys.choice("loss", ObjectiveRecipe.RankingLoss.POINTWISE, ObjectiveRecipe.RankingLoss.values()),
                        head(keys))));
    }

    private static List<Kind<ObjectiveRecipe>> others() {
        return List.of(
                new Kind<>("tasks", TurnReader::tasks),
                new Kind<>("custom", keys -> new ObjectiveRecipe.Custom(keys.name("name"), ParametersReader.read(keys))));
    }

    private static ObjectiveRecipe tasks(Keys keys) {
        SequencedMap<String, ObjectiveRecipe> tasks = keys.need("tasks", "map", "each as an objective over rows with labels", "",
                node -> TaskNames.each(node, "map", TurnReader::task));
        SequencedMap<String, Double> weights = keys.have("weights", "map", "{}", "1 for each", node -> node.map(
                each -> each.each("number", weight -> weight.number(Range.from(0)))));
        weights.keySet().stream().filter(name -> !tasks.containsKey(name) && !keys.node().reading().isSurvey()).forEach(name ->
                keys.at("weights").fail("names " + name + ", which is no task; there are " + tasks.keySet()));
        return new ObjectiveRecipe.Tasks(tasks, weights);
    }

    /// What a task's objective may say stands at the top of the table of keys.
    private static ObjectiveRecipe task(Node node) {
        return node.reading().isSurvey()
                ? labelled().getFirst().read().apply(new Keys(node.muted(), Map.of()))
                : node.oneOf(labelled());
    }

    private static ObjectiveRecipe.Pooling pooling(Keys keys) {
        return keys.choice("pooling", ObjectiveRecipe.Pooling.CLS, ObjectiveRecipe.Pooling.values());
    }

    private static ObjectiveRecipe.Head head(Keys keys) {
        return keys.choice("head", ObjectiveRecipe.Head.AUTO, ObjectiveRecipe.Head.values());
    }

    private static ObjectiveRecipe.ClassWeights weights(Node node) {
        if (node.isMap() || node.reading().isSurvey()) {
            return node.map(keys -> new ObjectiveRecipe.ClassWeights.Given(keys.each("number", weight -> weight.number(Range.above(0)))));
        }
        return node.word(List.of("equal", "balanced")).equals("equal") ? new ObjectiveRecipe.ClassWeights.Equal() : new ObjectiveRecipe.ClassWeights.Balanced();
    }

    /// No class twice.
    private static List<String> order(Node node) {
        List<String> order = node.items().stream().map(Node::text).toList();
        if (new java.util.HashSet<>(order).size() < order.size()) {
            node.fail("must name each class once, got " + order);
        }
        return order;
    }

    private static ObjectiveRecipe.NoAnswer noAnswer(Node node) {
        return node.isWord("none")
                ? new ObjectiveRecipe.NoAnswer.None()
                : node.map(keys -> new ObjectiveRecipe.NoAnswer.Threshold(keys.number("threshold", Range.ANY_DOUBLE)));
    }

    private static ObjectiveRecipe.Generator generator(Node node) {
        return node.oneOf("scaled", List.of(
                new Kind<>("scaled", keys -> new ObjectiveRecipe.Generator.Scaled(
                        keys.number("share", 0.25, Range.aboveTo(0, 1)), embeddings(keys))),
                new Kind<>("sized", TurnReader::sized)));
    }

    private static ObjectiveRecipe.Generator sized(Keys keys) {
        BackboneReader.Size size = BackboneReader.Size.of(keys);
        int width = size.width();
        return new ObjectiveRecipe.Generator.Sized(
                keys.count("layers", Range.closedCount(1, 1000)),
                width,
                size.heads(),
                keys.count("feed_forward", 4 * width, "4 * width", Range.closedCount(1, 1 << 20)),
                embeddings(keys));
    }

    private static ObjectiveRecipe.Embeddings embeddings(Keys keys) {
        return keys.choice("embeddings", ObjectiveRecipe.Embeddings.SHARED, ObjectiveRecipe.Embeddings.values());
    }
}
