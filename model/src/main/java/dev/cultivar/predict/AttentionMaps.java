package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import dev.cultivar.text.Beginning;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TextFrame;
import dev.cultivar.text.TokenGrid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Shows what a transformer's layers attend to in a text; opened from the folder of any model over texts, whatever it was trained for.
///
/// Any number of threads may share one. What is shown are the probabilities of a forward pass over the text alone, laid out as in training, and
/// not computed for the show: see [dev.cultivar.nn.AttentionListener]. All tokens of the last layer are computed, where a classifier
/// leaves out those that its head does not read. Of an encoder-decoder the encoder is shown. It says where layers look, which need not be why
/// a model decides as it does (Jain and Wallace, 2019, "Attention is not explanation").
public final class AttentionMaps implements AutoCloseable {
    private final Opened<AttendingTask> opened;
    private final Beginning beginning;

    private AttentionMaps(Opened<AttendingTask> opened) {
        this.opened = opened;
        this.beginning = Beginning.of(opened.network().tokenizer(), opened.tokenizer());
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or a Hugging Face folder with its `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged or incomplete
    public static AttentionMaps open(Path run) {
        return open(run.toString(), Backbones.Custom.NONE);
    }

    /// The same, by what a user wrote, and for a backbone that an extension builds.
    public static AttentionMaps open(String run, Backbones.Custom custom) {
        Opened<AttendingTask> opened = Opened.open(run, custom, AttendingTask.READER);
        try {
            return new AttentionMaps(opened);
        } catch (RuntimeException problem) {
            opened.close();
            throw problem;
        }
    }

    /// The longest row in tokens, special ones included.
    public int maxLength() {
        return opened.maxLength();
    }

    public TextAttention of(String text) {
        return of(new TextPair(text, ""), maxLength());
    }

    /// @param text with a second one, which may be empty
    /// @param longest row in tokens, if the model takes such long ones: what does not fit is left out, at the end, of a pair first of the longer
    /// @throws IllegalArgumentException if there is no text, the model reads no pairs, or no layer of it attends
    public TextAttention of(TextPair text, int longest) {
        if (longest < Opened.SHORTEST) {
            throw new IllegalArgumentException("a row has at least " + Opened.SHORTEST + " tokens, got " + longest);
        }
        return opened.asked(List.of(text), 1, each -> List.of(shown(each.getFirst(), Math.min(longest, maxLength())))).getFirst();
    }

    private TextAttention shown(TextPair text, int longest) {
        AttendingTask task = opened.network();
        Laid laid = laid(text, longest);
        AttentionMap map = opened.compute(List.of(laid.row()), inputs -> AttentionRecorder.record(task.backbone(), inputs)).getFirst();
        List<String> pieces = new ArrayList<>();
        for (int i = laid.row().tokens().length; i < map.keys(); i++) {
            pieces.add("virtual " + (pieces.size() + 1));
        }
        Arrays.stream(laid.row().tokens()).mapToObj(opened.pieces()::piece).forEach(pieces::add);
        List<Integer> read = switch (task.read()) {
            case FIRST -> List.of(0);
            case LAST -> List.of(map.tokens() - 1);
            case ALL -> IntStream.range(0, map.tokens()).boxed().toList();
        };
        return new TextAttention(pieces, map, read, laid.cut());
    }

    /// @param cut pieces that are not in the row
    private record Laid(Answering.Row row, int cut) {}

    private Laid laid(TextPair text, int longest) {
        Pieces pieces = opened.pieces();
        int[] first = pieces.ids(text.text());
        int[] second = text.pair().isEmpty() ? new int[0] : pieces.ids(text.pair());
        if (first.length == 0) {
            throw new IllegalArgumentException("the text has no piece to look at; give one with a word in it");
        }
        boolean halves = opened.network().backbone().encoderDecoder().isPresent();
        boolean alone = halves || opened.network().predicts() || pieces.special().cls().isEmpty() || pieces.special().sep().isEmpty();
        if (!alone) {
            int[] kept = TokenGrid.fit(first.length, second.length, longest);
            int[] tokens = TokenGrid.assemble(Arrays.copyOf(first, kept[0]), Arrays.copyOf(second, kept[1]), pieces);
            return new Laid(new Answering.Row(tokens, kept[0]), first.length + second.length - kept[0] - kept[1]);
        }
        if (second.length > 0) {
            throw new IllegalArgumentException("this model reads one text, not two; leave the second one out");
        }
        int[] whole = halves ? TextFrame.of(pieces.special()).around(first, Integer.MAX_VALUE) : beginning.before(first);
        int[] tokens = halves ? TextFrame.of(pieces.special()).around(first, longest) : Arrays.copyOf(whole, Math.min(whole.length, longest));
        return new Laid(Answering.Row.ofOne(tokens), whole.length - tokens.length);
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
