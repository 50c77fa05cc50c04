package dev.cultivar.objective;

import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Detection;
import dev.cultivar.nn.EncoderDecoder;
import dev.cultivar.nn.GeneratorShape;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.MaskedLmHead;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.SpanFinder;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.nn.TokenClassifier;
import dev.cultivar.predict.Spans;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.RecipeException;
import java.util.List;

/// Builds objectives, and with them the heads that they need.
public final class Objectives {
    private static final double HEAD_DEVIATION = 0.02;

    private Objectives() {}

    /// Builds an objective that an extension knows.
    @FunctionalInterface
    public interface Custom {
        Objective build(String name, Parameters parameters, Model model);
    }

    /// @param facts what the training rows' labels tell
    public static Objective build(ObjectiveRecipe recipe, Model model, LabelFacts facts, Custom custom) {
        return build(recipe, model, facts, Spelling.NONE, custom);
    }

    /// @param spelling of tokens, for scores of texts
    public static Objective build(ObjectiveRecipe recipe, Model model, LabelFacts facts, Spelling spelling, Custom custom) {
        return switch (recipe) {
            case PictureObjectiveRecipe pictures -> PictureObjectives.build(pictures, model, facts, HEAD_DEVIATION);
            case ObjectiveRecipe.MaskedLm masked -> new MaskedLm(maskedLmHead(model), List.of(), 0);
            case ObjectiveRecipe.MaskedLmNextSentence both ->
                    new MaskedLm(maskedLmHead(model), List.of(nextSentenceHead(model)), both.nextSentenceWeight());
            case ObjectiveRecipe.CausalLm causal -> new CausalLm(CausalLmHead.of(model));
            case ObjectiveRecipe.ReplacedToken replaced -> new ReplacedToken(
                    detection(model, replaced.generator()),
                    replaced.generator().embeddings() == ObjectiveRecipe.Embeddings.SHARED,
                    replaced.discriminatorWeight(),
                    new Sampling(replaced.temperature(), Sampling.Uniforms.BY_PLACE));
            case ObjectiveRecipe.Classification classification -> new Classification(
                    network(classification, model, Meaning.ONE_CLASS, facts.labels().size()),
                    classification.labelSmoothing(),
                    weights(classification.weights(), facts),
                    classification.focus(),
                    facts.labels());
            case ObjectiveRecipe.MultiLabel many ->
                    new MultiLabel(network(many, model, Meaning.SEVERAL_CLASSES, facts.labels().size()), facts.labels());
            case ObjectiveRecipe.Ordinal ordinal -> new Ordinal(
                    meaning(ordinal) == Meaning.RANK ? ranks(ordinal, model, facts) : network(ordinal, model, meaning(ordinal), facts.labels().size()),
                    facts.labels());
            case ObjectiveRecipe.Regression regression -> new Regression(
                    network(regression, model, Meaning.VALUE, 1), difference(regression.loss()), facts.standard());
            case ObjectiveRecipe.TokenClassification tagging -> new TokenClassification(TokenClassifier.of(model, tags(facts.labels()), HEAD_DEVIATION), facts.labels());
            case ObjectiveRecipe.QuestionAnswering answering -> new QuestionAnswering(SpanFinder.of(model, HEAD_DEVIATION), rules(answering));
            case ObjectiveRecipe.SequenceToSequence texts ->
                    texts(model, "seq2seq", texts.labelSmoothing(), texts.maxTargetLength(), texts.generate() ? spelling : Spelling.NONE);
            case ObjectiveRecipe.SpanCorruption _ -> texts(model, "span_corruption", 0, 1, Spelling.NONE);
            case ObjectiveRecipe.Denoising _ -> texts(model, "denoising", 0, 1, Spelling.NONE);
            case ObjectiveRecipe.Embedding embedding ->
                    new Embedding(embedding(model, embedding), embedding.loss(), judging(embedding));
            case ObjectiveRecipe.Ranking ranking -> new Ranking(ranker(model), ranking.loss());
            case ObjectiveRecipe.Tasks tasks -> new Tasks(tasks.tasks().entrySet().stream()
                    .map(task -> {
                        Model head = model.head(task.getKey());
                        Objective own = build(task.getValue(), head, facts.ofTask(task.getKey()), spelling, custom);
                        return new Tasks.Part(task.getKey(), own, head, tasks.weight(task.getKey()));
                    })
                    .toList());
            case ObjectiveRecipe.Custom other -> custom.build(other.name(), other.parameters(), model);
        };
    }

