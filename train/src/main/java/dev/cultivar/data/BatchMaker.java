package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import java.util.List;

/// Makes the batch of given rows: a pure function that several threads may call.
public interface BatchMaker {

    /// How many rows there are.
    int rows();

    /// The tokens of each row in an epoch, special ones included.
    int[] lengths(long epoch);

    /// The longest that a row may be.
    int maxLength();

    /// The fields, one value a token, that a model reads of a row and that are the same in every epoch; none where rows are drawn
    /// anew or have other fields that a model reads.
    default List<String> fixedInputs() {
        return List.of();
    }

    /// @param rows   which rows, at least one
    /// @param height how many rows the arrays have; those beyond `rows` are filler, copies of the first that no label counts
    /// @param length how many tokens the arrays are wide; none of the rows is longer
    Batch make(int[] rows, int height, int length, long epoch);
}
