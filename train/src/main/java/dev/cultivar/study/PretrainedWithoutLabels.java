package dev.cultivar.study;

import dev.cultivar.study.Contender.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a network learns from the study's own pictures without a label, beside what it learns from drawings with labels, and beside nothing: each with
/// all layers trained on the labelled pictures, the first ones frozen, or the dense ones alone trained.
record PretrainedWithoutLabels() implements Topic {

    /// A way to learn from pictures without labels.
    ///
    /// @param name      as run folders and `--json` call it
    /// @param recipe    of the stage
    /// @param overrides of it
    private record Task(String name, String title, String recipe, List<String> overrides) {}

    private static final Task AUTOENCODER = new Task("autoencoder", "autoencoder", "digits-autoencoder", List.of());
    private static final Task DENOISING = new Task(
            "denoising", "denoising autoencoder", "digits-autoencoder", List.of("objective.corruption={kind: mask, share: 0.5}"));
    private static final Task SIMCLR = new Task("simclr", "SimCLR", "digits-simclr", List.of());
    private static final Task ROTATION = new Task("rotation", "rotation", "digits-rotation", List.of());
    private static final Task CRITIC = new Task("gan", "GAN's critic", "gan-digits", List.of(
            "turns.0.objective.conditional=false", "turns.1.objective.conditional=false", "data.validation=none", "data.test={fraction: 0.2}",
            "horizon={steps: 400}"));
    private static final Task PATCHES = new Task("patches", "masked patches", "digits-mae", List.of());

    @Override
    public String name() {
        return "pretraining";
    }

    @Override
    public String line() {
        return "pretraining without labels, beside drawings with them";
    }

    @Override
    public String title() {
        return "Pretraining without labels";
    }

    @Override
    public List<String> networks() {
        return List.of("cnn", "vit");
    }

    /// Hidden patches are for networks that cut pictures into patches; on such the critic of a GAN has not been tried.
    private static List<Task> tasks(Network network) {
        return network.name().equals("vit")
                ? List.of(AUTOENCODER, DENOISING, SIMCLR, ROTATION, PATCHES)
                : List.of(AUTOENCODER, DENOISING, SIMCLR, ROTATION, CRITIC);
    }

    private static Stage stage(Task task, Network network, StudyPictures pictures) {
        List<String> overrides = new ArrayList<>(network.overrides());
        overrides.addAll(pictures.many());
        overrides.addAll(task.overrides());
        overrides.add("evaluate={every: never, tasks: []}");
        return new Stage(task.name(), task.title(), task.recipe(), overrides, Stage.Pictures.OWN);
    }

    @Override
    public List<Contender> contenders(Network network, int labels, StudyPictures pictures) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.alone("scratch", "from scratch", "digits-classify", network, pictures, PretrainedOnDrawings.steps(labels)));
        Stage drawings = PretrainedOnDrawings.stage(network, pictures);
        contenders.addAll(ways("drawings", drawings, network, labels, pictures));
        tasks(network).forEach(task -> contenders.addAll(ways(task.name(), stage(task, network, pictures), network, labels, pictures)));
        return contenders;
    }

    private static List<Contender> ways(String name, Stage stage, Network network, int labels, StudyPictures pictures) {
        List<Contender> contenders = new ArrayList<>();
        for (Way way : Way.values()) {
            List<String> overrides = new ArrayList<>(network.later());
            overrides.addAll(pictures.many());
            overrides.add(PretrainedOnDrawings.steps(labels));
            overrides.add("objective.head=new");
            overrides.add(way.override(network));
            contenders.add(new Contender(
                    name + "-" + way.word(), stage.title() + ", " + way.title(), Optional.of(stage), "digits-classify", overrides, way == Way.FULL));
        }
        return contenders;
    }

    @Override
    public String note(StudyPictures pictures) {
        return "Pretraining without labels was on the same pictures as the labelled stage, those without a label among them and none of the held-out"
                + " ones; on drawn " + (pictures.drawn() ? "letters" : "digits") + " it was with labels. Each has a new head. All rows of one network and"
                + " label count have the same steps and learning rate. " + SETTINGS;
    }

    /// How the recipes' settings came to be.
    static final String SETTINGS = "Settings were set by hand, some after trials on a validation part of MNIST's digits that seed 17 draws; pictures of it may"
            + " be held out by other seeds.";

    /// What each way to pretrain gained over none where all layers are trained: the same layers as from scratch.
    @Override
    public List<String> sentences(LabelRows rows) {
        return rows.differences(row -> row.contender().charted());
    }
}
