package dev.cultivar.run;

import dev.cultivar.nn.BartConfig;
import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.ElectraConfig;
import dev.cultivar.nn.EncoderDecoder;
import dev.cultivar.nn.Gpt2Config;
import dev.cultivar.nn.LlamaConfig;
import dev.cultivar.nn.Rope;
import dev.cultivar.nn.SpecialIds;
import dev.cultivar.nn.T5Config;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.text.Special;
import dev.cultivar.text.TextFrame;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the `config.json` of a backbone says that a recipe describes and no checkpoint has yet.
final class NewBackbone {
    private NewBackbone() {}

    static Map<String, Object> config(BackboneRecipe.Transformer recipe, Built.Task task) {
        return switch (recipe) {
            case BackboneRecipe.Bert bert -> bert(bert, requireText("bert", task)).json();
            case BackboneRecipe.Electra electra -> electra(electra, requireText("electra", task)).json();
            case BackboneRecipe.Gpt2 gpt2 -> gpt2(gpt2, requireText("gpt2", task)).json();
            case BackboneRecipe.Llama llama -> llama(llama, requireText("llama", task)).json();
            case BackboneRecipe.T5 t5 -> t5(t5, requireFrame("t5", task)).json();
            case BackboneRecipe.Bart bart -> bart(bart, requireFrame("bart", task)).json();
        };
    }

    private static Built.Task requireText(String kind, Built.Task task) {
        if (task.vocabulary() == 0) {
            throw new RecipeException("backbone.kind " + kind + " reads text and needs a tokenizer, got tokenizer.kind none");
        }
        return task;
    }

    /// A text that is written starts somewhere and ends somewhere.
    private static Built.Task requireFrame(String kind, Built.Task task) {
        Special special = requireText(kind, task).special();
        if (special.pad().isEmpty() || special.end().isEmpty() && special.sep().isEmpty()) {
            throw new RecipeException("backbone.kind " + kind + " writes texts and needs a tokenizer with the pieces <pad> and </s>, and this one lacks "
                    + (special.pad().isEmpty() ? "<pad>" : "</s>") + "; name them in tokenizer.special");
        }
        return task;
    }

    /// As of Hugging Face: a T5 starts with padding, a BART with the piece that ends a text.
    private static T5Config t5(BackboneRecipe.T5 t5, Built.Task task) {
        var frame = TextFrame.of(task.special());
        var special = new SpecialIds(Optional.empty(), List.of(frame.end()), Optional.of(task.pad()));
        return new T5Config(
                task.vocabulary(),
                t5.width(),
                t5.layers(),
                t5.decoderLayers(),
                t5.heads(),
                t5.width() / t5.heads(),
                t5.feedForward(),
                t5.gated() ? "gelu_new" : "relu",
                t5.gated(),
                t5.buckets(),
                t5.maxDistance(),
                t5.dropout(),
                1e-6,
                1,
                t5.tied(),
                t5.tied(),
                new EncoderDecoder.Targets(task.pad(), task.pad(), special));
    }

    private static BartConfig bart(BackboneRecipe.Bart bart, Built.Task task) {
        var frame = TextFrame.of(task.special());
        Optional<Integer> begin = frame.begin().isPresent() ? Optional.of(frame.begin().getAsInt()) : Optional.empty();
        var special = new SpecialIds(begin, List.of(frame.end()), Optional.of(task.pad()));
        return new BartConfig(
                task.vocabulary(),
                bart.width(),
                new BartConfig.Half(bart.layers(), bart.heads(), bart.feedForward()),
                new BartConfig.Half(bart.decoderLayers(), bart.heads(), bart.feedForward()),
                bart.positions(),
                "gelu",
                bart.dropout(),
                bart.attentionDropout(),
                0,
                bart.initializerRange(),
                false,
                -1,
                new EncoderDecoder.Targets(frame.end(), task.pad(), special));
    }

    private static BertConfig bert(BackboneRecipe.Bert bert, Built.Task task) {
        return new BertConfig(
                task.vocabulary(),
                bert.width(),
                bert.layers(),
                bert.heads(),
                bert.feedForward(),
                bert.positions(),
                2,
                "gelu",
                bert.dropout(),
                bert.attentionDropout(),
                1e-12,
                bert.initializerRange(),
                task.pad());
    }

    private static ElectraConfig electra(BackboneRecipe.Electra electra, Built.Task task) {
        var encoder = new BertConfig(
                task.vocabulary(),
                electra.width(),
                electra.layers(),
                electra.heads(),
                electra.feedForward(),
                electra.positions(),
                2,
                "gelu",
                electra.dropout(),
                electra.attentionDropout(),
                1e-12,
                electra.initializerRange(),
                task.pad());
        return new ElectraConfig(encoder, electra.embedding(), electra.dropout());
    }

    private static Gpt2Config gpt2(BackboneRecipe.Gpt2 gpt2, Built.Task task) {
        String activation = switch (gpt2.activation()) {
            case GELU_NEW -> "gelu_new";
            case GELU -> "gelu";
        };
        return new Gpt2Config(
                task.vocabulary(),
                gpt2.width(),
                gpt2.layers(),
                gpt2.heads(),
                gpt2.feedForward(),
                gpt2.positions(),
                activation,
                gpt2.dropout(),
                gpt2.dropout(),
                gpt2.attentionDropout(),
                1e-5,
                gpt2.initializerRange(),
                true,
                false,
                gpt2.tied(),
                SpecialIds.padding(task.pad()));
    }

    private static LlamaConfig llama(BackboneRecipe.Llama llama, Built.Task task) {
        return new LlamaConfig(
                task.vocabulary(),
                llama.width(),
                llama.layers(),
                llama.heads(),
                llama.keyValueHeads(),
                llama.width() / llama.heads(),
                llama.feedForward(),
                llama.positions(),
                "silu",
                llama.attentionDropout(),
                1e-6,
                llama.initializerRange(),
                new Rope(llama.theta(), new Rope.Scaling.None()),
                false,
                false,
                llama.tied(),
                SpecialIds.padding(task.pad()));
    }
}
