package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.DataRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers for the rows of a file of any size, a JSON object a line, in the rows' order.
///
/// Lines gather in `OUTPUT.part`, a chunk at a time and flushed to disk; the file gets its own name when it is whole. A run that was cut
/// off goes on where it was, as long as model and input are the same: `OUTPUT.part.json` says which they were. Nothing but a chunk is
/// held in memory.
public final class AnswerFile {
    /// Rows that are asked about at once.
    public static final int CHUNK = 1_024;

    private final Path output;
    private final DataRecipe.Columns columns;
    private final Path part;
    private final Path facts;
    private final Optional<Path> aside;

    /// @param output  the file to make
    /// @param columns where the rows' texts stand, for messages
    /// @param aside   where rows go that have no text to answer for; without it they are an error
    public AnswerFile(Path output, DataRecipe.Columns columns, Optional<Path> aside) {
        this.output = output;
        this.columns = columns;
        this.part = output.resolveSibling(output.getFileName() + ".part");
        this.facts = output.resolveSibling(output.getFileName() + ".part.json");
        this.aside = aside;
    }

    /// What came of it.
    ///
    /// @param rows    answered in all
    /// @param earlier of these by a run that was cut off
    /// @param cut     rows of this run that were too long to be seen whole
    /// @param aside   rows that were set aside
    public record Outcome(long rows, long earlier, long cut, long aside) {}

    /// Called after each chunk.
    @FunctionalInterface
    public interface Listener {
        /// @param rows answered so far
        void answered(long rows);
    }

    /// @param of what the answers depend on beside the rows: the model's place and the input's size and time
    public Outcome write(Asked asked, Examples rows, Map<String, Object> of, Listener listener) {
        try {
            Path folder = output.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            long last = begun(of);
            try (var writing = new Writing(asked, rows, last, listener)) {
                rows.each(writing::row);
                writing.flush();
                writing.channel.force(true);
                Outcome outcome = writing.outcome();
                writing.channel.close();
                DurableFiles.rename(part, output);
                Files.deleteIfExists(facts);
                return outcome;
            }
        } catch (IOException | UncheckedIOException failure) {
            throw new DataException(output + ": the answers could not be written: " + failure.getMessage() + ". What is done lies in " + part
                    + "; is the disk full?", failure);
        }
    }

    /// The last row that an earlier run has answered, 0 where there was none; a torn line is cut off.
    private long begun(Map<String, Object> of) throws IOException {
        if (Files.exists(part) && Files.exists(facts)) {
            Map<String, ?> before = JsonFiles.read(facts);
            if (!String.valueOf(before).equals(String.valueOf(JsonFiles.parse(JsonFiles.line(of), facts.toString())))) {
                throw new DataException(part + ": holds answers of another model or to another input (" + before
                        + "), cut off before its end. Delete it, or give another --output");
            }
            return whole();
        }
        Files.deleteIfExists(part);
        aside.ifPresent(file -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        JsonFiles.write(facts, of);
        return 0;
    }

    /// The row of the last whole line; what follows that line is cut off.
    private long whole() throws IOException {
        try (var channel = FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            for (int tail = 1 << 16; ; tail = Math.multiplyExact(tail, 2)) { // until the last whole line lies in it
                long start = Math.max(0, size - tail);
                ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size - start));
                while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {}
                String text = new String(bytes.array(), StandardCharsets.ISO_8859_1); // a character a byte
                int end = text.lastIndexOf('\n');
                int before = text.lastIndexOf('\n', end - 1);
                if (start == 0 || before >= 0) {
                    channel.truncate(start + end + 1);
                    return end < 0 ? 0 : number(new String(bytes.array(), before + 1, end - before - 1, StandardCharsets.UTF_8));
                }
            }
        }
    }

    private long number(String line) {
        if (JsonFiles.parse(line, part.toString()).get("row") instanceof Number number) {
            return number.longValue();
        }
        throw new DataException(part + ": its last line names no row. Delete it, or give another --output");
    }

    /// Collects rows, asks, and appends an answer for each.
    private final class Writing implements AutoCloseable {
        private final Asked asked;
        private final Examples from;
        private final long last;
        private final Listener listener;
        private final FileChannel channel;
        private final Optional<FileChannel> bad;
        private final List<Example> waiting = new ArrayList<>();
        private long rows;
        private long earlier;
        private long cut;
        private long setAside;

        Writing(Asked asked, Examples from, long last, Listener listener) throws IOException {
            this.asked = asked;
            this.from = from;
            this.last = last;
            this.listener = listener;
            this.channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            this.bad = aside.isEmpty()
                    ? Optional.empty()
                    : Optional.of(FileChannel.open(
                            aside.get(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
        }

        void row(Example example) {
            String fault = example.text().isBlank()
                    ? "has no text: column '" + columns.text() + "' is empty"
                    : asked.needsPairs() && example.pair().isBlank() ? "has no second text, which this model reads with the first" : "";
            if (!fault.isEmpty()) {
                fault(example, fault);
            } else if (example.row() <= last) {
                rows++;
                earlier++;
            } else {
                waiting.add(example);
                if (waiting.size() == CHUNK) {
                    flush();
                }
            }
        }

        private void fault(Example example, String fault) {
            if (bad.isEmpty()) {
                flush();
                throw new DataException(from.place(example.row()) + ": the row " + fault + ". Correct it and give the same command again, which goes on "
                        + "from there, or set such rows aside with --set-aside FILE");
            }
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("row", example.row());
            json.put("place", from.place(example.row()));
            json.put("reason", "the row " + fault);
            append(bad.get(), json);
            setAside++;
        }

        void flush() {
            if (waiting.isEmpty()) {
                return;
            }
            List<Asked.Said> answers = asked.ask(waiting);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < answers.size(); i++) {
                lines.append(JsonFiles.line(answers.get(i).of(waiting.get(i)))).append('\n');
                cut += answers.get(i).cut() ? 1 : 0;
            }
            append(channel, lines.toString());
            rows += answers.size();
            waiting.clear();
            listener.answered(rows);
        }

        private void append(FileChannel to, Map<String, Object> json) {
            append(to, JsonFiles.line(json) + "\n");
        }

        private void append(FileChannel to, String text) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            try {
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                to.force(false);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        Outcome outcome() {
            return new Outcome(rows, earlier, cut, setAside);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (bad.isPresent()) {
                bad.get().close();
            }
        }
    }
}
