package dev.cultivar.study;

import dev.cultivar.study.Contender.Stage;
import dev.cultivar.study.LabelRows.Row;
import java.util.ArrayList;
import java.util.List;

/// Whether a classifier gains by pictures that a generator draws, where the generator has seen nothing but the labelled pictures that the classifier
/// learns from itself: it cannot know more than they say, but draws what lies between them.
record GenerativeAugmentation() implements Topic {
    /// Of all classifiers, so that none is ahead for having been trained longer.
    private static final String STEPS = "horizon={steps: 400}";
    private static final String MOVED = "data.augment={shift: 0.1, rotate: 10, scale: 0.1}";

    @Override
    public String name() {
        return "generative-augmentation";
    }

    @Override
    public String line() {
        return "labels and a GAN's drawings, beside labels alone";
    }

    @Override
    public String title() {
        return "Learning from what a generator draws";
    }

    /// A GAN that is told the class of each of the labelled pictures, and then draws as many as there are.
    static Stage generator(Network network, int labels, StudyPictures pictures) {
        List<String> overrides = new ArrayList<>(pictures.many());
        overrides.addAll(network.later());
        overrides.addAll(List.of(
                "data.validation=none",
                "data.test={fraction: 0.2}",
                "evaluate={every: never, tasks: []}",
                "backbone={kind: cnn, filters: [16, 32], kernel: 5, pool: 2, pools: every_block}",
                "turns.1.objective.generator={kind: dcgan, channels: [32, 16]}",
                "horizon={steps: 800}"));
        return new Stage("gan", "a GAN on the labelled pictures", "gan-digits", overrides, Stage.Pictures.LABELLED, labels);
    }

    @Override
    public List<Contender> contenders(Network network, int labels, StudyPictures pictures) {
        Stage gan = generator(network, labels, pictures);
        return List.of(
                Contender.alone("labels", "labels alone", "digits-classify", network, pictures, STEPS),
                Contender.alone("drawn", "labels and drawn", "digits-classify", network, pictures, STEPS).after(gan),
                Contender.alone("moved", "labels, moved", "digits-classify", network, pictures, STEPS, MOVED),
                Contender.alone("both", "labels and drawn, moved", "digits-classify", network, pictures, STEPS, MOVED).after(gan));
    }

    @Override
    public String note(StudyPictures pictures) {
        return "The GAN has learned from the labelled pictures of its row alone, and draws as many as there are, of each class in turn. Moved: by up to a "
                + "tenth of the sides, 10 degrees, and a tenth of the size. All have the same steps, so that whoever learns from drawn pictures sees each "
                + "labelled one half as often. Copies: the share of the GAN's pictures that lie as near to a labelled one as the nearest hundredth of the "
                + "test pictures; about 0.01 where nothing is copied.";
    }

    /// What each gained over labels alone, and what drawn pictures gained beside moved ones.
    @Override
    public List<String> sentences(LabelRows rows) {
        List<String> sentences = new ArrayList<>(rows.differences(row -> true));
        for (Row labels : rows.firsts()) {
            List<Row> beside = rows.against(labels);
            sentences.add(named("both", beside).against(named("moved", beside)));
        }
        return sentences;
    }

    private static Row named(String contender, List<Row> rows) {
        return rows.stream().filter(row -> row.contender().name().equals(contender)).findFirst().orElseThrow();
    }
}
