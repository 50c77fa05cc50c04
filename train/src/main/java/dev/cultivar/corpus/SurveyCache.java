package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.recipe.CorpusRecipe;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/// What reading and cleaning a corpus found, kept in a file, so that a run on files that have not changed starts without reading them.
///
/// The file is named by a hash of the recipe, the shares that are held out, the version of this code, and each file's path, size and
/// time of change to the nanosecond. One that was changed and has both as they were is taken for unchanged, as `make` does it; who then
/// encodes it finds out by its hash, and the file here is forgotten. What a query reads is known to nobody, so a corpus with one is
/// read at every start; a table that is named as a file is kept like a text. A damaged file is as good as none, and one that cannot be
/// written is done without.
final class SurveyCache {
    private static final int CODE_VERSION = 1; // raised when the same files would be read, cleaned or parted otherwise
    private static final int CHECK_BYTES = 8;

    private final Path file;

    private SurveyCache(Path file) {
        this.file = file;
    }

    /// All that there is to know of a corpus before its documents are asked for.
    ///
    /// @param spans of each source's parts
    record Found(List<Survey> surveys, List<Span[]> spans) {}

    /// Nothing where it is not known which files are read.
    ///
    /// @param apart what else decides which documents stay
    static Optional<SurveyCache> of(
            CorpusRecipe recipe, double validation, double test, List<? extends Documents> sources, List<? extends Documents> apart, Path folder) {
        TextDigest key = new TextDigest().add(CODE_VERSION).add(recipe.toString())
                .add(Double.doubleToLongBits(validation)).add(Double.doubleToLongBits(test)).add(sources.size());
        for (List<? extends Documents> each : List.of(sources, apart)) {
            for (Documents documents : each) {
                Optional<String> stamp = documents.stamp();
                if (stamp.isEmpty()) {
                    return Optional.empty();
                }
                key.add(stamp.get());
            }
        }
        return Optional.of(new SurveyCache(folder.resolve(key.hex() + ".survey")));
    }

    /// What was found before.
    Optional<Found> read(List<SourceDocuments> sources, Path scratch, Progress progress) {
        Found found = new Found(new ArrayList<>(), new ArrayList<>());
        boolean done = false;
        try {
            if (Files.exists(file) && isWhole()) {
                try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                    for (SourceDocuments source : sources) {
                        found.surveys().add(survey(in, source, scratch, progress));
                        found.spans().add(new Span[] {span(in), span(in), span(in)});
                    }
                }
                done = true;
            }
        } catch (IOException e) {
            return Optional.empty(); // read anew
        } finally {
            if (!done) {
                found.surveys().forEach(Survey::close);
            }
        }
        return done ? Optional.of(found) : Optional.empty();
    }

    /// Whether the last bytes are the checksum of those before them.
    private boolean isWhole() throws IOException {
        CRC32C check = new CRC32C();
        try (InputStream plain = Files.newInputStream(file); DataInputStream in = new DataInputStream(new BufferedInputStream(plain, 1 << 16))) {
            byte[] bytes = new byte[1 << 16];
            long left = Files.size(file) - CHECK_BYTES;
            while (left > 0) {
                int count = in.read(bytes, 0, (int) Math.min(left, bytes.length));
                if (count < 0) {
                    return false;
                }
                check.update(bytes, 0, count);
                left -= count;
            }
            return left == 0 && in.readLong() == check.getValue();
        }
    }

    /// Keeps what was found.
    void write(Found found) {
        try {
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "survey-", ".part");
            try {
                CRC32C check = new CRC32C();
                try (DataOutputStream out = new DataOutputStream(
                        new BufferedOutputStream(new CheckedOutputStream(Files.newOutputStream(part), check), 1 << 16))) {
                    for (int source = 0; source < found.surveys().size(); source++) {
                        write(found.surveys().get(source), out);
                        for (Span span : found.spans().get(source)) {
                            write(span, out);
                        }
                    }
                    out.flush();
                    out.writeLong(check.getValue());
                }
                DurableFiles.rename(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            forget(); // the corpus is read again next time
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DataException(file + " is out of date and cannot be deleted: " + e.getMessage() + "; delete it", e);
        }
    }

    private static void write(Survey survey, DataOutputStream out) throws IOException {
        out.writeUTF(survey.digest());
        Tally tally = survey.tally();
        for (long count : new long[] {tally.bytes, tally.files, tally.empty, tally.invalid, tally.nul, tally.cut}) {
            out.writeLong(count);
        }
        out.writeUTF(tally.firstInvalid);
        out.writeUTF(tally.firstNul);
        out.writeInt(tally.emptyNames.size());
        for (String name : tally.emptyNames) {
            out.writeUTF(name);
        }
        out.writeInt(survey.dropped().size());
        for (Map.Entry<Survey.Reason, Survey.Count> entry : survey.dropped().entrySet()) {
            out.writeInt(entry.getKey().step());
            out.writeUTF(entry.getKey().text());
            out.writeLong(entry.getValue().documents());
            out.writeUTF(entry.getValue().example());
        }
        out.writeLong(survey.verdicts().documents());
        for (long document = 0; document < survey.verdicts().documents(); document++) {
            out.writeInt(survey.verdicts().raw(document));
        }
    }

    private Survey survey(DataInputStream in, SourceDocuments source, Path scratch, Progress progress) throws IOException {
        String digest = in.readUTF();
        Tally tally = new Tally(progress, "reading " + source.name(), source.sizeBytes());
        tally.bytes = in.readLong();
        tally.files = in.readLong();
        tally.empty = in.readLong();
        tally.invalid = in.readLong();
        tally.nul = in.readLong();
        tally.cut = in.readLong();
        tally.firstInvalid = in.readUTF();
        tally.firstNul = in.readUTF();
        for (int names = in.readInt(); names > 0; names--) {
            tally.emptyNames.add(in.readUTF());
        }
        Map<Survey.Reason, Survey.Count> dropped = new LinkedHashMap<>();
        for (int reasons = in.readInt(); reasons > 0; reasons--) {
            dropped.put(new Survey.Reason(in.readInt(), in.readUTF()), new Survey.Count(in.readLong(), in.readUTF()));
        }
        Verdicts verdicts = new Verdicts(scratch);
        boolean done = false;
        try {
            for (long documents = in.readLong(); documents > 0; documents--) {
                verdicts.put(in.readInt());
            }
            verdicts.finish();
            done = true;
            return new Survey(source, verdicts, digest, tally, dropped, this::forget);
        } finally {
            if (!done) {
                verdicts.close();
            }
        }
    }

    private static void write(Span span, DataOutputStream out) throws IOException {
        out.writeLong(span.document());
        out.writeInt(span.character());
        out.writeLong(span.toDocument());
        out.writeInt(span.toCharacter());
    }

    private static Span span(DataInputStream in) throws IOException {
        return new Span(in.readLong(), in.readInt(), in.readLong(), in.readInt());
    }
}
