package dev.cultivar.generate;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.Backbones;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A trained language model, opened from its folder to go on with texts.
///
/// Any number of threads may share one; they are answered one after the other, on a thread of its own, since libtorch keeps
/// settings by thread. Prompts that are given together are computed together. It computes in float32.
public final class TextGenerator implements AutoCloseable {
    private final GeneratorFolder folder;
    private final Generator generator;
    private final OneByOne asked;

    private TextGenerator(GeneratorFolder folder) {
        this.folder = folder;
        this.generator = new Generator(folder.model(), folder.tokenizer().vocabulary(), folder.ends());
        this.asked = new OneByOne("generator", folder::close);
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face model for causal
    /// language modelling with its `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or predicts no next token
    public static TextGenerator open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static TextGenerator open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static TextGenerator open(String run, Backbones.Custom custom) {
        return new TextGenerator(GeneratorFolder.open(ModelPlace.find(run), custom));
    }

    /// Hears text as it comes, on the generator's thread.
    @FunctionalInterface
    public interface Listener {
        /// Hears nothing.
        Listener NONE = (prompt, text) -> true;

        /// @param prompt its number, from 0
        /// @param text   whole characters that follow what came before; not empty
        /// @return whether this prompt shall go on
        boolean text(int prompt, String text);
    }

    /// The most tokens that the model can see at once, or 0 where there is no bound.
    public int positions() {
        return folder.model().backbone().positions();
    }

    public Generated generate(String prompt, Sampling sampling, Limits limits) {
        return generate(List.of(prompt), sampling, limits, Listener.NONE).getFirst();
    }

    /// What follows each prompt, in their order.
    ///
    /// @throws DataException if a prompt has no token to go on from, or the model's positions do not suffice
    public List<Generated> generate(List<String> prompts, Sampling sampling, Limits limits, Listener listener) {
        return asked.each(List.of(prompts), all -> answer(all, sampling, limits, listener)).getFirst();
    }

    private List<Generated> answer(List<String> prompts, Sampling sampling, Limits limits, Listener listener) {
        List<int[]> tokens = new ArrayList<>();
        List<Telling> tellings = new ArrayList<>();
        for (String prompt : prompts) {
            int[] ids = folder.tokens(prompt);
            if (ids.length == 0) {
                throw new DataException("prompt " + (tellings.size() + 1) + " of " + prompts.size()
                        + " has no token, and this model's texts begin with none; give it a text to go on from");
            }
            tellings.add(new Telling(tellings.size(), new TextStream(ids, folder.tokenizer()::decode), listener));
            tokens.add(ids);
        }
        List<Continuation> continuations =
                generator.generate(tokens, sampling, limits, (row, token) -> tellings.get(row).add(token));
        List<Generated> generated = new ArrayList<>();
        for (int i = 0; i < continuations.size(); i++) {
            Continuation continuation = continuations.get(i);
            tellings.get(i).finish();
            generated.add(new Generated(
                    prompts.get(i), tellings.get(i).text.toString(), tokens.get(i).length, continuation.tokens().length, continuation.why()));
        }
        return generated;
    }

    /// A prompt's text so far, and who hears it.
    private static final class Telling {
        private final int prompt;
        private final TextStream stream;
        private final Listener listener;
        private final StringBuilder text = new StringBuilder();

        Telling(int prompt, TextStream stream, Listener listener) {
            this.prompt = prompt;
            this.stream = stream;
            this.listener = listener;
        }

        boolean add(int token) {
            return tell(stream.add(token));
        }

        /// What waited for the rest of its character.
        void finish() {
            tell(stream.rest());
        }

        private boolean tell(String piece) {
            text.append(piece);
            return piece.isEmpty() || listener.text(prompt, piece);
        }
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        asked.close();
    }
}
