package dev.cultivar.run;

import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.Examples;
import dev.cultivar.data.GroupBatches;
import dev.cultivar.data.LabelPairs;
import dev.cultivar.data.Labels;
import dev.cultivar.data.Parts;
import dev.cultivar.data.QueryGroups;
import dev.cultivar.data.RowKind;
import dev.cultivar.data.StoredPairs;
import dev.cultivar.data.Targets;
import dev.cultivar.data.TextsApart;
import dev.cultivar.data.TokenStore;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.recipe.ObjectiveRecipe.HardNegatives;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.text.Pieces;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// How rows become groups of texts that are compared with each other: pairs, triples, a query's documents.
sealed interface TextGroupsReading {

    /// Empty for objectives whose rows stand alone.
    static Optional<TextGroupsReading> of(ObjectiveRecipe objective) {
        return switch (objective) {
            case ObjectiveRecipe.Embedding embedding when embedding.labelled() -> Optional.of(new ByLabel(embedding));
            case ObjectiveRecipe.Embedding embedding -> Optional.of(new ByColumn(embedding));
            case ObjectiveRecipe.Ranking _ -> Optional.of(new ByQuery());
            default -> Optional.empty();
        };
    }

    /// The rows as they are stored.
    Parts open(DataRecipe.Rows rows, long seed);

    /// Whether the label is a class.
    boolean classes();

    /// What a stored text is labelled with.
    Targets targets(Labels labels);

    /// The names of the model's outputs, none where it has vectors.
    default List<String> outputs(Labels labels) {
        return List.of();
    }

    /// What is trained on; other parts are measured text by text.
    BatchMaker training(TokenStore store, Pieces pieces, Examples rows, long seed);

    /// Texts that are compared by their labels.
    record ByLabel(ObjectiveRecipe.Embedding objective) implements TextGroupsReading {
        @Override
        public Parts open(DataRecipe.Rows rows, long seed) {
            return Parts.open(rows, seed);
        }

        @Override
        public boolean classes() {
            return true;
        }

        @Override
        public Targets targets(Labels labels) {
            return Targets.of(labels);
        }

        @Override
        public BatchMaker training(TokenStore store, Pieces pieces, Examples rows, long seed) {
            int[] meanings = GroupBatches.meanings(store);
            int[] labels = new int[store.rows()];
            java.util.Arrays.setAll(labels, row -> store.target(row)[0]);
            int[][] nearest = objective.hardNegatives() instanceof HardNegatives.Nearest negatives
                    ? NearestTexts.of(negatives, rows, labels.length).ofOtherLabels(labels)
                    : new int[0][];
            int perRow = objective.pairs() instanceof ObjectiveRecipe.Pairs.Labels(int count) ? count : 1;
            var units = new LabelPairs(store, rows, meanings, shape(), perRow, nearest, seed);
            return new GroupBatches(store, pieces, units, GroupBatches.compared(labels,
                    objective.scored() ? Optional.of(unit -> units.together(unit) ? 1 : 0) : Optional.empty()));
        }

        private LabelPairs.Shape shape() {
            return switch (objective.loss()) {
                case EmbeddingLoss.MultipleNegatives _ -> objective.hardNegatives() instanceof HardNegatives.None
                        ? LabelPairs.Shape.POSITIVE
                        : LabelPairs.Shape.TRIPLE;
                case EmbeddingLoss.Triplet _ -> LabelPairs.Shape.TRIPLE;
                case EmbeddingLoss.Cosine _, EmbeddingLoss.Contrastive _ -> LabelPairs.Shape.SCORED;
            };
        }
    }

    /// Texts that stand beside each other.
    record ByColumn(ObjectiveRecipe.Embedding objective) implements TextGroupsReading {
        @Override
        public Parts open(DataRecipe.Rows rows, long seed) {
            Parts read = Parts.open(rows, seed, RowKind.TEXTS);
            SequencedMap<String, Examples> also = new LinkedHashMap<>();
            read.also().forEach((name, part) -> also.put(name, new TextsApart(part, 2)));
            int texts = rows.columns().negative().isEmpty() ? 2 : 3;
            return new Parts(
                    new TextsApart(read.train(), texts),
                    read.validation().map(part -> new TextsApart(part, 2)),
                    read.test().map(part -> new TextsApart(part, 2)),
                    also,
                    Optional.empty());
        }

        @Override
        public boolean classes() {
            return false;
        }

        @Override
        public Targets targets(Labels labels) {
            return objective.scored() ? new Targets.Value() : new Targets.None();
        }

        @Override
        public BatchMaker training(TokenStore store, Pieces pieces, Examples rows, long seed) {
            int texts = ((TextsApart) rows).texts();
            int[] meanings = GroupBatches.meanings(store);
            int[][] nearest = objective.hardNegatives() instanceof HardNegatives.Nearest negatives
                    ? NearestTexts.of(negatives, rows, meanings.length).ofOtherPairs(meanings)
                    : new int[0][];
            var units = new StoredPairs(store, texts, nearest, seed);
            if (!objective.scored()) {
                units.requireDistinct(rows, meanings);
            }
            return new GroupBatches(store, pieces, units, GroupBatches.compared(meanings,
                    objective.scored() ? Optional.of(unit -> Targets.Value.of(store.row(unit * texts))) : Optional.empty()));
        }
    }

    /// Documents that are ranked for a query.
    record ByQuery() implements TextGroupsReading {
        @Override
        public Parts open(DataRecipe.Rows rows, long seed) {
            return Parts.open(rows, seed, RowKind.TEXTS);
        }

        @Override
        public boolean classes() {
            return false;
        }

        @Override
        public Targets targets(Labels labels) {
            return new Targets.Graded();
        }

        @Override
        public List<String> outputs(Labels labels) {
            return List.of("LABEL_0"); // transformers' name for the only one
        }

        @Override
        public BatchMaker training(TokenStore store, Pieces pieces, Examples rows, long seed) {
            return new GroupBatches(store, pieces, new QueryGroups(store, rows), GroupBatches.graded(store));
        }
    }
}
