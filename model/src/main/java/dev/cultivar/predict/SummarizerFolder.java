package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.generate.TargetGenerator;
import dev.cultivar.generate.Writing;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.EncoderDecoder;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.SpecialIds;
import dev.cultivar.nn.StoredWeights;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.TextFrame;
import dev.cultivar.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What lies in the folder of an encoder-decoder, opened and checked: the network, the tokenizer, and how long texts are.
///
/// @param pad       what fills rows up
/// @param maxLength the longest text that is read, in tokens, special ones included
/// @param writing   how texts are written where nobody says
record SummarizerFolder(Model model, TargetGenerator generator, Tokenizer tokenizer, TextFrame frame, int pad, int maxLength, Writing writing)
        implements AutoCloseable {
    private static final int TOKENS = 128;

    static SummarizerFolder open(Path place, Backbones.Custom custom) {
        try (var folder = ModelFolder.open(place)) {
            var tokenizer = Tokenizer.open(folder.tokenizerFolder());
            try {
                Model model = model(folder, custom);
                try {
                    return of(folder, model, tokenizer);
                } catch (RuntimeException problem) {
                    model.close();
                    throw problem;
                }
            } catch (RuntimeException problem) {
                tokenizer.close();
                throw problem;
            }
        }
    }

    private static Model model(ModelFolder folder, Backbones.Custom custom) {
        StoredWeights stored = folder.stored(name -> false);
        var weights = new Weights(0, stored);
        try {
            Backbone backbone = Backbones.build(folder.config(), weights, false, custom);
            var model = new Model(weights, backbone);
            halves(folder, backbone).head(model);
            stored.finish(weights, name -> name.equals("final_logits_bias"), name -> backbone.depth(name) < 0); // a bare folder has no such buffer
            if (folder.isReduced()) {
                weights.reduceFrozen(weights.parameters()); // what it was trained and measured in
            }
            weights.parameters().forEach(name -> weights.requireGradient(name, false));
            return model;
        } catch (RuntimeException problem) {
            weights.close();
            throw problem;
        }
    }

    private static EncoderDecoder halves(ModelFolder folder, Backbone backbone) {
        return backbone.encoderDecoder().orElseThrow(() -> new CheckpointException(folder.folder() + ": is of type "
                + folder.config().values().get("model_type") + ", which writes no text from another; open a model of type t5 or bart, "
                + "trained with a recipe of objective.kind: seq2seq"));
    }

    private static SummarizerFolder of(ModelFolder folder, Model model, Tokenizer tokenizer) {
        model.backbone().requireFits(tokenizer.vocabulary(), folder.folder());
        EncoderDecoder.Targets targets = halves(folder, model.backbone()).targets();
        ConfigFile said = said(folder);
        List<Integer> ends = SpecialIds.ends(said.values());
        var frame = TextFrame.of(tokenizer.special());
        Set<Integer> all = !ends.isEmpty() ? Set.copyOf(ends) : !targets.special().ends().isEmpty() ? Set.copyOf(targets.special().ends()) : Set.of(frame.end());
        var generator = new TargetGenerator(model, tokenizer.vocabulary(), all);
        return new SummarizerFolder(model, generator, tokenizer, frame, targets.pad(), maxLength(folder, model.backbone()), writing(folder, said, model.backbone()));
    }

    /// `generation_config.json` has the last word, then `config.json`.
    private static ConfigFile said(ModelFolder folder) {
        Path generation = folder.folder().resolve("generation_config.json");
        Map<String, @Nullable Object> values = new LinkedHashMap<>(folder.config().values());
        if (Files.exists(generation)) {
            values.putAll(JsonFiles.read(generation));
        }
        return new ConfigFile(Files.exists(generation) ? generation.toString() : folder.config().place(), values);
    }

    private static int maxLength(ModelFolder folder, Backbone backbone) {
        int positions = backbone.positions() > 0 ? backbone.positions() : Integer.MAX_VALUE;
        int said = folder.extra().get("max_length") instanceof Number length ? length.intValue() : folder.config().whole("n_positions", positions);
        if (said < 3 || said > positions) {
            throw new CheckpointException(folder.config().place() + ": cultivar.max_length must be from 3 to the model's " + positions + " positions, got " + said);
        }
        return said;
    }

    /// Transformers counts what the decoder reads first among a text's tokens.
    private static Writing writing(ModelFolder folder, ConfigFile said, Backbone backbone) {
        int most = folder.extra().get("max_target_length") instanceof Number length ? length.intValue() : said.whole("max_length", TOKENS + 1) - 1;
        int tokens = Math.max(1, backbone.positions() > 0 ? Math.min(most, backbone.positions()) : most);
        try {
            return Writing.greedy(tokens)
                    .withLeastTokens(Math.max(0, Math.min(tokens, said.whole("min_length", 0)) - 1))
                    .withBeams(said.whole("num_beams", 1), said.number("length_penalty", 1))
                    .withNoRepeat(said.whole("no_repeat_ngram_size", 0))
                    .withForced(said.whole("forced_bos_token_id", -1), said.whole("forced_eos_token_id", -1));
        } catch (IllegalArgumentException wrong) {
            throw new CheckpointException(said.place() + ": how texts are written: " + wrong.getMessage());
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        model.close();
    }
}
