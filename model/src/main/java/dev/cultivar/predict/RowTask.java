package dev.cultivar.predict;

import dev.cultivar.batch.Standard;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.text.Fitting;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Reads the folder of a model that says something of a text as a whole, and asks it: the network, the labels' names, what becomes of
/// long texts.
///
/// @param network  to ask
/// @param labels   in the order of the network's numbers; one of no meaning where it says a value
/// @param fitting  as in training
/// @param standard what the head's score stands for, where it is a value
record RowTask(RowClassifier network, List<String> labels, Fitting fitting, Standard standard) {
    /// Texts with classes.
    static final Opened.Task<RowTask> CLASSES = new Reader() {
        @Override
        void checkMeaning(ModelFolder folder, Meaning meaning) {
            if (meaning == Meaning.VALUE) {
                throw new CheckpointException(folder.folder() + ": its head has one output, which is a regression, and a Regressor opens it; "
                        + "expected two labels or more");
            }
        }
    };

    /// Texts with a number.
    static final Opened.Task<RowTask> VALUES = new Reader() {
        @Override
        void checkMeaning(ModelFolder folder, Meaning meaning) {
            if (meaning != Meaning.VALUE) {
                throw new CheckpointException(folder.folder() + ": says one of " + folder.classes()
                        + " labels, and a Classifier opens it; expected a regression, whose head has one output");
            }
        }
    };

    /// What both have in common.
    private abstract static class Reader implements Opened.Task<RowTask> {
        abstract void checkMeaning(ModelFolder folder, Meaning meaning);

        @Override
        public void check(ModelFolder folder) {
            requireRows(folder);
            checkMeaning(folder, meaning(folder));
        }

        @Override
        public boolean pools(ModelFolder folder) {
            return pooling(folder) == Pooling.CLS;
        }

        @Override
        public RowTask network(ModelFolder folder, Model model) {
            Meaning meaning = meaning(folder);
            List<String> labels = meaning == Meaning.VALUE ? List.of("value") : labels(folder);
            RowClassifier network = RowClassifier.of(model, pooling(folder), meaning, labels.size(), 0);
            return new RowTask(network, labels, Fittings.of(folder), Standard.of(folder.extra().get("standard")));
        }
    }

    private static void requireRows(ModelFolder folder) {
        AnswerKind kind = AnswerKind.of(folder);
        if (!folder.hasClassifier() || kind == AnswerKind.TAGS) {
            throw new CheckpointException(folder.folder() + ": " + (kind == AnswerKind.TAGS
                    ? "tags words, which a TokenTagger does; it is no classifier of texts"
                    : "has no classifier (no tensor " + LinearHead.CLASSIFIER + ".weight or another of its kind; it is "
                            + folder.config().values().getOrDefault("architectures", "of no stated architecture") + ")")
                    + ". Fine-tune it with a recipe of objective.kind: classification, and open that run");
        }
    }

    /// As Cultivar's own part says; else as transformers' `problem_type` does, or its number of labels.
    static Meaning meaning(ModelFolder folder) {
        if (folder.extra().get("meaning") instanceof String word) {
            return Meaning.named(word).orElseThrow(() ->
                    new CheckpointException(folder.config().place() + ": cultivar.meaning " + word + " is none that this version knows"));
        }
        String problem = folder.config().text("problem_type", "");
        return switch (problem) {
            case "multi_label_classification" -> Meaning.SEVERAL_CLASSES;
            case "regression" -> Meaning.VALUE;
            case "", "single_label_classification" -> folder.classes() == 1 ? Meaning.VALUE : Meaning.ONE_CLASS;
            default -> throw new CheckpointException(folder.config().place() + ": problem_type " + problem
                    + " is not known; it is single_label_classification, multi_label_classification or regression");
        };
    }

    /// Transformers leaves the names out where they are `LABEL_0` and `LABEL_1`.
    static List<String> labels(ModelFolder folder) {
        List<String> named = folder.labels();
        List<String> labels = named.isEmpty() ? IntStream.range(0, folder.classes()).mapToObj(i -> "LABEL_" + i).toList() : named;
        if (labels.size() != folder.classes() || new HashSet<>(labels).size() != labels.size()) {
            throw new CheckpointException(folder.config().place() + ": id2label must give each of the classifier's " + folder.classes()
                    + " outputs a name of its own, got " + labels);
        }
        return labels;
    }

    /// How hidden states of a row become the vector that a head over rows reads.
    static Pooling pooling(ModelFolder folder) {
        Object said = folder.extra().get("pooling");
        if (said == null || said.equals("cls")) {
            return Pooling.CLS; // also what transformers' sequence classifiers read
        }
        if (said.equals("mean")) {
            return Pooling.MEAN;
        }
        throw new CheckpointException(folder.config().place() + ": cultivar.pooling must be cls or mean, got " + said);
    }

    /// What the network says of a text.
    ///
    /// @param numbers a probability of each label, or the score; the mean over the parts of a long text
    /// @param energy  how strongly any label speaks for itself: the log of the sum of the scores' exponentials (Liu et al., 2020)
    /// @param cut     tokens of the text that were not seen
    record Said(float[] numbers, double energy, int cut) {}

    /// Lays texts out as in training and asks.
    static List<Said> ask(Opened<RowTask> opened, List<TextPair> pairs) {
        Pieces pieces = opened.pieces();
        RowTask task = opened.network();
        List<Answering.Row> rows = new ArrayList<>(pairs.size());
        List<List<Fitting.Row>> fitted = new ArrayList<>(pairs.size());
        for (TextPair pair : pairs) {
            int[] first = pieces.ids(pair.text());
            int[] second = pair.pair().isEmpty() ? new int[0] : pieces.ids(pair.pair());
            List<Fitting.Row> of = task.fitting().rows(first.length, second.length, opened.maxLength());
            for (Fitting.Row row : of) {
                int[] tokens = TokenGrid.assemble(Fitting.Row.of(first, row.first()), Fitting.Row.of(second, row.second()), pieces);
                rows.add(new Answering.Row(tokens, row.first().length));
            }
            fitted.add(of);
        }
        Iterator<RowClassifier.Said> answers = opened.compute(rows, task.network()::said).iterator();
        Function<List<Fitting.Row>, Said> pooled = of -> {
            List<RowClassifier.Said> parts = of.stream().map(_ -> answers.next()).toList();
            double energy = parts.stream().mapToDouble(part -> part.energies()[0]).average().orElseThrow();
            return new Said(RowClassifier.mean(parts.stream().map(RowClassifier.Said::numbers).toList()), energy, of.getFirst().cut());
        };
        return fitted.stream().map(pooled).toList();
    }
}
