package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.QuestionRows;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.text.Windows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A model that answers questions by pointing into a text, opened from its folder to be asked.
///
/// Any number of threads may share one. A long text is read in windows that overlap as in training, and the best stretch of all of them
/// is the answer; rows are computed one by one, so an answer is the same to the bit whoever else asks.
public final class QuestionAnswerer implements AutoCloseable {
    /// Questions that are worked on before another caller has its turn.
    private static final int SLICE = 8;

    private final Opened<AnswererTask> opened;

    private QuestionAnswerer(Opened<AnswererTask> opened) {
        this.opened = opened;
    }

    /// A question and the text that it is asked of.
    public record Question(String question, String context) {}

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face model for question
    /// answering with its `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or answers no questions
    public static QuestionAnswerer open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static QuestionAnswerer open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static QuestionAnswerer open(String run, Backbones.Custom custom) {
        return new QuestionAnswerer(Opened.open(run, custom, AnswererTask.READER));
    }

    /// The longest row in tokens, in which the question, a window of the text and three special ones stand.
    public int maxLength() {
        return opened.maxLength();
    }

    /// Whether it may say that a text does not answer a question.
    public boolean mayRefuse() {
        return opened.network().rules().refuses();
    }

    public Answer answer(String question, String context) {
        return answer(List.of(new Question(question, context))).getFirst();
    }

    /// The answers in the order of the questions.
    public List<Answer> answer(List<Question> questions) {
        return opened.asked(questions, SLICE, this::some);
    }

    private List<Answer> some(List<Question> questions) {
        Pieces pieces = opened.pieces();
        AnswererTask task = opened.network();
        List<QuestionRows> each = questions.stream()
                .map(one -> QuestionRows.of(pieces, one.question(), one.context(), opened.maxLength(), task.stride()))
                .toList();
        List<Answering.Row> rows = new ArrayList<>();
        for (QuestionRows question : each) {
            for (Windows window : question.windows()) {
                int[] tokens = TokenGrid.assemble(question.question(), question.part(window), pieces);
                rows.add(new Answering.Row(tokens, question.question().length));
            }
        }
        Iterator<float[]> scores = opened.compute(rows, task.network()::scores).iterator();
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            var spans = new Spans(questions.get(i).context(), task.rules());
            for (Windows window : each.get(i).windows()) {
                spans.add(scores.next(), each.get(i), window);
            }
            answers.add(spans.answer());
        }
        return answers;
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
