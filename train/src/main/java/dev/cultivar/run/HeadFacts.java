package dev.cultivar.run;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.nn.EmbeddingLayout;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Objectives;
import dev.cultivar.objective.Tasks;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.Fittings;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/// What a model's folder says of its heads beside the weights, so that whoever opens it reads them as they were trained.
final class HeadFacts {
    /// The key of what pictures are to the model.
    static final String PICTURES = "pictures";

    private HeadFacts() {}

    /// How others find out what a vector is made of.
    static EmbeddingLayout layout(Recipe recipe, ObjectiveRecipe.Embedding objective) {
        var from = switch (objective.pooling()) {
            case CLS -> TextEmbedding.From.CLS;
            case MEAN -> TextEmbedding.From.MEAN;
        };
        return new EmbeddingLayout(from, objective.normalize(), OptionalInt.of(recipe.batching().maxLength()));
    }

    /// How a picture becomes what the model reads.
    private static Map<String, Object> pictures(Recipe recipe, LabelFacts facts) {
        Map<String, Object> said = new LinkedHashMap<>(facts.pictures().json());
        if (recipe.data() instanceof DataRecipe.Images images) {
            said.put("fit", images.shape().fit().name().toLowerCase(Locale.ROOT));
        }
        return said;
    }

    /// What transformers' image processors read: sizes, and how values are normalised once they are divided by 255.
    static Map<String, Object> processor(PictureFacts pictures) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("image_processor_type", "ViTImageProcessor");
        said.put("do_resize", true);
        said.put("size", Map.of("height", pictures.height(), "width", pictures.width()));
        said.put("resample", 2);
        said.put("do_rescale", true);
        said.put("rescale_factor", 1 / 255.0);
        said.put("do_normalize", true);
        said.put("image_mean", pictures.json().get("mean"));
        said.put("image_std", pictures.json().get("deviation"));
        return said;
    }

    /// What `config.json` says of the head that transformers has no word for.
    static Map<String, Object> of(Recipe recipe, LabelFacts facts) {
        Map<String, Object> extra = new LinkedHashMap<>();
        if (!facts.pictures().none()) {
            extra.put(PICTURES, pictures(recipe, facts));
        } else {
            extra.put("max_length", recipe.batching().maxLength());
        }
        extra.put("precision", recipe.device().precision().name().toLowerCase(Locale.ROOT));
        if (recipe.device().memoryFormat() == DeviceRecipe.MemoryFormat.CHANNELS_LAST) {
            extra.put("memory_format", "channels_last");
        }
        switch (recipe.turns().getLast().objective()) {
            case ObjectiveRecipe.OfRow row -> {
                extra.put("task", (row instanceof ObjectiveRecipe.Regression ? AnswerKind.VALUES : AnswerKind.LABELS).task());
                extra.put("pooling", row.pooling().name().toLowerCase(Locale.ROOT));
                extra.put("meaning", Objectives.meaning(row).word());
                if (row instanceof ObjectiveRecipe.Regression) {
                    extra.put("standard", facts.standard().json());
                }
                if (facts.pictures().none()) {
                    extra.put(Fittings.KEY, Fittings.json(Material.fitting(recipe)));
                }
            }
            case ObjectiveRecipe.TokenClassification _ -> extra.put("task", AnswerKind.TAGS.task());
            case ObjectiveRecipe.QuestionAnswering answering -> {
                extra.put("task", AnswerKind.SPANS.task());
                extra.put("stride", answering.stride());
                extra.put("max_answer", answering.maxAnswer());
                if (answering.noAnswer() instanceof ObjectiveRecipe.NoAnswer.Threshold(double threshold)) {
                    extra.put("no_answer", threshold);
                }
            }
            case ObjectiveRecipe.SequenceToSequence texts -> {
                extra.put("task", AnswerKind.TEXTS.task());
                extra.put("max_target_length", texts.maxTargetLength());
            }
            case ObjectiveRecipe.Embedding _ -> extra.put("task", AnswerKind.VECTORS.task());
            case PictureObjectiveRecipe.GanCritic critic when critic.classes() -> {
                extra.put("task", AnswerKind.LABELS.task());
                extra.put("pooling", "cls");
                extra.put("meaning", Meaning.ONE_CLASS.word());
            }
            case ObjectiveRecipe.Ranking _ -> extra.put("task", AnswerKind.RELEVANCE.task());
            case ObjectiveRecipe.Tasks tasks -> extra.put("heads", List.copyOf(tasks.tasks().keySet()));
            default -> {}
        }
        return extra;
    }
}
