package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.QuestionRows;
import dev.cultivar.text.TokenGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Batches of questions to be measured: what [LabelledBatches] makes of them, and what an answer's text is found by.
///
/// Beside the former's fields, of real rows: `question` (B), which windows are of one question; `context_at` (B), where in the row the
/// text's first piece stands; `piece_starts` and `piece_ends` (B, T), the characters that each piece of the text stands for, -1 elsewhere;
/// and as texts `context` (B) and `answers` (B, A), the right ones, an empty one where there is none. Filler has the first row's.
public final class AnswerBatches implements BatchMaker {
    private final LabelledBatches batches;
    private final Pieces pieces;
    private final int stride;
    private final Map<Long, Example> questions = new HashMap<>();

    /// @param examples the questions that the store's rows were made of; they are kept in memory
    /// @param stride   as the store was encoded with
    public AnswerBatches(TokenStore store, Pieces pieces, Examples examples, int stride) {
        this.batches = new LabelledBatches(store, pieces, new Targets.Span(stride));
        this.pieces = pieces;
        this.stride = stride;
        examples.each(example -> questions.put(example.row(), example));
    }

    @Override
    public int rows() {
        return batches.rows();
    }

    @Override
    public int[] lengths(long epoch) {
        return batches.lengths(epoch);
    }

    @Override
    public int maxLength() {
        return batches.maxLength();
    }

    @Override
    public List<String> fixedInputs() {
        return batches.fixedInputs();
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        Batch batch = batches.make(rows, height, length, epoch);
        int[] question = new int[height];
        int[] contextAt = new int[height];
        int[] starts = new int[height * length];
        int[] ends = new int[height * length];
        Arrays.fill(starts, -1);
        Arrays.fill(ends, -1);
        List<String> contexts = new ArrayList<>();
        List<List<String>> answers = new ArrayList<>();
        for (int i = 0; i < height; i++) {
            TokenRow row = batches.store().row(rows[i < rows.length ? i : 0]);
            Example example = java.util.Objects.requireNonNull(questions.get(row.origin()));
            QuestionRows of = QuestionRows.of(pieces, example.text(), example.pair(), maxLength(), stride);
            question[i] = Math.toIntExact(row.origin());
            contextAt[i] = of.contextAt();
            int from = row.target()[2];
            System.arraycopy(of.context().starts(), from, starts, i * length + of.contextAt(), row.second().length);
            System.arraycopy(of.context().ends(), from, ends, i * length + of.contextAt(), row.second().length);
            contexts.add(example.pair());
            answers.add(GoldAnswer.of(example.label()).stream().map(GoldAnswer::text).toList());
        }
        Batch.Builder builder = Batch.of(TokenGrid.origin(rows));
        batch.fields().forEach(builder::field);
        builder.ints("question", question, height)
                .ints("context_at", contextAt, height)
                .ints("piece_starts", starts, height, length)
                .ints("piece_ends", ends, height, length)
                .texts("context", contexts, height);
        return answers(builder, answers).build();
    }

    /// Rows with fewer right answers than others have one of them several times.
    private static Batch.Builder answers(Batch.Builder batch, List<List<String>> each) {
        int most = Math.max(1, each.stream().mapToInt(List::size).max().orElse(1));
        List<String> flat = new ArrayList<>();
        for (List<String> answers : each) {
            for (int i = 0; i < most; i++) {
                flat.add(answers.isEmpty() ? "" : answers.get(Math.min(i, answers.size() - 1)));
            }
        }
        return batch.texts("answers", flat, each.size(), most);
    }
}
