package dev.cultivar.nn;

import java.util.List;

/// What a task's head over labels is called in a model's files, so that a task replaces its head and nothing else.
///
/// Layers of some networks over images are numbered through, their last one included (`classifier.6`), so its name depends on the
/// configuration.
///
/// @param output the layer that gives scores in the family's own head: one row of the matrix a label
/// @param scores the layers that may give scores, the family's own and others that a task may have put there
/// @param parts  modules that are heads over labels and of no other kind
/// @param above  modules above the layers: an adapter stands on none of them, they are trained whole
public record HeadNames(String output, List<String> scores, List<String> parts, List<String> above) {
    private static final List<String> SCORES = List.of(LinearHead.CLASSIFIER, DenseClassificationHead.OUT, ScoreHead.NAME);
    private static final List<String> PARTS = List.of(LinearHead.CLASSIFIER, ScoreHead.NAME, DistilBertClassificationHead.DENSE, RankHead.NAME);
    private static final List<String> ABOVE = List.of(LinearHead.CLASSIFIER, ScoreHead.NAME, "pooler");

    public HeadNames {
        scores = List.copyOf(scores);
        parts = List.copyOf(parts);
        above = List.copyOf(above);
    }

    /// Of the model that a configuration describes; also where its family is not known.
    public static HeadNames of(ConfigFile config) {
        return Family.of(config.text("model_type", "")).map(family -> of(family, config)).orElse(ofText(LinearHead.CLASSIFIER));
    }

    private static HeadNames of(Family family, ConfigFile config) {
        return switch (family) {
            case BERT, DISTILBERT, MODERNBERT, T5, BART -> ofText(LinearHead.CLASSIFIER);
            case ELECTRA, ROBERTA -> ofText(DenseClassificationHead.OUT);
            case GEMMA2, GEMMA3, GPT2, GPT_NEOX, LLAMA, MISTRAL, QWEN2, QWEN3 -> ofText(ScoreHead.NAME);
            case CNN, CONV_ENCODER, VIT -> ofImages(LinearHead.CLASSIFIER);
            case LENET -> ofImages(LeNet.OUTPUT);
            case MLP -> ofImages(Mlp.output(config.wholes("hidden_sizes").size()));
            case RESNET -> ofImages(ResNet.OUTPUT);
            case VGG -> ofImages(Vgg.OUTPUT);
        };
    }

    private static HeadNames ofText(String output) {
        return new HeadNames(output, SCORES, PARTS, ABOVE);
    }

    private static HeadNames ofImages(String output) {
        return new HeadNames(output, List.of(output), List.of(output, RankHead.NAME), List.of(output));
    }

    /// Whether the layer that gives scores counts on from the layers below it.
    boolean isNumbered() {
        return Character.isDigit(output.charAt(output.length() - 1));
    }

    /// Whether a parameter is one of a head over labels and of no other head.
    public boolean owns(String parameter) {
        return parts.stream().anyMatch(part -> parameter.startsWith(part + "."));
    }
}
