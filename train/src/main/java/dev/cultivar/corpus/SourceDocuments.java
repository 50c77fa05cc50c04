package dev.cultivar.corpus;

import com.github.luben.zstd.ZstdInputStream;
import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.CorpusRecipe.Place;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The documents of one source of a recipe, as they are read: nothing is cleaned yet.
///
/// @param source what the recipe says
/// @param files  that it names; none for a query
record SourceDocuments(CorpusRecipe.Source source, List<Path> files) implements Documents {

    /// Finds the files.
    static SourceDocuments open(CorpusRecipe.Source source) {
        return new SourceDocuments(source, switch (source.place()) {
            case Place.Files files -> FoundFiles.find(files);
            case Place.Sql _ -> List.of();
            case Place.Jdk _ -> List.of(jdkSources());
        });
    }

    /// The same, once it is certain that the recipe says nothing of them that would be ignored.
    SourceDocuments strict() {
        if (!(source.place() instanceof Place.Files place)) {
            return this;
        }
        boolean tables = files.stream().anyMatch(file -> !TableReader.ending(file).isEmpty());
        boolean texts = files.stream().anyMatch(file -> TableReader.ending(file).isEmpty());
        if (!tables && !source.column().equals("text")) {
            throw new DataException(name() + ": there is no table among these files, and a text has no column '" + source.column()
                    + "'; leave column out");
        }
        if (!texts && source.document() != CorpusRecipe.Document.FILE) {
            throw new DataException(name() + ": these files are tables, of which each row is a document; leave document out");
        }
        if (!texts && source.invalid() != CorpusRecipe.Invalid.REFUSE) {
            throw new DataException(name() + ": these files are tables, in which bytes that are no UTF-8 are always an error; leave invalid out");
        }
        boolean many = place.patterns().stream().anyMatch(pattern -> !Files.isRegularFile(Path.of(pattern)) || FoundFiles.isArchive(Path.of(pattern)));
        if (!many && !(place.include().isEmpty() && place.exclude().isEmpty())) {
            throw new DataException(name() + ": include and exclude choose among the files of a folder, a pattern or an archive, and here each"
                    + " file is named; leave them out");
        }
        return this;
    }

    @Override
    public Optional<String> stamp() {
        if (source.place() instanceof Place.Sql) {
            return Optional.empty();
        }
        TextDigest stamp = new TextDigest().add(source.toString()).add(files.size());
        for (Path file : files) {
            Unchanged now = Unchanged.look(file);
            Instant modified = now.modified().toInstant();
            stamp.add(file.toAbsolutePath().toString()).add(now.sizeBytes()).add(modified.getEpochSecond()).add(modified.getNano());
        }
        return Optional.of(stamp.hex());
    }

    private static Path jdkSources() {
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (!Files.isReadable(sources)) {
            throw new DataException("jdk: source: this JDK has no " + sources + ". Some packages leave it out: install the one with the"
                    + " sources (openjdk-25-source, for example), or a JDK from https://adoptium.net");
        }
        return sources;
    }

    @Override
    public String name() {
        return switch (source.place()) {
            case Place.Files files -> String.join(", ", files.patterns());
            case Place.Sql(String query) -> TableReader.name(query);
            case Place.Jdk _ -> "jdk: source";
        };
    }

    /// What the files take on disk; 0 for a query.
    long sizeBytes() {
        return files.stream().mapToLong(file -> Unchanged.look(file).sizeBytes()).sum();
    }

    @Override
    public void each(Sink sink) {
        each(Tally.silent(), sink);
    }

    void each(Tally tally, Sink sink) {
        switch (source.place()) {
            case Place.Files(_, List<String> include, List<String> exclude) -> {
                List<Glob> wanted = include.stream().map(Glob::of).toList();
                List<Glob> unwanted = exclude.stream().map(Glob::of).toList();
                files.forEach(file -> each(file, wanted, unwanted, tally, sink));
            }
            case Place.Sql(String query) -> TableReader.query(query, source, tally, sink);
            case Place.Jdk(List<String> include, List<String> exclude) ->
                each(files.getFirst(), include.stream().map(Glob::of).toList(), exclude.stream().map(Glob::of).toList(), tally, sink);
        }
    }

    private void each(Path file, List<Glob> include, List<Glob> exclude, Tally tally, Sink sink) {
        Unchanged before = Unchanged.look(file);
        String table = TableReader.ending(file);
        tally.files++;
        try {
            if (before.sizeBytes() == 0) {
                tally.empty(file.toString());
            } else if (FoundFiles.isArchive(file)) {
                archive(file, include, exclude, tally, sink);
            } else if (!table.isEmpty()) {
                TableReader.file(file, table, source, tally, sink);
                tally.read(before.sizeBytes());
            } else {
                try (InputStream in = unpacked(before, tally)) {
                    TextReader.read(in, file.toString(), source, tally, sink);
                }
            }
        } catch (IOException e) {
            before.confirm();
            throw new DataException(file + " cannot be read: " + e.getMessage() + ". Is it damaged, or packed otherwise than its name says?", e);
        } catch (DataException e) {
            before.confirm(); // a file that changed is the better reason
            throw e;
        }
        before.confirm();
    }

    private static InputStream unpacked(Unchanged file, Tally tally) throws IOException {
        InputStream in = new Counted(Files.newInputStream(file.path()), file, tally);
        String name = file.path().toString().toLowerCase(Locale.ROOT);
        try {
            return name.endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : name.endsWith(".zst") ? new ZstdInputStream(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private void archive(Path file, List<Glob> include, List<Glob> exclude, Tally tally, Sink sink) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> !entry.isDirectory() && FoundFiles.isWanted(entry.getName(), include, exclude))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            if (entries.isEmpty()) {
                throw new DataException(file + ": none of its " + zip.size() + " entries is let through by include and exclude; the first are "
                        + zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).limit(3).toList());
            }
            for (ZipEntry entry : entries) {
                try (InputStream in = zip.getInputStream(entry)) {
                    TextReader.read(in, file + "!" + entry.getName(), source, tally, sink);
                }
                tally.read(Math.max(0, entry.getCompressedSize()));
            }
        }
    }

    /// Says how far a file was read, and does not run after one that grows as fast as it is read.
    private static final class Counted extends FilterInputStream {
        private final Unchanged file;
        private final Tally tally;
        private long read;

        Counted(InputStream in, Unchanged file, Tally tally) {
            super(in);
            this.file = file;
            this.tally = tally;
        }

        private void count(int more) {
            read += Math.max(0, more);
            tally.read(Math.max(0, more));
            if (read > file.sizeBytes()) {
                file.confirm();
            }
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            int more = super.read(bytes, from, count);
            count(more);
            return more;
        }
    }
}
