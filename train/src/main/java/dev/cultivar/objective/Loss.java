package dev.cultivar.objective;

import dev.cultivar.nn.NoGradient;
import dev.cultivar.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// The loss of one micro-batch: terms that are sums, not means.
///
/// @param terms at least one
public record Loss(List<Term> terms) {

    public Loss {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a loss needs at least one term");
        }
    }

    public static Loss of(Term... terms) {
        return new Loss(List.of(terms));
    }

    /// @param name     also the name of its denominator
    /// @param sum      a tensor of one element: the sum over whatever the denominator counts
    /// @param weight   of the term in the total
    /// @param computed the sum's gradient where the forward pass has computed it already; `sum` is then a mere number
    public record Term(String name, Tensor sum, double weight, Optional<Computed> computed) {
        public Term(String name, Tensor sum, double weight) {
            this(name, sum, weight, Optional.empty());
        }
    }

    /// A gradient that came with the forward pass, before the sum is scaled.
    ///
    /// @param surrogate  a number whose derivative by everything below it is the sum's; its own value means nothing
    /// @param parameters what the sum's gradient adds to parameters that the surrogate does not reach
    public record Computed(Optional<Tensor> surrogate, List<Share> parameters) {}

    /// @param parameter a leaf of the backward pass
    /// @param gradient  of the parameter's shape
    public record Share(Tensor parameter, Tensor gradient) {}

    /// What this micro-batch adds to the step's mean loss: the sum of `weight * sum / per(term)`. A term whose
    /// denominator is 0 in the whole step has nothing to learn from and adds nothing.
    public double over(Denominators per) {
        double total = 0;
        for (Term term : terms) {
            total += Tensors.item(term.sum()) * scale(term, per);
        }
        return total;
    }

    /// Adds the gradient of what [#over] gives to the parameters'.
    public void backward(Denominators per) {
        Tensor total = null;
        for (Term term : terms) {
            double scale = scale(term, per);
            Optional<Tensor> part = term.computed().isPresent() ? term.computed().get().surrogate() : Optional.of(term.sum());
            if (part.isPresent()) {
                Tensor scaled = part.get().mul(new Scalar(scale));
                total = total == null ? scaled : total.add(scaled);
            }
        }
        if (total != null) {
            total.backward();
        }
        for (Term term : terms) {
            double scale = scale(term, per);
            term.computed().ifPresent(computed -> computed.parameters().forEach(share -> add(share, scale)));
        }
    }

    private static void add(Share share, double scale) {
        try (var without = new NoGradient()) {
            Tensor gradient = share.parameter().grad();
            if (gradient.defined()) {
                gradient.add_(share.gradient(), new Scalar(scale));
            } else {
                share.parameter().mutable_grad().put(share.gradient().mul(new Scalar(scale)));
            }
        }
    }

    private static double scale(Term term, Denominators per) {
        double denominator = per.of(term.name());
        return denominator == 0 ? 0 : term.weight() / denominator;
    }
}
