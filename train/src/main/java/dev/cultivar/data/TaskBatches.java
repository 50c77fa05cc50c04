package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Batches that say which of several tasks their rows belong to: `task` (B), a task's number on every row.
public record TaskBatches(BatchMaker rowsOfTask, int task) implements BatchMaker {
    /// The field's name.
    public static final String FIELD = "task";

    @Override
    public int rows() {
        return rowsOfTask.rows();
    }

    @Override
    public int[] lengths(long epoch) {
        return rowsOfTask.lengths(epoch);
    }

    @Override
    public int maxLength() {
        return rowsOfTask.maxLength();
    }

    @Override
    public List<String> fixedInputs() {
        return rowsOfTask.fixedInputs();
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        Batch batch = rowsOfTask.make(rows, height, length, epoch);
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>(batch.fields());
        int[] numbers = new int[height];
        Arrays.fill(numbers, task);
        fields.put(FIELD, new Batch.Field.Ints(numbers, height));
        return new Batch(batch.rows(), batch.origin(), fields);
    }
}
