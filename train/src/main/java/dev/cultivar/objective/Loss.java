package dev.cultivar.objective;

import java.util.List;
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

    /// @param name   also the name of its denominator
    /// @param sum    a tensor of one element: the sum over whatever the denominator counts
    /// @param weight of the term in the total
    public record Term(String name, Tensor sum, double weight) {}

    /// What this micro-batch adds to the step's mean loss: the sum of `weight * sum / per(term)`. A term whose
    /// denominator is 0 in the whole step has nothing to learn from and adds nothing.
    public Tensor over(Denominators per) {
        Tensor total = null;
        for (Term term : terms) {
            double denominator = per.of(term.name());
            Tensor part = term.sum().mul(new Scalar(denominator == 0 ? 0 : term.weight() / denominator));
            total = total == null ? part : total.add(part);
        }
        return java.util.Objects.requireNonNull(total);
    }
}
