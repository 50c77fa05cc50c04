package dev.cultivar.run;

import dev.cultivar.batch.PictureFacts;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    /// @param pictures that the backbone looks at
    static Map<String, Object> config(BackboneRecipe.Vision recipe, PictureFacts pictures) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("image_size", List.of(pictures.height(), pictures.width()));
        config.put("num_channels", pictures.channels());
        switch (recipe) {
            case BackboneRecipe.Mlp mlp -> {
                config.put("model_type", "mlp");
                config.put("hidden_sizes", mlp.hidden());
                config.put("hidden_act", word(mlp.activation()));
                config.put("dropout", mlp.dropout());
            }
            case BackboneRecipe.Cnn cnn -> {
                config.put("model_type", "cnn");
                config.put("filters", cnn.filters());
                config.put("kernel_size", cnn.kernel());
                config.put("pool_size", cnn.pool());
                config.put("pool", word(cnn.pools()));
            }
            case BackboneRecipe.LeNet _ -> config.put("model_type", "lenet");
            case BackboneRecipe.ResNet resnet -> resnet(config, resnet);
            case BackboneRecipe.Vgg vgg -> {
                config.put("model_type", "vgg");
                config.put("channels", vgg.channels());
                config.put("hidden_size", vgg.hidden());
                config.put("dropout", vgg.dropout());
            }
            case BackboneRecipe.Vit vit -> vit(config, vit, pictures);
            case BackboneRecipe.ConvEncoder(var channels) -> {
                config.put("model_type", "conv_encoder");
                config.put("channels", channels);
            }
        }
        return config;
    }

    private static String word(Enum<?> member) {
        return member.name().toLowerCase(Locale.ROOT);
    }

    /// Table 1 of He et al. (2016).
    private static void resnet(Map<String, Object> config, BackboneRecipe.ResNet resnet) {
        boolean bottleneck = resnet.depth() == 50;
        int first = bottleneck ? 4 * resnet.width() : resnet.width();
        config.put("model_type", "resnet");
        config.put("embedding_size", resnet.width());
        config.put("hidden_sizes", List.of(first, 2 * first, 4 * first, 8 * first));
        config.put("depths", resnet.depth() == 18 ? List.of(2, 2, 2, 2) : List.of(3, 4, 6, 3));
        config.put("layer_type", bottleneck ? "bottleneck" : "basic");
        config.put("hidden_act", "relu");
        config.put("stem", word(resnet.stem()));
    }

    private static void vit(Map<String, Object> config, BackboneRecipe.Vit vit, PictureFacts pictures) {
        if (pictures.height() != pictures.width() || pictures.height() % vit.patch() != 0) {
            throw new RecipeException("backbone.kind vit cuts square pictures into whole patches: got pictures of " + pictures.height() + " x "
                    + pictures.width() + " and patches of " + vit.patch() + " x " + vit.patch() + "; change backbone.patch, or data.height and data.width");
        }
        config.put("model_type", "vit");
        config.put("image_size", pictures.height());
        config.put("patch_size", vit.patch());
        config.put("hidden_size", vit.width());
        config.put("num_hidden_layers", vit.layers());
        config.put("num_attention_heads", vit.heads());
        config.put("intermediate_size", vit.feedForward());
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", vit.dropout());
        config.put("attention_probs_dropout_prob", vit.attentionDropout());
        config.put("initializer_range", vit.initializerRange());
        config.put("layer_norm_eps", 1e-12);
        config.put("qkv_bias", true);
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
