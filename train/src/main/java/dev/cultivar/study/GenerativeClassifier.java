package dev.cultivar.study;

import java.util.ArrayList;
import java.util.List;

/// A classifier beside one that learns how pictures of each class come about and then asks under which class a picture is likeliest (Ng and Jordan,
/// 2001): a VAE that is told the class. The generative one is said to be ahead while labels are few.
record GenerativeClassifier() implements Topic {
    /// Few numbers, so that the class must say what the point of the latent space cannot: with 16 the class is hardly asked.
    private static final String LATENT = "objective.latent=2";

    @Override
    public String name() {
        return "generative-classifier";
    }

    @Override
    public String line() {
        return "a VAE by likelihood, beside a classifier";
    }

    @Override
    public String title() {
        return "Discriminative and generative classifiers";
    }

    @Override
    public List<String> networks() {
        return List.of("mlp");
    }

    @Override
    public List<Integer> labels() {
        return List.of(20, 50, 100, 300, 1_000, 8_000);
    }

    @Override
    public List<Contender> contenders(Network network, int labels, StudyPictures pictures) {
        return List.of(
                Contender.alone("classifier", "classifier", "digits-classify", network, pictures, steps(labels)),
                Contender.alone("vae", "VAE by likelihood", "vae-digits", network, pictures, steps(labels), LATENT, "data.validation=none",
                        "data.test={fraction: 0.2}", "evaluate={every: never, tasks: [test]}", "checkpoint={every: {steps: 500}, keep: 1}", "batching.rows=32"));
    }

    private static String steps(int labels) {
        return "horizon={steps: " + Math.max(2_000, 10 * labels / 32) + "}";
    }

    @Override
    public String note(StudyPictures pictures) {
        return "The VAE is told the class and says how likely a picture is as one of each class, all alike beforehand; its encoder is the classifier's network."
                + " Both have the same labelled pictures, steps and learning rate. " + PretrainedWithoutLabels.SETTINGS;
    }

    /// The differences, and where the curves cross.
    @Override
    public List<String> sentences(LabelRows rows) {
        List<String> sentences = new ArrayList<>(rows.differences(row -> true));
        rows.firsts().stream().map(row -> row.network().name()).distinct().forEach(network ->
                sentences.add(network + ": " + Crossing.of(rows.curve(network, "classifier"), rows.curve(network, "vae"))
                        .sentence("the classifier", "the VAE")));
        return sentences;
    }
}