    /// Whether the objective reads a row through the backbone's pooler.
    public static boolean pools(ObjectiveRecipe recipe) {
        return switch (recipe) {
            case PictureObjectiveRecipe pictures -> true;
            case ObjectiveRecipe.MaskedLm masked -> false;
            case ObjectiveRecipe.MaskedLmNextSentence both -> true;
            case ObjectiveRecipe.CausalLm causal -> false;
            case ObjectiveRecipe.ReplacedToken replaced -> false;
            case ObjectiveRecipe.OfRow row -> row.pooling() == ObjectiveRecipe.Pooling.CLS;
            case ObjectiveRecipe.TokenClassification tagging -> false;
            case ObjectiveRecipe.QuestionAnswering answering -> false;
            case ObjectiveRecipe.SequenceToSequence _, ObjectiveRecipe.SpanCorruption _, ObjectiveRecipe.Denoising _ -> false;
            case ObjectiveRecipe.Embedding embedding -> false;
            case ObjectiveRecipe.Ranking ranking -> true;
            case ObjectiveRecipe.Tasks tasks -> tasks.tasks().values().stream().anyMatch(Objectives::pools);
            case ObjectiveRecipe.Custom other -> false;
        };
    }

    private static int tags(List<String> labels) {
        if (labels.isEmpty()) {
            throw new RecipeException("objective token_classification needs tagged words, and the data name no tags");
        }
        return labels.size();
    }

    /// How answers are chosen.
    public static Spans.Rules rules(ObjectiveRecipe.QuestionAnswering recipe) {
        return switch (recipe.noAnswer()) {
            case ObjectiveRecipe.NoAnswer.None() -> new Spans.Rules(recipe.maxAnswer(), false, 0);
            case ObjectiveRecipe.NoAnswer.Threshold(double threshold) -> new Spans.Rules(recipe.maxAnswer(), true, threshold);
        };
    }

    private static MaskedLmHead maskedLmHead(Model model) {
        return model.backbone().maskedLmHead(model).orElseThrow(() -> new RecipeException(
                "objective masked_lm needs a backbone of text tokens, got " + model.backbone().config().get("model_type")));
    }

    private static Objective texts(Model model, String objective, double smoothing, int mostTokens, Spelling spelling) {
        EncoderDecoder halves = model.backbone().encoderDecoder().orElseThrow(() -> new RecipeException("objective " + objective
                + " needs a backbone that writes one text from another, as those of kind t5 and bart do, got "
                + model.backbone().config().get("model_type")));
        return new SequenceToSequence(halves, halves.head(model), smoothing, mostTokens, spelling);
    }

    private static Detection detection(Model model, ObjectiveRecipe.Generator generator) {
        boolean shared = generator.embeddings() == ObjectiveRecipe.Embeddings.SHARED;
        GeneratorShape shape = switch (generator) {
            case ObjectiveRecipe.Generator.Scaled scaled -> new GeneratorShape.Scaled(scaled.share(), shared);
            case ObjectiveRecipe.Generator.Sized sized ->
                    new GeneratorShape.Sized(sized.layers(), sized.width(), sized.heads(), sized.feedForward(), shared);
        };
        return model.backbone().detection(model, shape).orElseThrow(() -> new RecipeException(
                "objective replaced_token needs a backbone that tells replaced tokens, as one of kind electra does, got "
                        + model.backbone().config().get("model_type")));
    }

