package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ProjectionHead;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// SimCLR (Chen et al., 2020, equation 1): of two views of each picture, changed at random, each is to be found by the other among all views of the
/// step.
///
/// Batches: `pixel_values` and `second_view` (B, C, H, W).
final class SimClr implements Objective {
    private static final String TERM = "simclr";
    private static final int VIEWS = 2;
    private static final int AMONG = 32; // pictures that a measured view's other one is looked for among

    private final Backbone backbone;
    private final ProjectionHead head;
    private final double temperature;

    SimClr(Model model, PictureObjectiveRecipe.SimClr recipe) {
        backbone = model.backbone();
        head = ProjectionHead.of(model, recipe.projection());
        temperature = recipe.temperature();
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(TERM, (double) VIEWS * batch.rows());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        return Loss.of(new Loss.Term(TERM, each(vectors(inputs, mode)).sum(), 1));
    }

    /// Both views go through the backbone together, so that statistics of the batch are those of both: (B, 2, D)
    private Tensor vectors(Inputs inputs, Mode mode) {
        Tensor first = inputs.tensor(Normalizing.VALUES);
        Inputs both = inputs.with(Normalizing.VALUES, torch.cat(new TensorVector(first, inputs.tensor("second_view")), 0)); // (2B, C, H, W)
        Tensor unit = head.unit(backbone.pooled(backbone.forward(both, mode), both, mode)); // (2B, D)
        return unit.reshape(VIEWS, first.size(0), head.outputs()).transpose(0, 1); // (2, B, D) -> (B, 2, D)
    }

    /// What the two views of each picture cost together: (B, 2, D) -> (B)
    Tensor each(Tensor vectors) {
        Tensor scores = scores(vectors);
        int views = Math.toIntExact(scores.size(0));
        int[] other = IntStream.range(0, views).map(view -> view ^ 1).toArray(); // views of a picture lie side by side
        return CrossEntropy.each(scores, Tensors.ofInts(other, views)).reshape(-1, VIEWS).sum(1);
    }

    /// Cosines over the temperature, a view's own left out: (B, 2, D) -> (2B, 2B)
    private Tensor scores(Tensor vectors) {
        Tensor views = vectors.reshape(-1, vectors.size(2)); // (2B, D)
        Tensor cosines = views.matmul(views.t()).div(new Scalar(temperature));
        Tensor own = torch.eye(views.size(0)).to(torch.ScalarType.Bool);
        return cosines.masked_fill(own, new Scalar(Double.NEGATIVE_INFINITY));
    }

    @Override
    public Optional<Together> together() {
        return Optional.of(new CachedVectors(TERM, head.outputs(), this::vectors, (vectors, batches) -> each(vectors)));
    }

    /// The second view goes through the backbone as well.
    @Override
    public double headFlops(Model model) {
        return backbone.forwardFlops(0);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Found();
    }

    /// How often a view's other one is the nearest among the views of so many pictures, and the loss of a view among these. Which pictures they are
    /// depends on no batch.
    private final class Found implements Measurement {
        private final SequencedMap<Long, float[]> vectors = new TreeMap<>(); // both of a picture, by its number

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            int each = VIEWS * head.outputs();
            float[] flat = Tensors.floats(vectors(inputs, Mode.INFERENCE));
            for (int row = 0; row < batch.rows(); row++) {
                vectors.put(batch.origin()[row], Arrays.copyOfRange(flat, row * each, (row + 1) * each));
            }
        }

        @Override
        public List<Metric> metrics() {
            var losses = new RowLosses("simclr_loss");
            long hits = 0;
            List<float[]> all = List.copyOf(vectors.values());
            for (int from = 0; from < all.size(); from += AMONG) {
                List<float[]> together = all.subList(from, Math.min(all.size(), from + AMONG));
                for (int picture = 0; picture < together.size(); picture++) {
                    double sum = 0;
                    for (int view = 0; view < VIEWS; view++) {
                        double[] scores = scores(together, VIEWS * picture + view);
                        double right = scores[VIEWS * picture + 1 - view];
                        double most = Arrays.stream(scores).max().orElseThrow();
                        hits += right == most ? 1 : 0;
                        sum += most - right + Math.log(Arrays.stream(scores).map(score -> Math.exp(score - most)).sum());
                    }
                    losses.add(sum, VIEWS);
                }
            }
            return List.of(Metric.share("view_accuracy", hits, (long) VIEWS * all.size()), losses.scores().loss());
        }

        /// Of one view with all views, its own left out.
        private double[] scores(List<float[]> pictures, int view) {
            double[] scores = new double[VIEWS * pictures.size()];
            for (int other = 0; other < scores.length; other++) {
                scores[other] = other == view ? Double.NEGATIVE_INFINITY : cosine(pictures, view, other) / temperature;
            }
            return scores;
        }

        private double cosine(List<float[]> pictures, int a, int b) {
            int width = head.outputs();
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += (double) pictures.get(a / VIEWS)[a % VIEWS * width + i] * pictures.get(b / VIEWS)[b % VIEWS * width + i];
            }
            return sum;
        }
    }
}
