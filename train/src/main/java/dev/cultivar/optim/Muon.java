package dev.cultivar.optim;

import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Muon with its companion: matrices of hidden layers are stepped by [Orthogonal], all other parameters by AdamW, with a rate of its
/// own under the same schedule.
final class Muon implements Optimizer {
    private final Predicate<FlatGroup.Member> matrices;
    private final Optimizer muon;
    private final Optimizer adamW;

    /// @param hidden whether a parameter lies between embeddings and heads
    Muon(OptimizerRecipe.Muon recipe, List<FlatGroup> groups, Owned memory, Predicate<String> hidden) {
        matrices = member -> member.shape().length == 2 && hidden.test(member.name());
        var ofMuon = new Memories(groups, memory, matrices);
        muon = new Stepper(new Orthogonal(recipe, ofMuon), ofMuon, recipe.learningRate());
        var ofAdamW = new Memories(groups, memory, matrices.negate());
        adamW = new Stepper(Adam.of(recipe.adamW(), ofAdamW), ofAdamW, recipe.adamW().learningRate());
    }

    @Override
    public void step(List<Segment> segments, double factor) {
        consume(segments, factor, 1);
    }

    @Override
    public void consume(List<Segment> segments, double factor, double scale) {
        List<Segment> ofMuon = new ArrayList<>();
        List<Segment> ofAdamW = new ArrayList<>();
        for (Segment segment : segments) {
            var members = segment.group().members();
            int first = segment.first();
            for (int i = first; i <= segment.last(); i++) {
                boolean matrix = matrices.test(members.get(i));
                if (i == segment.last() || matrices.test(members.get(i + 1)) != matrix) {
                    (matrix ? ofMuon : ofAdamW).add(segment.part(first, i));
                    first = i + 1;
                }
            }
        }
        muon.consume(ofMuon, factor, scale);
        adamW.consume(ofAdamW, factor, scale);
    }

    @Override
    public double learningRate() {
        return muon.learningRate();
    }

    @Override
    public void save(StateWriter out) {
        muon.save(out.under("muon"));
        adamW.save(out.under("adamw"));
    }

    @Override
    public void restore(StateReader in) {
        muon.restore(in.under("muon"));
        adamW.restore(in.under("adamw"));
    }
}
