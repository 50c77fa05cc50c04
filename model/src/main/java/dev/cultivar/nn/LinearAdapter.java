package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// What an adapter does at one linear layer. Its parameters lie in the weights, under names that start with the layer's.
sealed interface LinearAdapter {

    /// (..., in) -> (..., out)
    ///
    /// @param layer what the linear layer makes of it, bias included
    Tensor apply(Weights weights, Tensor x, UnaryOperator<Tensor> layer);

    /// The layer's own parameters with the adapter worked in, by name.
    Map<String, Tensor> merged(Weights weights);

    /// A product of two narrow matrices beside the layer's own: LoRA; with magnitudes DoRA, whose length of each row is a parameter.
    ///
    /// @param a         name of the matrix (rank, in)
    /// @param b         name of the matrix (out, rank)
    /// @param magnitude name of the rows' lengths (out), where they are parameters
    record LowRank(LinearLayer of, String a, String b, Optional<String> magnitude, double scale, double dropout) implements LinearAdapter {

        static LowRank declare(Weights weights, String prefix, LinearLayer of, AdapterConfig.LowRank config) {
            String name = prefix + of.name();
            int rank = config.rank(of.name());
            Optional<String> magnitude = config.magnitudes() ? Optional.of(name + ".lora_magnitude_vector") : Optional.empty();
            var adapter = new LowRank(
                    of, name + ".lora_A.weight", name + ".lora_B.weight", magnitude, config.scale(of.name()), config.dropout());
            weights.parameter(adapter.a, new Initial.Uniform(1 / Math.sqrt(of.in())), rank, of.in());
            weights.parameter(adapter.b, new Initial.Constant(0), of.out(), rank);
            magnitude.ifPresent(lengths -> {
                weights.parameter(lengths, new Initial.Constant(1), of.out());
                if (weights.fresh().contains(lengths)) {
                    try (var scope = dev.cultivar.torch.Scope.open(); var without = new NoGradient()) {
                        weights.set(lengths, lengths(adapter.straight(weights.master(of.weight()))));
                    }
                }
            });
            return adapter;
        }

        @Override
        public Tensor apply(Weights weights, Tensor x, UnaryOperator<Tensor> layer) {
            Tensor dropped = Adapters.dropout(x, dropout);
            Tensor low = torch.linear(torch.linear(dropped, weights.get(a)), weights.get(b)).mul(new Scalar(scale)); // (..., out)
            Tensor own = layer.apply(x);
            if (magnitude.isEmpty()) {
                return own.add(low);
            }
            Tensor matrix = straight(weights.get(of.weight()));
            Tensor stretch = weights.get(magnitude.get()).div(constantLengths(weights, matrix)); // (out)
            Tensor plain = dropout > 0 ? torch.linear(dropped, matrix) : weights.has(of.bias()) ? own.sub(weights.get(of.bias())) : own;
            return own.add(stretch.sub(new Scalar(1)).mul(plain)).add(stretch.mul(low));
        }

        /// Lengths of the rows of the sum, which are constants in the backward pass (section 4.3 of the paper): (out)
        private Tensor constantLengths(Weights weights, Tensor matrix) {
            try (var without = new NoGradient()) {
                return lengths(matrix.add(product(weights.get(a), weights.get(b))));
            }
        }

        private Tensor product(Tensor narrow, Tensor wide) {
            return torch.matmul(wide, narrow).mul(new Scalar(scale)); // (out, in)
        }

        /// (out, in) -> (out)
        private static Tensor lengths(Tensor matrix) {
            return matrix.mul(matrix).sum(1).sqrt();
        }

        /// The matrix as (out, in), and back again.
        private Tensor straight(Tensor matrix) {
            return of.transposed() ? matrix.t() : matrix;
        }

        @Override
        public Map<String, Tensor> merged(Weights weights) {
            Tensor sum = straight(weights.master(of.weight())).add(product(weights.master(a), weights.master(b)));
            Tensor whole = magnitude.isEmpty() ? sum : sum.mul(weights.master(magnitude.get()).div(lengths(sum)).unsqueeze(1));
            return Map.of(of.weight(), straight(whole));
        }
    }

    /// IA3: what comes out is scaled, or what goes in.
    ///
    /// @param scales name of the factors: (1, in) where the input is scaled, else (out, 1)
    record Scaling(LinearLayer of, String scales, boolean input) implements LinearAdapter {

        static Scaling declare(Weights weights, String prefix, LinearLayer of, boolean input) {
            var adapter = new Scaling(of, prefix + of.name() + ".ia3_l", input);
            weights.parameter(adapter.scales, new Initial.Constant(1), input ? 1 : of.out(), input ? of.in() : 1);
            return adapter;
        }

        @Override
        public Tensor apply(Weights weights, Tensor x, UnaryOperator<Tensor> layer) {
            Tensor factors = weights.get(scales).view(-1);
            return input ? layer.apply(x.mul(factors)) : layer.apply(x).mul(factors);
        }

        @Override
        public Map<String, Tensor> merged(Weights weights) {
            Tensor factors = weights.master(scales); // broadcasts over (out, in)
            Map<String, Tensor> merged = new LinkedHashMap<>();
            merged.put(of.weight(), weights.master(of.weight()).mul(of.transposed() ? factors.t() : factors));
            if (!input && weights.has(of.bias())) {
                merged.put(of.bias(), weights.master(of.bias()).mul(factors.view(-1)));
            }
            return merged;
        }
    }
}
