package dev.cultivar.generate;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.SpecialIds;
import dev.cultivar.nn.VirtualTokens;
import dev.cultivar.nn.StoredWeights;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Beginning;
import dev.cultivar.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// A folder's model and tokenizer, opened to go on with text.
///
/// @param model     with a head over the vocabulary
/// @param tokenizer of the same folder
/// @param begins    what a text starts with
/// @param ends      tokens that end a text
record GeneratorFolder(Model model, Tokenizer tokenizer, Beginning begins, Set<Integer> ends) implements AutoCloseable {

    static GeneratorFolder open(Path place, Backbones.Custom custom) {
        try (var folder = ModelFolder.open(place)) {
            requireHead(folder);
            var tokenizer = Tokenizer.open(folder.tokenizerFolder());
            try {
                Model model = model(folder, custom);
                try {
                    model.backbone().requireFits(tokenizer.vocabulary(), place);
                    return new GeneratorFolder(model, tokenizer, Beginning.of(folder.tokenizerFolder(), tokenizer), ends(folder, tokenizer));
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

    /// A classifier's trunk would say something too, and it would mean nothing.
    private static void requireHead(ModelFolder folder) {
        Object named = folder.config().values().get("architectures");
        boolean predicts = !(named instanceof List<?> classes)
                || classes.isEmpty()
                || Backbones.CUSTOM.equals(folder.config().values().get("model_type"))
                || classes.stream().map(String::valueOf).anyMatch(name -> name.endsWith("LMHeadModel") || name.endsWith("ForCausalLM"));
        if (!predicts) {
            throw new CheckpointException(folder.folder() + ": has no head that predicts the next token (it is " + named
                    + "), so it cannot generate. Train one with a recipe of objective.kind: causal_lm, or open a model for causal language modelling");
        }
    }

    private static Model model(ModelFolder folder, Backbones.Custom custom) {
        StoredWeights stored = folder.stored(name -> false);
        var weights = new Weights(0, stored);
        try {
            Backbone backbone = Backbones.build(folder.config(), weights, false, custom);
            if (backbone instanceof VirtualTokens) {
                throw new CheckpointException(folder.folder() + ": text is not generated behind virtual tokens; use an adapter of another kind, such as LoRA");
            }
            var model = new Model(weights, backbone);
            CausalLmHead.of(model);
            stored.finish(weights, name -> false, name -> backbone.depth(name) < 0); // other heads may lie beside it
            weights.parameters().forEach(name -> weights.requireGradient(name, false));
            return model;
        } catch (RuntimeException problem) {
            weights.close();
            throw problem;
        }
    }

    /// `generation_config.json` has the last word, then `config.json`, then the tokenizer.
    private static Set<Integer> ends(ModelFolder folder, Tokenizer tokenizer) {
        Path generation = folder.folder().resolve("generation_config.json");
        List<Integer> ends = Files.exists(generation) ? SpecialIds.ends(JsonFiles.read(generation)) : List.of();
        if (ends.isEmpty()) {
            ends = SpecialIds.ends(folder.config().values());
        }
        return ends.isEmpty() ? one(tokenizer.special().end()) : Set.copyOf(ends);
    }

    private static Set<Integer> one(OptionalInt id) {
        return id.isPresent() ? Set.of(id.getAsInt()) : Set.of();
    }

    /// The tokens of a prompt, with what a text starts with; of an empty one, what stands before a document.
    int[] tokens(String prompt) {
        if (prompt.isEmpty() && begins.ids().isEmpty()) {
            return tokenizer.special().begin().stream().toArray();
        }
        return begins.before(prompt.isEmpty() ? new int[0] : tokenizer.ids(prompt));
    }

    @Override
    public void close() {
        tokenizer.close();
        model.close();
    }
}