    private static LinearHead nextSentenceHead(Model model) {
        return model.network(
                LinearHead.NEXT_SENTENCE,
                LinearHead.class,
                weights -> new LinearHead(weights, LinearHead.NEXT_SENTENCE, model.backbone().width(), 2, HEAD_DEVIATION));
    }

    /// What a head's scores mean.
    public static Meaning meaning(ObjectiveRecipe.OfRow recipe) {
        return switch (recipe) {
            case ObjectiveRecipe.Classification _, PictureObjectiveRecipe.FixMatch _ -> Meaning.ONE_CLASS;
            case ObjectiveRecipe.MultiLabel _ -> Meaning.SEVERAL_CLASSES;
            case ObjectiveRecipe.Ordinal ordinal -> switch (ordinal.loss()) {
                case CORAL -> Meaning.RANK;
                case CROSS_ENTROPY -> Meaning.ONE_CLASS;
            };
            case ObjectiveRecipe.Regression _ -> Meaning.VALUE;
        };
    }

    private static TextEmbedding embedding(Model model, ObjectiveRecipe.Embedding recipe) {
        requireVectors(model);
        return new TextEmbedding(
                model.backbone(),
                switch (recipe.pooling()) {
                    case CLS -> TextEmbedding.From.CLS;
                    case MEAN -> TextEmbedding.From.MEAN;
                },
                recipe.normalize());
    }

    private static EmbeddingScores.Judging judging(ObjectiveRecipe.Embedding recipe) {
        return switch (recipe.pairs()) {
            case ObjectiveRecipe.Pairs.Labels _ -> new EmbeddingScores.Judging.ByLabel();
            case ObjectiveRecipe.Pairs.Columns _ -> recipe.scored()
                    ? new EmbeddingScores.Judging.ByScore()
                    : new EmbeddingScores.Judging.ByPair();
        };
    }

    private static RowClassifier ranker(Model model) {
        requireVectors(model);
        return RowClassifier.of(model, Pooling.CLS, Meaning.VALUE, 1, HEAD_DEVIATION);
    }

    private static void requireVectors(Model model) {
        if (model.backbone().encoderDecoder().isPresent()) {
            throw new RecipeException("this objective needs a backbone with a vector of each row, and "
                    + model.backbone().config().get("model_type") + " writes one text from another; give objective.kind: seq2seq");
        }
    }

    private static RowClassifier network(ObjectiveRecipe.OfRow recipe, Model model, Meaning meaning, int labels) {
        requireVectors(model);
        if (labels == 0) {
            throw new RecipeException("this objective needs labelled rows, and the data name no labels");
        }
        return RowClassifier.of(model, pooling(recipe), meaning, labels, HEAD_DEVIATION);
    }

    private static RowClassifier ranks(ObjectiveRecipe.OfRow recipe, Model model, LabelFacts facts) {
        if (facts.labels().size() < 2) {
            throw new RecipeException("objective ordinal needs at least 2 classes, and the data have " + facts.labels().size());
        }
        return RowClassifier.ranks(model, pooling(recipe), facts.labels().size(), HEAD_DEVIATION, new Initial.Given(facts.thresholds()));
    }

    private static Pooling pooling(ObjectiveRecipe.OfRow recipe) {
        return switch (recipe.pooling()) {
            case CLS -> Pooling.CLS;
            case MEAN -> Pooling.MEAN;
        };
    }

    private static float[] weights(ObjectiveRecipe.ClassWeights recipe, LabelFacts facts) {
        return switch (recipe) {
            case ObjectiveRecipe.ClassWeights.Equal _ -> new float[0];
            case ObjectiveRecipe.ClassWeights.Balanced _ -> facts.balanced();
            case ObjectiveRecipe.ClassWeights.Given given -> facts.given(given.weights());
        };
    }

    private static Regression.Difference difference(ObjectiveRecipe.RegressionLoss loss) {
        return switch (loss) {
            case MSE -> Regression.Difference.MSE;
            case MAE -> Regression.Difference.MAE;
            case HUBER -> Regression.Difference.HUBER;
        };
    }
}
