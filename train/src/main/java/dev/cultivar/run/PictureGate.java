package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ImageShape;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.PictureEmbedder;
import dev.cultivar.predict.PictureRegressor;
import dev.cultivar.run.ExportGate.Agreement;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// [ExportGate] for models that look at pictures: the same drawn pictures go through both, and their layers and answers must agree.
final class PictureGate {
    private static final int PICTURES = 16;

    private PictureGate() {}

    static Agreement require(Path source, Path made, Backbones.Custom custom) {
        List<float[]> before = states(source, custom);
        List<float[]> after = states(made, custom);
        double worst = 0;
        for (int layer = 0; layer < before.size(); layer++) {
            double gap = ExportGate.largest(before.get(layer), after.get(layer));
            if (!(gap <= ExportGate.STATES)) {
                throw new CheckpointException("the exported model differs from " + source + " first in the output of "
                        + (layer == 0 ? "the input" : "layer " + layer) + ", by " + gap + " at most (allowed " + ExportGate.STATES + "); nothing was exported");
            }
            worst = Math.max(worst, gap);
        }
        double answers = 0;
        List<List<Double>> first = answers(source, custom);
        List<List<Double>> second = answers(made, custom);
        for (int row = 0; row < first.size(); row++) {
            for (int i = 0; i < first.get(row).size(); i++) {
                double gap = Math.abs(first.get(row).get(i) - second.get(row).get(i)) / Math.max(1, Math.abs(first.get(row).get(i)));
                if (!(gap <= ExportGate.ANSWERS)) {
                    throw new CheckpointException("the exported model answers otherwise than " + source + " on picture " + (row + 1) + ", by " + gap
                            + " (allowed " + ExportGate.ANSWERS + "): its head differs, all layers agree; nothing was exported");
                }
                answers = Math.max(answers, gap);
            }
        }
        return new Agreement(PICTURES, worst, answers);
    }

    /// Each layer's output for all pictures.
    private static List<float[]> states(Path folder, Backbones.Custom custom) {
        try (var opened = ModelFolder.open(folder)) {
            var stored = opened.stored(name -> false);
            try (var weights = new Weights(0, stored)) {
                Backbone backbone = Backbones.build(opened.config(), weights, false, custom);
                stored.finish(weights, name -> backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers(), name -> true);
                try (var scope = Scope.open(); var without = new NoGradient()) {
                    return backbone.forward(Inputs.of(batch(opened)), Mode.INFERENCE).layers().stream().map(Tensors::floats).toList();
                }
            }
        }
    }

    private static Batch batch(ModelFolder folder) {
        ImageShape shape = Backbones.image(folder.config()).orElseThrow(() ->
                new CheckpointException(folder.folder() + ": its config.json does not say how large the model's pictures are, so it cannot be compared"));
        var random = new SplittableRandom(1);
        float[] values = new float[PICTURES * shape.channels() * shape.height() * shape.width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Batch.of(new long[PICTURES]).floats(ImageShape.PIXELS, values, PICTURES, shape.channels(), shape.height(), shape.width()).build();
    }

    /// Pictures of bytes, of a size that both bring into form.
    private static List<Picture> pictures() {
        var random = new SplittableRandom(2);
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            byte[] pixels = new byte[40 * 40 * 3];
            random.nextBytes(pixels);
            pictures.add(new Picture(40, 40, 3, pixels));
        }
        return pictures;
    }

    private static List<List<Double>> answers(Path folder, Backbones.Custom custom) {
        return switch (AnswerKind.of(folder.toString())) {
            case LABELS -> {
                try (var model = PictureClassifier.open(folder.toString(), custom)) {
                    yield model.predict(pictures()).stream()
                            .map(said -> model.labels().stream().map(label -> said.scores().getOrDefault(label, 0.0)).toList())
                            .toList();
                }
            }
            case VALUES -> {
                try (var model = PictureRegressor.open(folder.toString(), custom)) {
                    yield model.predict(pictures()).stream().map(List::of).toList();
                }
            }
            default -> {
                try (var model = PictureEmbedder.open(folder.toString(), custom)) {
                    yield model.embed(pictures()).stream().map(PictureGate::doubles).toList();
                }
            }
        };
    }

    private static List<Double> doubles(float[] vector) {
        List<Double> numbers = new ArrayList<>();
        for (float number : vector) {
            numbers.add((double) number);
        }
        return numbers;
    }
}
