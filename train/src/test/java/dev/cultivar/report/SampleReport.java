package dev.cultivar.report;

import dev.cultivar.batch.Draw;
import dev.cultivar.evaluate.Confusion;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.PairedDifference;
import dev.cultivar.report.Block.Bar;
import dev.cultivar.report.Block.Bars;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Code;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.ConfusionMatrix;
import dev.cultivar.report.Block.Fact;
import dev.cultivar.report.Block.Facts;
import dev.cultivar.report.Block.Heading;
import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Paragraph;
import dev.cultivar.report.Block.Point;
import dev.cultivar.report.Block.Series;
import dev.cultivar.report.Block.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A report of the size and shape that a study of strategies leaves; its numbers are made up.
final class SampleReport {
    static final List<String> CLASSES = List.of(
            "adj.all", "adj.pert", "adv.all", "noun.act", "noun.animal", "noun.artifact", "noun.attribute", "noun.body",
            "noun.cognition", "noun.communication", "noun.event", "noun.feeling", "noun.food", "noun.group", "noun.location",
            "noun.object", "noun.person", "noun.phenomenon", "noun.plant", "noun.possession", "noun.process", "noun.quantity",
            "noun.relation", "noun.shape", "noun.state", "noun.substance", "noun.time", "verb.body", "verb.change",
            "verb.cognition", "verb.communication", "verb.competition", "verb.consumption", "verb.contact", "verb.creation",
            "verb.emotion", "verb.motion", "verb.perception", "verb.possession", "verb.social");
    private static final List<String> STRATEGIES =
            List.of("from scratch", "feature extraction", "partial", "gradual unfreezing", "full");
    private static final double[] ACCURACY = {0.376, 0.455, 0.489, 0.497, 0.508};
    private static final int[] SECONDS = {21, 9, 14, 19, 23};

    private SampleReport() {}

    static Document document() {
        return new Document("Cultivar quickstart",
                "Does pretraining help to tell the lexicographer file of a gloss? WordNet 3.1, 500 labels, two CPU cores, 7 min 12 s.",
                List.of(
                        new Heading(2, "The answer"),
                        new Paragraph(PairedDifference.of(4_000, 310, 838).sentence("from scratch", "full")
                                + " Pretraining took 12.0 million tokens and 4 min 3 s, once; every strategy below but the first starts from it."),
                        strategies(),
                        new Bars("Test accuracy of each strategy, with its 95 % interval", "accuracy",
                                IntStream.range(0, 5).mapToObj(k -> Bar.of(STRATEGIES.get(k), accuracy(k))).toList(), ""),
                        new Heading(2, "Learning"),
                        new LineChart("Pretraining: masked-LM loss", "tokens", "loss, nats per masked token",
                                List.of(pretraining("training", 0.25, 600), pretraining("held out", 0, 13)), false,
                                "The loss stays on a plateau until about 5 million tokens; a shorter pretraining would have helped little."),
                        new LineChart("Validation accuracy while each strategy trains", "seconds", "accuracy",
                                IntStream.range(0, 5).mapToObj(SampleReport::curve).toList(), false,
                                "Each curve ends where early stopping ended it. Seconds do not include pretraining."),
                        new LineChart("Validation accuracy by labels seen", "labels", "accuracy",
                                IntStream.range(0, 2).mapToObj(SampleReport::byLabels).toList(), true, ""),
                        new Heading(2, "Mistakes"),
                        new Paragraph("Rows are the true classes. A mistake inside verbs, or inside nouns, is far more frequent than one across."),
                        new ConfusionMatrix("Test rows of the full strategy: which class was taken for which", confusion(40), ""),
                        new Heading(3, "In coarse classes"),
                        new ConfusionMatrix("The same, with six classes", confusion(6), ""),
                        new Heading(2, "Recipes"),
                        new Code("pretrain.yaml", "yaml", RECIPE, true),
                        new Code("full.yaml", "yaml", RECIPE.replace("pretraining", "classification"), true),
                        new Code("Predict more", "sh", "./cultivar predict runs/quickstart/full \"a small domesticated carnivore\"", false),
                        new Heading(2, "Provenance"),
                        new Facts("", List.of(new Fact("Cultivar", "0.1.0"), new Fact("libtorch", "2.10.0"), new Fact("JDK", "25.0.1+8"),
                                new Fact("Processor", "x86-64 with AVX-512 and bf16, 2 threads"),
                                new Fact("Data", "sha256 9b1f0c6ab07e4f54f2f7f8e33a7b6cfe60cf9c3f7c7be2d8cf5c5e9a62f0d6a1"),
                                new Fact("Seed", "17")))));
    }

