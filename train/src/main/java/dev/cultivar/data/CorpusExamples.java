package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.corpus.Corpus;
import dev.cultivar.corpus.Document;
import dev.cultivar.corpus.Progress;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.DataRecipe.Columns;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The lines of a corpus as rows, for objectives that learn from lines of documents.
///
/// A row's number is that of its document times 2^24, and the line in it.
///
/// @param part of the corpus
record CorpusExamples(Corpus corpus, Corpus.Part part) implements Examples {
    private static final int LINE_BITS = 24;
    private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));

    static CorpusExamples open(CorpusRecipe recipe, Columns columns) {
        checked(recipe, columns);
        return new CorpusExamples(Corpus.open(recipe, 0, 0, List.of(), SCRATCH, Progress.NONE), Corpus.Part.TRAIN);
    }

    /// The parts of a recipe whose training rows come from a corpus; empty for another.
    static Optional<Corpus> parted(DataRecipe.Rows rows) {
        if (rows.train() instanceof DataRecipe.Source.Corpus(CorpusRecipe recipe)) {
            checked(recipe, rows.columns());
        }
        return Corpus.of(rows, SCRATCH, Progress.NONE);
    }

    private static void checked(CorpusRecipe recipe, Columns columns) {
        if (!columns.label().isEmpty() || !columns.pair().isEmpty()) {
            throw new DataException("data.train.corpus: no column '" + (columns.label().isEmpty() ? columns.pair() : columns.label())
                    + "'; a corpus has texts and nothing else. Give labelled rows with data.train.file or sql");
        }
        for (CorpusRecipe.Source source : recipe.sources()) {
            if (source.weight() != 1) {
                throw new DataException("data.train.corpus: rows are seen once an epoch, so a weight of " + source.weight()
                        + " has no meaning for this objective; leave weight out, or pretrain with causal_lm");
            }
        }
    }

    @Override
    public String name() {
        return corpus.sources() == 1 ? corpus.name(0) : "corpus of " + corpus.sources() + " sources";
    }

    @Override
    public String place(long row) {
        long[] number = {0};
        String[] place = {name()};
        corpus.documents(part).each(document -> {
            if (number[0]++ == row >> LINE_BITS) {
                place[0] = document.place() + ", line " + (row & (1 << LINE_BITS) - 1);
            }
        });
        return place[0];
    }

    @Override
    public boolean plainText() {
        return true;
    }

    @Override
    public void each(Sink sink) {
        Lines lines = new Lines(sink);
        corpus.documents(part).each(lines::document);
        lines.end();
    }

    /// Documents as lines, with the ends of documents between them.
    private static final class Lines {
        private final Sink sink;
        private long number;
        private boolean open;

        Lines(Sink sink) {
            this.sink = sink;
        }

        void document(Document document) {
            if (!document.continued()) {
                end();
            }
            long line = 1;
            for (String text : (Iterable<String>) document.text().lines()::iterator) {
                if (!text.isBlank()) {
                    sink.row(new Example(number << LINE_BITS | line, text.strip(), "", ""));
                    open = true;
                }
                line++;
            }
            number++;
        }

        void end() {
            if (open) {
                sink.endOfDocument();
                open = false;
            }
        }
    }
}
