package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import dev.cultivar.text.Encoded;
import dev.cultivar.text.Iob2;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.text.Windows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// A model that tags words, opened from its folder to be asked for the names and other entities in a text.
///
/// Any number of threads may share one. A word's tag is what the model says at the word's first piece. A text that is longer than the
/// model's rows is read in windows that overlap by half, and each word is taken from the window that sees most around it. Rows are
/// computed one by one, so a tag is the same to the bit whoever else asks.
public final class TokenTagger implements AutoCloseable {
    /// Texts that are worked on before another caller has its turn.
    private static final int SLICE = 16;

    private final Opened<TaggerTask> opened;

    private TokenTagger(Opened<TaggerTask> opened) {
        this.opened = opened;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face token classifier with its
    /// `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or tags no words
    public static TokenTagger open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static TokenTagger open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static TokenTagger open(String run, Backbones.Custom custom) {
        return new TokenTagger(Opened.open(run, custom, TaggerTask.READER));
    }

    /// The tags' names, in the order in which the model was trained on them.
    public List<String> tags() {
        return opened.network().tags();
    }

    /// The longest row in tokens; a window's own tokens are two fewer.
    public int maxLength() {
        return opened.maxLength();
    }

    /// Parts a text into words at white space, and punctuation at a word's ends from it, sign by sign; then tags these.
    public Tagged tag(String text) {
        return tagTexts(List.of(text)).getFirst();
    }

    /// Words as they are.
    public Tagged tag(List<String> words) {
        return tagWords(List.of(words)).getFirst();
    }

    /// The same for many texts, in their order.
    public List<Tagged> tagTexts(List<String> texts) {
        return opened.asked(texts, SLICE, slice -> tagged(slice.stream().map(Words::of).toList()));
    }

    /// The same for many sentences of words, in their order.
    public List<Tagged> tagWords(List<List<String>> sentences) {
        return opened.asked(sentences, SLICE, slice -> tagged(slice.stream().map(Words::joined).toList()));
    }

    private List<Tagged> tagged(List<Words> sentences) {
        Pieces pieces = opened.pieces();
        int room = opened.maxLength() - 2;
        List<Encoded> encoded = sentences.stream().map(words -> pieces.encodeWords(words.texts())).toList();
        List<List<Windows>> windows = encoded.stream().map(each -> Windows.of(each.length(), room, room / 2)).toList();
        List<Answering.Row> rows = new ArrayList<>();
        for (int i = 0; i < encoded.size(); i++) {
            for (Windows window : windows.get(i)) {
                int[] part = Arrays.copyOfRange(encoded.get(i).ids(), window.from(), window.to());
                rows.add(new Answering.Row(TokenGrid.assemble(part, new int[0], pieces), part.length));
            }
        }
        Iterator<float[]> answers = opened.compute(rows, opened.network().network()::probabilities).iterator();
        List<Tagged> tagged = new ArrayList<>();
        for (int i = 0; i < encoded.size(); i++) {
            List<float[]> each = windows.get(i).stream().map(_ -> answers.next()).toList();
            tagged.add(tagged(sentences.get(i), encoded.get(i), windows.get(i), each));
        }
        return tagged;
    }

    /// @param answers of each window, the probability of each tag at each token
    private Tagged tagged(Words words, Encoded encoded, List<Windows> windows, List<float[]> answers) {
        List<String> tags = opened.network().tags();
        String[] said = new String[words.texts().size()];
        double[] scores = new double[said.length];
        Arrays.fill(said, Iob2.OUTSIDE);
        int[] best = Windows.best(windows, encoded.length());
        for (int piece = 0; piece < encoded.length(); piece++) {
            int word = encoded.words()[piece];
            if (piece == 0 || encoded.words()[piece - 1] != word) {
                float[] probabilities = answers.get(best[piece]);
                int from = (piece - windows.get(best[piece]).from() + 1) * tags.size(); // behind [CLS]
                int tag = 0;
                for (int k = 1; k < tags.size(); k++) {
                    tag = probabilities[from + k] > probabilities[from + tag] ? k : tag;
                }
                said[word] = tags.get(tag);
                scores[word] = probabilities[from + tag];
            }
        }
        return words.tagged(said, scores);
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }

    /// Words and where they stand in a text.
    private record Words(String text, List<String> texts, int[] starts) {
        static Words joined(List<String> words) {
            int[] starts = new int[words.size()];
            int at = 0;
            for (int i = 0; i < starts.length; i++) {
                starts[i] = at;
                at += words.get(i).length() + 1;
            }
            return new Words(String.join(" ", words), List.copyOf(words), starts);
        }

        static Words of(String text) {
            List<Integer> cuts = new ArrayList<>(); // where words start and where they end, one after the other
            int at = 0;
            while (at < text.length()) {
                int end = at;
                while (end < text.length() && !Character.isWhitespace(text.codePointAt(end))) {
                    end += Character.charCount(text.codePointAt(end));
                }
                parted(text, at, end, cuts);
                at = end + 1;
            }
            List<String> words = new ArrayList<>();
            int[] starts = new int[cuts.size() / 2];
            for (int i = 0; i < starts.length; i++) {
                starts[i] = cuts.get(2 * i);
                words.add(text.substring(starts[i], cuts.get(2 * i + 1)));
            }
            return new Words(text, words, starts);
        }

        private static void parted(String text, int from, int to, List<Integer> cuts) {
            int first = from;
            while (first < to && !Character.isLetterOrDigit(text.codePointAt(first))) {
                int next = first + Character.charCount(text.codePointAt(first));
                cuts.addAll(List.of(first, next));
                first = next;
            }
            int last = to;
            while (last > first && !Character.isLetterOrDigit(text.codePointBefore(last))) {
                last -= Character.charCount(text.codePointBefore(last));
            }
            if (last > first) {
                cuts.addAll(List.of(first, last));
            }
            for (int at = last; at < to; ) {
                int next = at + Character.charCount(text.codePointAt(at));
                cuts.addAll(List.of(at, next));
                at = next;
            }
        }

        Tagged tagged(String[] tags, double[] scores) {
            List<Tagged.Word> words = new ArrayList<>();
            for (int i = 0; i < tags.length; i++) {
                words.add(new Tagged.Word(texts.get(i), starts[i], starts[i] + texts.get(i).length(), tags[i], scores[i]));
            }
            List<Tagged.Entity> entities = Iob2.entities(Arrays.asList(tags), Iob2.Reading.LENIENT).stream()
                    .map(entity -> {
                        List<Tagged.Word> of = words.subList(entity.first(), entity.last() + 1);
                        int start = of.getFirst().start();
                        int end = of.getLast().end();
                        double score = of.stream().collect(Collectors.averagingDouble(Tagged.Word::score));
                        return new Tagged.Entity(entity.type(), text.substring(start, end), start, end, entity.first(), entity.last(), score);
                    })
                    .toList();
            return new Tagged(text, words, entities);
        }
    }
}
