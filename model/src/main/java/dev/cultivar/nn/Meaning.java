package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// What the scores of a row's head mean, and what becomes of them.
public enum Meaning {
    /// One class: the softmax of the scores.
    ONE_CLASS("single_label_classification"),
    /// Any number of classes: each score by itself, through a logistic function.
    SEVERAL_CLASSES("multi_label_classification"),
    /// One of the classes of an order: scores say how surely a row lies above each class but the highest, see [RankHead].
    RANK(""),
    /// A number: the score itself.
    VALUE("regression");

    private final String problemType;

    Meaning(String problemType) {
        this.problemType = problemType;
    }

    /// Transformers' word for it; empty where it has none.
    public String problemType() {
        return problemType;
    }

    /// How `config.json` calls it, in Cultivar's own part.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What [#word] gives, read back; empty for another word.
    public static Optional<Meaning> named(String word) {
        return Arrays.stream(values()).filter(answer -> answer.word().equals(word)).findFirst();
    }

    /// Each row's numbers, row after row: a probability of each class, or the value.
    ///
    /// @param scores (B, outputs)
    public float[] numbers(Tensor scores) {
        Tensor plain = scores.to(torch.ScalarType.Float);
        return switch (this) {
            case ONE_CLASS -> Tensors.floats(torch.softmax(plain, -1));
            case SEVERAL_CLASSES -> Tensors.floats(torch.sigmoid(plain));
            case RANK -> ranks(Tensors.floats(torch.sigmoid(plain)), Math.toIntExact(plain.size(1)));
            case VALUE -> Tensors.floats(plain);
        };
    }

    /// What speaks for a class: its score, or, of classes with an order, its chance; of a value the value. (B, outputs) -> (B)
    ///
    /// @param label which class, from 0
    Tensor score(Tensor scores, int label) {
        Tensor plain = scores.to(torch.ScalarType.Float);
        if (this != RANK) {
            return plain.select(1, label);
        }
        Tensor above = torch.sigmoid(plain); // (B, K - 1): the chance to lie above each class but the highest
        Tensor reached = label == 0 ? torch.ones_like(above.select(1, 0)) : above.select(1, label - 1);
        return label == plain.size(1) ? reached : reached.sub(above.select(1, label));
    }

    /// The chance of each class is what lies above the class below less what lies above it; thresholds out of order count as none.
    private static float[] ranks(float[] above, int thresholds) {
        int classes = thresholds + 1;
        int rows = above.length / thresholds;
        float[] chances = new float[rows * classes];
        for (int row = 0; row < rows; row++) {
            float rest = 1;
            for (int k = 0; k < thresholds; k++) {
                float next = Math.min(rest, above[row * thresholds + k]);
                chances[row * classes + k] = rest - next;
                rest = next;
            }
            chances[row * classes + thresholds] = rest;
        }
        return chances;
    }
}
