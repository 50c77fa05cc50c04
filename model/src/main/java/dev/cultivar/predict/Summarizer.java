package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.generate.Continuation;
import dev.cultivar.generate.OneByOne;
import dev.cultivar.generate.Writing;
import dev.cultivar.nn.Backbones;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A trained encoder-decoder, opened from its folder to write one text from another: a summary, a translation, an answer.
///
/// Any number of threads may share one; they are answered one after the other, on a thread of its own, since libtorch keeps settings by
/// thread. Each text is computed by itself, so what is written depends on nothing but the text. One that is longer than the model's rows is
/// cut at its end, and [Summary#cut] says by how much. Published models may want a word before each text, as T5's `summarize: `; give it with it.
public final class Summarizer implements AutoCloseable {
    private final SummarizerFolder folder;
    private final OneByOne asked;

    private Summarizer(SummarizerFolder folder) {
        this.folder = folder;
        this.asked = new OneByOne("summarizer", folder::close);
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face T5 or BART with its
    /// `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or no encoder-decoder
    public static Summarizer open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static Summarizer open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static Summarizer open(String run, Backbones.Custom custom) {
        return new Summarizer(SummarizerFolder.open(ModelPlace.find(run), custom));
    }

    /// How texts are written where nobody says: as the folder does, else the likeliest token, always.
    public Writing writing() {
        return folder.writing();
    }

    /// The longest text that is read, in tokens, special ones included.
    public int maxLength() {
        return folder.maxLength();
    }

    public Summary summarize(String text) {
        return summarize(text, writing());
    }

    public Summary summarize(String text, Writing writing) {
        return summarize(List.of(text), writing).getFirst();
    }

    /// What is written from each text, in their order.
    ///
    /// @throws dev.cultivar.batch.DataException if the model has no positions for so long texts
    public List<Summary> summarize(List<String> texts, Writing writing) {
        return asked.each(texts, text -> answer(text, writing));
    }

    private Summary answer(String text, Writing writing) {
        int[] ids = folder.tokenizer().ids(text);
        int[] row = folder.frame().around(ids, folder.maxLength());
        int[] mask = new int[row.length];
        Arrays.fill(mask, 1);
        Batch batch = Batch.of(0).ints("input_ids", row, 1, row.length).ints("attention_mask", mask, 1, row.length).build();
        Continuation written = folder.generator().write(batch, writing).getFirst();
        int[] said = folder.frame().inside(written.tokens(), folder.pad());
        return new Summary(
                folder.tokenizer().decode(said).strip(),
                said.length,
                written.why() == Continuation.Why.ENDED,
                ids.length + folder.frame().pieces() - row.length);
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        asked.close();
    }
}
