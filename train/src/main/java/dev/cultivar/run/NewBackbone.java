package dev.cultivar.run;

import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.ElectraConfig;
import dev.cultivar.nn.Gpt2Config;
import dev.cultivar.nn.LlamaConfig;
import dev.cultivar.nn.Rope;
import dev.cultivar.nn.SpecialIds;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.RecipeException;
import java.util.Map;

/// What the `config.json` of a backbone says that a recipe describes and no checkpoint has yet.
final class NewBackbone {
    private NewBackbone() {}

    static Map<String, Object> config(BackboneRecipe.Transformer recipe, Built.Task task) {
        return switch (recipe) {
            case BackboneRecipe.Bert bert -> bert(bert, requireText("bert", task)).json();
            case BackboneRecipe.Electra electra -> electra(electra, requireText("electra", task)).json();
            case BackboneRecipe.Gpt2 gpt2 -> gpt2(gpt2, requireText("gpt2", task)).json();
            case BackboneRecipe.Llama llama -> llama(llama, requireText("llama", task)).json();
        };
    }

    private static Built.Task requireText(String kind, Built.Task task) {
        if (task.vocabulary() == 0) {
            throw new RecipeException("backbone.kind " + kind + " reads text and needs a tokenizer, got tokenizer.kind none");
        }
        return task;
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
