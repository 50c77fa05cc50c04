package dev.cultivar.study;

import java.util.List;

/// What the pictures without labels are worth beside the few with: FixMatch, and a GAN whose critic tells the classes, beside a classifier that sees
/// the labelled ones alone.
record SemiSupervised() implements Topic {
    /// Of the classifiers, so that none is ahead for having been trained longer; the GAN has the steps of its recipe, which it needs.
    private static final String STEPS = "horizon={steps: 600}";

    @Override
    public String name() {
        return "semi-supervised";
    }

    @Override
    public String line() {
        return "FixMatch and a GAN's critic, beside labels alone";
    }

    @Override
    public String title() {
        return "Few labels, and many pictures without";
    }

    @Override
    public List<Integer> labels() {
        return List.of(50, 100, 1_000);
    }

    @Override
    public List<Contender> contenders(Network network, int labels, StudyPictures pictures) {
        return List.of(
                Contender.alone("supervised", "labels alone", "digits-classify", network, pictures, STEPS),
                Contender.alone("changed", "labels alone, pictures moved", "digits-classify", network, pictures, STEPS, "data.augment={shift: 0.1}"),
                Contender.alone("fixmatch", "FixMatch", "digits-fixmatch", network, pictures, STEPS),
                Contender.alone("gan", "GAN of K + 1 classes", "digits-semi-gan", network, pictures));
    }

    @Override
    public String note(StudyPictures pictures) {
        return "FixMatch and the GAN also see the training pictures that have lost their labels. An epoch is over the labelled pictures. "
                + PretrainedWithoutLabels.SETTINGS;
    }

    @Override
    public List<String> sentences(LabelRows rows) {
        return rows.differences(row -> true);
    }
}
