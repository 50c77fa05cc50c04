package dev.cultivar.predict;

import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.EmbeddingLayout;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.TextEmbedding;
import java.nio.file.Path;
import java.util.OptionalInt;

/// Reads the folder of any model over texts, to listen to its attention: the backbone, and which states its head reads.
///
/// @param backbone  without a head
/// @param read      the tokens whose states the head reads
/// @param predicts  whether it is asked for the next token, so that a text is laid out as `generate` does
/// @param tokenizer the tokenizer's folder
record AttendingTask(Backbone backbone, Read read, boolean predicts, Path tokenizer) {

    /// Which states of the last layer a head reads.
    enum Read { FIRST, LAST, ALL }

    static final Opened.Task<AttendingTask> READER = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {} // whether it attends is heard

        @Override
        public boolean reads() {
            return false;
        }

        @Override
        public boolean framed() {
            return false; // decoders go on with a text as it is, and encoder-decoders have a frame of their own
        }

        @Override
        public OptionalInt maxLength(ModelFolder folder) {
            return EmbeddingLayout.isIn(folder.folder()) ? EmbeddingLayout.read(folder.folder()).maxLength() : OptionalInt.empty();
        }

        @Override
        public AttendingTask network(ModelFolder folder, Model model) {
            Backbone backbone = model.backbone();
            boolean predicts = AnswerKind.of(folder) == AnswerKind.NONE && backbone.words().isPresent();
            return new AttendingTask(backbone, read(folder, backbone), predicts, folder.tokenizerFolder());
        }
    };

    private static Read read(ModelFolder folder, Backbone backbone) {
        Read one = backbone.words().isPresent() ? Read.LAST : Read.FIRST;
        return switch (AnswerKind.of(folder)) {
            case LABELS, VALUES, RELEVANCE -> mean(folder) ? Read.ALL : one;
            case VECTORS -> EmbeddingLayout.read(folder.folder()).from() == TextEmbedding.From.CLS ? Read.FIRST : Read.ALL;
            case TAGS, SPANS, TEXTS -> Read.ALL;
            case NONE -> backbone.words().isPresent() ? Read.LAST : Read.ALL;
        };
    }

    /// Whether a head over rows reads the mean of their tokens, by Cultivar's word or by ModernBERT's own.
    private static boolean mean(ModelFolder folder) {
        return RowTask.pooling(folder) == Pooling.MEAN || folder.config().text("classifier_pooling", "").equals("mean");
    }
}
