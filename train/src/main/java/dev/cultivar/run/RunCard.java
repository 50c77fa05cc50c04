package dev.cultivar.run;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PicturesRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.StrategyRecipe;
import dev.cultivar.report.Block.Fact;
import dev.cultivar.report.ModelCard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes a run's model card, `README.md`: what the folder tells, and where a person has to add what it cannot know.
final class RunCard {
    private RunCard() {}

    static void write(RunFiles run, Recipe recipe, Progress progress, Map<String, List<Metric>> best) {
        ObjectiveRecipe objective = recipe.turns().getLast().objective();
        var card = new ModelCard(
                recipe.name(),
                "Trained with Cultivar: " + objective(objective) + ".",
                Optional.empty(),
                recipe.backbone() instanceof BackboneRecipe.Pretrained pretrained ? Optional.of(pretrained.model()) : Optional.empty(),
                List.of(),
                task(objective),
                List.of("cultivar"),
                data(recipe.data()),
                best.isEmpty() ? List.of() : best.values().iterator().next(),
                List.of(new Fact("source", data(recipe.data())), new Fact("fingerprints", "in provenance.json")),
                List.of(new Fact("what moved", strategy(recipe.strategy())), new Fact("settings", "in recipe.yaml")),
                List.of("Measured on the held-out rows of the recipe and nowhere else. Who uses it elsewhere should measure it there."),
                List.of(
                        new Fact("steps", String.format(Locale.ROOT, "%,d", progress.step())),
                        new Fact(recipe.data() instanceof DataRecipe.Images ? "pictures" : "tokens", String.format(Locale.ROOT, "%,d", progress.tokens())),
                        new Fact("seconds of training, measured", String.format(Locale.ROOT, "%.1f", progress.seconds()))),
                usage(objective, String.valueOf(run.root().getFileName())));
        try {
            Files.writeString(run.root().resolve("README.md"), card.markdown(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new CheckpointException(run.root().resolve("README.md") + ": cannot be written: " + failure.getMessage(), failure);
        }
    }

    /// The hub's word for what the model does; empty where it has none.
    private static String task(ObjectiveRecipe objective) {
        return switch (objective) {
            case ObjectiveRecipe.MaskedLm _, ObjectiveRecipe.MaskedLmNextSentence _ -> "fill-mask";
            case ObjectiveRecipe.CausalLm _ -> "text-generation";
            case PictureObjectiveRecipe.FixMatch _ -> "image-classification";
            case PictureObjectiveRecipe.Vae _, PictureObjectiveRecipe.GanGenerator _ -> "unconditional-image-generation";
            case PictureObjectiveRecipe _ -> "image-feature-extraction";
            case ObjectiveRecipe.OfRow _ -> "text-classification";
            case ObjectiveRecipe.Tasks tasks -> {
                List<String> words = tasks.tasks().values().stream().map(RunCard::task).distinct().toList();
                yield words.size() == 1 ? words.getFirst() : "";
            }
            case ObjectiveRecipe.TokenClassification _ -> "token-classification";
            case ObjectiveRecipe.QuestionAnswering _ -> "question-answering";
            case ObjectiveRecipe.SequenceToSequence _ -> "summarization";
            case ObjectiveRecipe.Embedding _ -> "sentence-similarity";
            case ObjectiveRecipe.Ranking _ -> "text-ranking";
            case ObjectiveRecipe.ReplacedToken _, ObjectiveRecipe.SpanCorruption _, ObjectiveRecipe.Denoising _, ObjectiveRecipe.Custom _ -> "";
        };
    }

    private static String usage(ObjectiveRecipe objective, String run) {
        return switch (objective) {
            case PictureObjectiveRecipe.FixMatch _ -> "./cultivar predict " + run + " picture.png";
            case PictureObjectiveRecipe.Vae _, PictureObjectiveRecipe.GanGenerator _ -> "./cultivar generate " + run + " --count 16 --out pictures";
            case PictureObjectiveRecipe _ -> "./cultivar evaluate " + run;
            case ObjectiveRecipe.OfRow _ -> "./cultivar predict " + run + " \"a text\"";
            case ObjectiveRecipe.Tasks tasks -> "./cultivar predict " + run + "#" + tasks.tasks().firstEntry().getKey() + " \"a text\"";
            case ObjectiveRecipe.Embedding _ -> "Embedder.open(\"" + run + "\").embed(\"a text\")";
            case ObjectiveRecipe.Ranking _ -> "Ranker.open(\"" + run + "\").rank(\"a query\", documents)";
            case ObjectiveRecipe.CausalLm _ -> "./cultivar generate " + run + " --prompt \"a text\"";
            case ObjectiveRecipe.SequenceToSequence _ -> "./cultivar predict " + run + " \"a text\"";
            case ObjectiveRecipe.MaskedLm _, ObjectiveRecipe.MaskedLmNextSentence _, ObjectiveRecipe.ReplacedToken _,
                    ObjectiveRecipe.SpanCorruption _, ObjectiveRecipe.Denoising _,
                    ObjectiveRecipe.TokenClassification _, ObjectiveRecipe.QuestionAnswering _, ObjectiveRecipe.Custom _ ->
                "./cultivar evaluate " + run;
        };
    }

    private static String objective(ObjectiveRecipe objective) {
        return switch (objective) {
            case ObjectiveRecipe.MaskedLm masked -> "masked language modelling";
            case ObjectiveRecipe.MaskedLmNextSentence both -> "masked language modelling and next-sentence prediction";
            case ObjectiveRecipe.CausalLm causal -> "causal language modelling";
            case ObjectiveRecipe.ReplacedToken replaced -> "replaced-token detection";
            case ObjectiveRecipe.Classification _ -> "classification, one label a row";
            case ObjectiveRecipe.MultiLabel _ -> "classification, any number of labels a row";
            case ObjectiveRecipe.Ordinal _ -> "ordinal classification, labels that have an order";
            case ObjectiveRecipe.Regression _ -> "regression, one number a row";
            case ObjectiveRecipe.TokenClassification tagging -> "token classification, a tag for each word";
            case ObjectiveRecipe.QuestionAnswering answering -> "answers to questions as stretches of a text";
            case ObjectiveRecipe.SequenceToSequence texts -> "sequence to sequence, one text from another";
            case ObjectiveRecipe.SpanCorruption spans -> "span corruption";
            case ObjectiveRecipe.Denoising denoising -> "denoising";
            case ObjectiveRecipe.Embedding embedding -> "sentence embeddings";
            case ObjectiveRecipe.Ranking ranking -> "relevance of documents to queries";
            case ObjectiveRecipe.Tasks tasks -> "several tasks on one backbone: " + tasks.tasks().entrySet().stream()
                    .map(task -> task.getKey() + " (" + objective(task.getValue()) + ")")
                    .collect(Collectors.joining("; "));
            case PictureObjectiveRecipe pictures -> pictures(pictures);
            case ObjectiveRecipe.Custom custom -> "the objective " + custom.name() + " of an extension";
        };
    }

    private static String pictures(PictureObjectiveRecipe objective) {
        return switch (objective) {
            case PictureObjectiveRecipe.Autoencoder encoder ->
                encoder.corruption() instanceof PictureObjectiveRecipe.Corruption.None ? "autoencoding of pictures" : "denoising of pictures";
            case PictureObjectiveRecipe.Vae _ -> "variational autoencoding of pictures";
            case PictureObjectiveRecipe.GanCritic critic -> critic.classes()
                    ? "classification of pictures, as the critic of a GAN"
                    : "telling pictures from drawn ones, as the critic of a GAN";
            case PictureObjectiveRecipe.GanGenerator _ -> "drawing pictures, as the generator of a GAN";
            case PictureObjectiveRecipe.MaskedPatches _ -> "drawing hidden patches of pictures";
            case PictureObjectiveRecipe.SimClr _ -> "telling which views are of one picture";
            case PictureObjectiveRecipe.Rotation _ -> "telling how pictures were turned";
            case PictureObjectiveRecipe.FixMatch _ -> "classification of pictures, with few labels";
        };
    }

    private static String strategy(StrategyRecipe strategy) {
        return switch (strategy) {
            case StrategyRecipe.Full full -> "All parameters were trained.";
            case StrategyRecipe.FeatureExtraction extraction -> "The backbone was frozen; only the head was trained.";
            case StrategyRecipe.Partial partial -> "The last " + partial.trained() + " layers and the head were trained.";
            case StrategyRecipe.Gradual gradual -> "Layers were unfrozen one after the other, from the top.";
            case StrategyRecipe.Lora lora -> "The backbone was frozen; " + (lora.dora() ? "DoRA" : "LoRA") + " of rank " + lora.rank() + " and the head were trained.";
            case StrategyRecipe.Ia3 ia3 -> "The backbone was frozen; IA3's factors and the head were trained.";
            case StrategyRecipe.Prompt prompt -> "The backbone was frozen; a prompt of " + prompt.tokens() + " vectors and the head were trained.";
            case StrategyRecipe.Prefix prefix -> "The backbone was frozen; a prefix of " + prefix.tokens() + " keys and values a layer and the head were trained.";
            case StrategyRecipe.BitFit bitFit -> "Only biases and the head were trained.";
            case StrategyRecipe.Custom custom -> "Strategy " + custom.name() + " of an extension.";
        };
    }

    private static String data(DataRecipe data) {
        return switch (data) {
            case DataRecipe.Rows rows -> switch (rows.train()) {
                case DataRecipe.Source.Table table -> String.valueOf(table.path().getFileName());
                case DataRecipe.Source.Sql sql -> "a query";
                case DataRecipe.Source.Zoo zoo -> zoo.name() + ", " + zoo.part();
                case DataRecipe.Source.Corpus corpus -> "a corpus of " + corpus.corpus().sources().size() + " sources";
            };
            case DataRecipe.Images images -> Stream.concat(Stream.of(images.train()), images.added().stream())
                    .map(RunCard::pictures)
                    .collect(Collectors.joining(", and "));
            case DataRecipe.Tasks tasks -> tasks.tasks().entrySet().stream()
                    .map(task -> task.getKey() + ": " + data(task.getValue()))
                    .collect(Collectors.joining("; "));
            case DataRecipe.Custom custom -> "the source " + custom.name() + " of an extension";
        };
    }

    private static String pictures(PicturesRecipe.Source source) {
        return switch (source) {
            case PicturesRecipe.Source.Folder(var path) -> "pictures in " + path.getFileName();
            case PicturesRecipe.Source.Table table -> "pictures named by " + table.path().getFileName();
            case PicturesRecipe.Source.Idx(var pictures, _) -> String.valueOf(pictures.getFileName());
            case PicturesRecipe.Source.Pixels pixels -> String.valueOf(pixels.path().getFileName());
            case PicturesRecipe.Source.Glyphs glyphs -> glyphs.rows() + " drawn " + glyphs.alphabet().name().toLowerCase(Locale.ROOT);
            case PicturesRecipe.Source.Generator generator -> generator.rows() + " pictures drawn by " + generator.model();
        };
    }
}
