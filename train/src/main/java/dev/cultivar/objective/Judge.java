package dev.cultivar.objective;

import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.CriticHead;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How a critic judges pictures: the higher its score, the likelier a picture is of the data; above 0 it takes it for one.
sealed interface Judge {

    /// (B) in float32
    ///
    /// @param inputs with the pictures, as a backbone reads them
    /// @param labels their classes (B), where the critic is told them
    Tensor scores(Inputs inputs, Optional<Tensor> labels, Mode mode);

    Backbone backbone();

    /// What the critic makes of pictures below its score, (B, F) in float32.
    default Tensor features(Inputs inputs, Mode mode) {
        return backbone().pooled(backbone().forward(inputs, mode), inputs, mode).to(torch.ScalarType.Float);
    }

    /// A score of its own.
    record Scored(Backbone backbone, CriticHead head) implements Judge {
        @Override
        public Tensor scores(Inputs inputs, Optional<Tensor> labels, Mode mode) {
            return head.scores(backbone.pooled(backbone.forward(inputs, mode), inputs, mode), labels);
        }
    }

    /// A classifier with one class more, for what was drawn, whose score stays at 0 (Salimans et al., 2016, section 5): a picture is of the data with
    /// chance `Z / (Z + 1)`, Z being the sum of the exponentials of the other scores. So its score is the logarithm of Z.
    record Classes(RowClassifier classifier) implements Judge {
        @Override
        public Backbone backbone() {
            return classifier.model().backbone();
        }

        @Override
        public Tensor scores(Inputs inputs, Optional<Tensor> labels, Mode mode) {
            return scores(classifier.logits(inputs, mode));
        }

        /// (B, K) -> (B)
        static Tensor scores(Tensor logits) {
            return torch.logsumexp(logits.to(torch.ScalarType.Float), 1);
        }
    }

    /// The model's critic, which the objective of another turn has built.
    static Judge built(Model model) {
        return model.networks().get(CriticHead.NAME) instanceof CriticHead head
                ? new Scored(model.backbone(), head)
                : new Classes(RowClassifier.of(model, Pooling.CLS, 0, 0));
    }
}
