package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.evaluate.FrechetDistance;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.SampleCoverage;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.objective.MeasuredOtherwise;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Objective;
import dev.cultivar.predict.PictureJudge;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import dev.cultivar.zoo.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// An objective of a model that draws; where it is measured, a judge sees as many samples as there are held-out pictures, 500 at most and always from the
/// same noise, and the pictures themselves.
///
/// Of a model that knows classes a sample is asked for the class of the held-out picture that it stands beside, so that both have the same classes.
///
/// @param objective that learns
/// @param judge     of what it draws
/// @param places    of the model's classes among the judge's, by their names; none where the judge does not know all of them
record Judged(Objective objective, PictureJudge judge, List<Integer> places) implements MeasuredOtherwise {
    private static final String PIXELS = "pixels";
    private static final String LABELS = "labels";
    private static final long CHOICE = Draw.name("pictures that are compared");
    private static final long NOISE = Draw.name("pictures that are judged");
    private static final int BLOCK = 64;
    private static final int LEAST = 4;

    /// @param labels the model's classes
    static Judged of(Objective objective, PictureJudge judge, List<String> labels) {
        boolean known = judge.labels().containsAll(labels);
        return new Judged(objective, judge, known ? labels.stream().map(judge.labels()::indexOf).toList() : List.of());
    }

    /// Whether the model draws pictures of classes that the judge does not know by their names.
    boolean knowsOtherClasses(Model model) {
        return places.isEmpty() && drawing(model).filter(drawing -> drawing.classes() > 0).isPresent();
    }

    /// Opens a judge for a model.
    ///
    /// @param name  what the recipe calls it
    /// @param model that draws
    /// @throws RecipeException if the model draws nothing, or pictures of another form than the judge reads
    static PictureJudge open(String name, Model model, Extensions extensions) {
        LatentPictures drawing = drawing(model).orElseThrow(() ->
                new RecipeException("the judge " + name + " judges what a model draws, and this one draws nothing; it is for the objectives vae and gan_generator"));
        PictureJudge judge = opened(name, extensions);
        PictureShape drawn = drawing.shape();
        if (!judge.shape().equals(drawn)) {
            PictureShape read = judge.shape();
            judge.close();
            throw new RecipeException("the judge " + name + " reads pictures of " + read + " (channels, height, width), and the model draws some of " + drawn
                    + "; resizing them would be judged, too. Train a judge with data.height=" + drawn.height() + ", data.width=" + drawn.width()
                    + " and data.channels=" + drawn.channels());
        }
        return judge;
    }

    /// What cannot judge is the recipe's fault.
    private static PictureJudge opened(String name, Extensions extensions) {
        try {
            return PictureJudge.open(Models.find(name).toString(), extensions.backbones());
        } catch (CheckpointException unfit) {
            throw new RecipeException("the judge cannot be opened: " + unfit.getMessage());
        }
    }

    private static Optional<LatentPictures> drawing(Model model) {
        return model.networks().values().stream().filter(LatentPictures.class::isInstance).map(LatentPictures.class::cast).findFirst();
    }

    @Override
    public Measurement measurement(Model model) {
        return new Seeing(objective.measurement(model), drawing(model).orElseThrow());
    }

    /// A held-out picture.
    ///
    /// @param pixels (C, H, W) in [0, 1]
    /// @param label  its class; -1 where the model knows none
    private record Real(float[] pixels, int label) {}

    /// The objective's own metrics, and behind them the judge's.
    private final class Seeing implements Measurement {
        private final Measurement own;
        private final LatentPictures drawing;
        private final SortedMap<Long, Real> chosen = new TreeMap<>();

        Seeing(Measurement own, LatentPictures drawing) {
            this.own = own;
            this.drawing = drawing;
        }

        @Override
        public void add(Inputs inputs) {
            own.add(inputs);
            Batch batch = inputs.batch();
            int values = drawing.shape().values();
            float[] pixels = batch.floats(PIXELS).values();
            int most = CopySearch.most(drawing.shape());
            for (int row = 0; row < batch.rows(); row++) {
                // Those with the least keys: the same ones in any order, and of all classes though a folder's come one after the other.
                long key = Draw.bits(0, CHOICE, batch.origin()[row]);
                if (chosen.size() < most || key < chosen.lastKey()) {
                    int label = drawing.classes() > 0 ? batch.ints(LABELS).values()[row] : -1;
                    chosen.put(key, new Real(Arrays.copyOfRange(pixels, row * values, (row + 1) * values), label));
                }
                if (chosen.size() > most) {
                    chosen.remove(chosen.lastKey());
                }
            }
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>(own.metrics());
            List<Real> real = List.copyOf(chosen.values());
            if (real.size() >= LEAST) {
                PictureJudge.Seen ofReal = judge.look(flat(real));
                PictureJudge.Seen ofSamples = judge.look(DrawnSamples.rounded(samples(real)));
                metrics.add(FrechetDistance.of(ofSamples.features(), ofReal.features(), judge.width()));
                SampleCoverage coverage = SampleCoverage.of(ofSamples.features(), ofReal.features(), judge.width());
                metrics.add(coverage.precision());
                metrics.add(coverage.recall());
                if (drawing.classes() > 0 && !places.isEmpty()) {
                    long agreed = IntStream.range(0, real.size()).filter(i -> ofSamples.classes()[i] == places.get(real.get(i).label())).count();
                    metrics.add(Metric.share("class_agreement", agreed, real.size()));
                }
            }
            return metrics;
        }

        private float[] flat(List<Real> real) {
            int values = drawing.shape().values();
            float[] flat = new float[real.size() * values];
            for (int i = 0; i < real.size(); i++) {
                System.arraycopy(real.get(i).pixels(), 0, flat, i * values, values);
            }
            return flat;
        }

        private float[] samples(List<Real> real) {
            int values = drawing.shape().values();
            float[] samples = new float[real.size() * values];
            for (int from = 0; from < real.size(); from += BLOCK) {
                int rows = Math.min(BLOCK, real.size() - from);
                System.arraycopy(block(from, real.subList(from, from + rows)), 0, samples, from * values, rows * values);
            }
            return samples;
        }

        private float[] block(int from, List<Real> beside) {
            int rows = beside.size();
            float[] noise = new float[rows * drawing.latent()];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) Draw.normal(0, NOISE, from + i / drawing.latent(), i % drawing.latent());
            }
            try (var scope = Scope.open(); var without = new NoGradient()) {
                return Tensors.floats(drawing.pictures(
                        Tensors.ofFloats(noise, rows, drawing.latent()),
                        drawing.classes() == 0
                                ? Optional.empty()
                                : Optional.of(Tensors.ofInts(beside.stream().mapToInt(Real::label).toArray(), rows)),
                        Mode.INFERENCE));
            }
        }
    }
}
