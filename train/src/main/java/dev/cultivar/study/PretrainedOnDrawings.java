package dev.cultivar.study;

import dev.cultivar.evaluate.PairedDifference;
import dev.cultivar.study.Contender.Stage;
import dev.cultivar.study.LabelRows.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What pretraining on drawn digits is worth when labels are few: networks from scratch beside the same networks that have seen drawings, with all
/// layers trained, the first ones frozen, or the dense ones alone trained.
record PretrainedOnDrawings() implements Topic {

    @Override
    public String name() {
        return "digits";
    }

    @Override
    public String line() {
        return "pretraining on drawings, beside no pretraining";
    }

    @Override
    public String title() {
        return "Digits with few labels";
    }

    /// Supervised pretraining: on drawn digits where the study's pictures come from files, else on letters.
    static Stage stage(Network network, StudyPictures pictures) {
        List<String> overrides = new ArrayList<>(network.overrides());
        if (pictures.drawn()) {
            overrides.add("data.train.glyphs=letters");
            overrides.add("data.validation.glyphs=letters");
        }
        return new Stage("", "drawn " + (pictures.drawn() ? "letters" : "digits"), "digits-pretrain", overrides, Stage.Pictures.OTHERS);
    }

    @Override
    public List<Contender> contenders(Network network, int labels, StudyPictures pictures) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(contender("scratch", "from scratch", "backbone.weights=random", network, labels, pictures));
        for (Way way : Way.values()) {
            contenders.add(contender(way.word(), "pretrained, " + way.title(), way.override(network), network, labels, pictures));
        }
        return contenders;
    }

    private static Contender contender(String name, String title, String how, Network network, int labels, StudyPictures pictures) {
        List<String> overrides = new ArrayList<>(network.later());
        overrides.addAll(pictures.few());
        if (pictures.drawn()) {
            overrides.add("objective.head=new"); // that of the letters has other classes
        }
        overrides.add(steps(labels));
        overrides.add(how);
        return new Contender(name, title, Optional.of(stage(network, pictures)), "digits-classify", overrides, true);
    }

    /// Few pictures need few steps; of many each is to be seen a few times.
    static String steps(int labels) {
        return "horizon={steps: " + Math.max(200, 5 * labels / 32) + "}";
    }

    @Override
    public String note(StudyPictures pictures) {
        return (pictures.drawn() ? "Pretraining was on drawn letters." : "Pretraining was on drawn digits.")
                + " All ways of one network and label count have the same steps and learning rate.";
    }

    /// What pretraining gained at each label count, network by network.
    @Override
    public List<String> sentences(LabelRows rows) {
        List<String> sentences = new ArrayList<>();
        for (Row scratch : rows.firsts()) {
            Row best = rows.against(scratch).stream().max(Comparator.comparingDouble(row -> row.accuracy().value())).orElseThrow();
            PairedDifference difference = PairedDifference.of(scratch.right(), best.right());
            sentences.add(scratch.place() + difference.sentence("from scratch", best.contender().title()));
        }
        return sentences;
    }
}