    static Metric accuracy(int k) {
        double half = 1.96 * Math.sqrt(ACCURACY[k] * (1 - ACCURACY[k]) / 4000);
        return new Metric("accuracy", ACCURACY[k], ACCURACY[k] - half, ACCURACY[k] + half, Direction.HIGHER);
    }

    static Table strategies() {
        List<List<Cell>> rows = new ArrayList<>();
        long[] parameters = {1_417_256, 5_160, 401_704, 1_417_256, 1_417_256};
        for (int k = 0; k < 5; k++) {
            Metric f1 = new Metric("macro_f1", ACCURACY[k] - 0.021, ACCURACY[k] - 0.037, ACCURACY[k] - 0.005, Direction.HIGHER);
            Cell accuracy = Cell.metric(accuracy(k), 3);
            Cell macro = Cell.metric(f1, 3);
            rows.add(List.of(Cell.of(STRATEGIES.get(k)), k == 4 ? accuracy.asBest() : accuracy, k == 4 ? macro.asBest() : macro,
                    Cell.count(parameters[k]), k == 1 ? Cell.number(SECONDS[k], 1).asBest() : Cell.number(SECONDS[k] + k / 10.0, 1),
                    Cell.count(SECONDS[k] * 9_137L), k == 0 ? Cell.of("not measurable") : Cell.number(0.4 * (k - 1) * 0.81, 2),
                    Cell.number(0.05 + 0.11 * k, 2)));
        }
        return new Table("Strategies compared on 4,000 test rows, after the same learning-rate search for each",
                List.of(Column.left("strategy"), Column.right("accuracy"), Column.right("macro-F1"), Column.right("trainable parameters"),
                        Column.right("seconds"), Column.right("tokens"), Column.right("forgotten, nats"), Column.right("gap")),
                rows, "In brackets 95 % intervals. Forgotten: masked-LM loss on held-out text after minus before, through the base's own "
                        + "head; from scratch has none. Gap: accuracy on training rows minus validation rows.");
    }

    private static Series pretraining(String name, double noise, int count) {
        return new Series(name, IntStream.rangeClosed(1, count).mapToObj(i -> {
            double tokens = 12e6 * i / count;
            double loss = 6.3 - 1.2 * Math.min(1, tokens / 8e5) - 1.6 / (1 + Math.exp(-(tokens - 7e6) / 1.1e6));
            return new Point(tokens, loss + noise * (Draw.unit(1, i) - 0.5));
        }).toList());
    }

    private static Series curve(int k) {
        return new Series(STRATEGIES.get(k), IntStream.rangeClosed(0, 12).mapToObj(i -> new Point(SECONDS[k] * i / 12.0,
                (ACCURACY[k] + 0.01) * (1 - Math.exp(-i / 3.0)) + 0.02 * Draw.unit(2, k, i))).toList());
    }

    private static Series byLabels(int k) {
        return new Series(k == 0 ? "from scratch" : "full", IntStream.of(50, 100, 200, 500, 1000, 2000, 5000)
                .mapToObj(n -> new Point(n, 0.02 + 0.14 * Math.log10(n / 10.0) + 0.12 * k)).toList());
    }

    static Confusion confusion(int K) {
        int rows = 100 * K;
        int[] gold = new int[rows];
        int[] predicted = new int[rows];
        for (int row = 0; row < rows; row++) {
            gold[row] = row % K;
            boolean right = Draw.unit(3, row) < 0.25 + 0.6 * Draw.unit(4, gold[row]);
            int near = Math.clamp(gold[row] + Draw.below(9, 5, row) - 4, 0, K - 1);
            predicted[row] = right ? gold[row] : Draw.unit(6, row) < 0.7 ? near : Draw.below(K, 7, row);
        }
        return Confusion.of(gold, predicted, CLASSES.subList(0, K));
    }

    private static final String RECIPE = """
            # Pretrain a small BERT on the glosses, four minutes on two cores.
            name: quickstart-pretrain
            seed: 17
            backbone:  {kind: bert, layers: 4, width: 128, heads: 4, vocabulary: 4096}
            data:
              train:   {zoo: wordnet-glosses}
            objective: {kind: pretraining, masked: 0.30}
            optimizer: {kind: adamw, learning_rate: 3e-3, weight_decay: 0.01}
            schedule:  {kind: cosine, warmup: 0.06}
            horizon:   {tokens: 12e6}
            """;
}
