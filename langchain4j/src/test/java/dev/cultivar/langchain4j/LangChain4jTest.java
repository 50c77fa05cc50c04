package dev.cultivar.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.EmbeddingLayout;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.nn.Weights;
import dev.cultivar.predict.Embedder;
import dev.cultivar.predict.Ranker;
import dev.cultivar.text.Tokenizer;
import dev.langchain4j.data.segment.TextSegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What LangChain4j asks for is what the facades give.
class LangChain4jTest {
    private static final List<String> PIECES = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "old", "cat", "saw", "net");
    private static final Map<String, Object> BERT = Map.of(
            "model_type", "bert", "vocab_size", (long) PIECES.size(), "hidden_size", 8L, "num_hidden_layers", 1L, "num_attention_heads", 2L,
            "intermediate_size", 16L, "max_position_embeddings", 16L);

    @TempDir
    Path folder;

    private void write(boolean ranks) {
        try (var weights = new Weights(1, Weights.Stored.NONE); var tokenizer = Tokenizer.wordPiece(PIECES, true)) {
            var model = new Model(weights, Backbones.build(ConfigFile.of("test", BERT), weights, ranks, Backbones.Custom.NONE));
            if (ranks) {
                model.network(LinearHead.CLASSIFIER, LinearHead.class, into -> new LinearHead(into, LinearHead.CLASSIFIER, 8, 1, 0.5));
            }
            ModelFolder.write(folder, model, ranks ? List.of("LABEL_0") : List.of(), Map.of());
            tokenizer.save(folder, 16);
        }
    }

    @Test
    void segmentsBecomeVectors() {
        write(false);
        new EmbeddingLayout(TextEmbedding.From.MEAN, true, OptionalInt.of(16)).write(folder, 8);
        try (var embedder = Embedder.open(folder)) {
            var model = new CultivarEmbeddingModel(embedder);
            assertThat(model.dimension()).isEqualTo(8);
            assertThat(model.embed("red cat").content().vector()).containsExactly(embedder.embed("red cat"), within(1e-5f));
            var all = model.embedAll(List.of(TextSegment.from("red cat"), TextSegment.from("old saw net"))).content();
            assertThat(all).hasSize(2);
            assertThat(all.get(1).vector()).containsExactly(embedder.embed("old saw net"), within(1e-5f));
            assertThat(all.get(0).vector()).isNotEqualTo(all.get(1).vector());
        }
    }

    @Test
    void segmentsAreScored() {
        write(true);
        try (var ranker = Ranker.open(folder)) {
            var model = new CultivarScoringModel(ranker);
            var scores = model.scoreAll(List.of(TextSegment.from("red cat"), TextSegment.from("old saw net")), "old cat").content();
            assertThat(scores.get(0)).isCloseTo(ranker.score("old cat", "red cat"), within(1e-4));
            assertThat(scores.get(1)).isCloseTo(ranker.score("old cat", "old saw net"), within(1e-4)).isNotEqualTo(scores.get(0));
            assertThat(model.score("red cat", "old cat").content()).isCloseTo(scores.getFirst(), within(1e-4));
        }
    }
}
