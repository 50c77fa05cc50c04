package dev.cultivar.recipe;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What is learned from and measured on.
public sealed interface DataRecipe {

    /// Rows with named columns: a table, or text files, whose one column is `text`.
    ///
    /// @param train      the rows to learn from
    /// @param validation the rows to choose by
    /// @param test       the rows to report on
    /// @param also       more rows to measure on, by name: a general text beside that of a domain, to see what is forgotten
    /// @param columns    which column is what
    record Rows(Source train, Held validation, Held test, SequencedMap<String, Source> also, Columns columns) implements DataRecipe {
        public Rows {
            also = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(also));
        }

        /// Without more rows to measure on.
        public Rows(Source train, Held validation, Held test, Columns columns) {
            this(train, validation, test, new LinkedHashMap<>(), columns);
        }
    }

    /// Rows for several tasks on one backbone: each micro-batch is of one of them.
    ///
    /// @param tasks       the rows of each, by its name
    /// @param temperature at least 1: a task of n micro-batches an epoch comes up n^(1/temperature) times as often as one of 1. At 1 each row is
    ///                    seen once an epoch; the higher, the more alike are the shares of small and large tasks
    record Tasks(SequencedMap<String, Rows> tasks, double temperature) implements DataRecipe {
        public Tasks {
            tasks = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tasks));
        }
    }

    /// Pictures.
    ///
    /// @param train         the pictures to learn from
    /// @param validation    the pictures to choose by
    /// @param test          the pictures to report on
    /// @param rows          labelled pictures that are learned from, stratified by label, once others are held out; 0 for all. The rest is there
    ///                      without its labels, for objectives that learn from such
    /// @param shape         the form that all are brought into
    /// @param normalization what is done to their values
    /// @param augmentation  how training pictures are changed
    /// @param added         more pictures to learn from, which `rows` does not count and which are never measured on; their labels are of the
    ///                      classes that `train` has
    /// @param classes       labels whose pictures are there, in all parts, as if there were no others; empty for all
    record Images(
            PicturesRecipe.Source train,
            PicturesRecipe.Held validation,
            PicturesRecipe.Held test,
            int rows,
            PicturesRecipe.Shape shape,
            PicturesRecipe.Normalization normalization,
            PicturesRecipe.Augmentation augmentation,
            List<PicturesRecipe.Source> added,
            List<String> classes)
            implements DataRecipe {
        public Images {
            added = List.copyOf(added);
            classes = List.copyOf(classes);
        }

        /// Of all classes, without more pictures to learn from.
        public Images(
                PicturesRecipe.Source train,
                PicturesRecipe.Held validation,
                PicturesRecipe.Held test,
                int rows,
                PicturesRecipe.Shape shape,
                PicturesRecipe.Normalization normalization,
                PicturesRecipe.Augmentation augmentation) {
            this(train, validation, test, rows, shape, normalization, augmentation, List.of(), List.of());
        }
    }

    /// A source of batches that an extension builds: an environment, a generator, a reader of another format.
    record Custom(String name, Parameters parameters) implements DataRecipe {}

    /// Where rows come from.
    sealed interface Source {
        /// A file: CSV, TSV, JSON, JSONL or Parquet by its ending; anything else is plain text, one row a line, an
        /// empty line between documents.
        ///
        /// @param path  relative to the working directory
        /// @param where a SQL condition on the columns, empty for all rows
        record Table(Path path, String where) implements Source {}

        /// A query that DuckDB answers, for example `select body as text from 'x.parquet'`.
        record Sql(String query) implements Source {}

        /// Embedded data.
        ///
        /// @param name `wordnet` (columns `definition`, `example`, `lexname`, `synset`)
        /// @param part `pretraining`, `train`, `validation` or `test`
        /// @param rows at most so many rows, stratified by label; 0 for all of the part
        record Zoo(String name, String part, int rows) implements Source {}

        /// Documents from many files, cleaned and mixed; for pretraining.
        record Corpus(CorpusRecipe corpus) implements Source {}
    }

    /// Rows held out from training.
    sealed interface Held {
        /// Rows of their own.
        record Apart(Source source) implements Held {}

        /// A share of the training rows: stratified by label where there is one, the last part of a text.
        ///
        /// @param fraction in (0, 1)
        /// @param by       what goes together
        record Fraction(double fraction, By by) implements Held {
            /// Of rows, each by itself.
            public Fraction(double fraction) {
                this(fraction, By.ROWS);
            }
        }

        /// None.
        record None() implements Held {}
    }

    /// What goes together into a part.
    enum By {
        /// Rows of the same text.
        ROWS,
        /// All rows of a document: a SQuAD file's titles, a CoNLL file's documents, a table's second texts.
        DOCUMENT
    }

    /// Which column is what; empty where there is none.
    ///
    /// @param text     the text, or the first of two
    /// @param pair     the second text
    /// @param negative a text that does not belong to the first
    /// @param label    the label, of a question the answer
    /// @param start    where in the second text an answer starts, in characters from 0
    record Columns(String text, String pair, String negative, String label, String start) {
        /// Without negatives; of rows that are no questions, or whose answers say themselves where they start.
        public Columns(String text, String pair, String label) {
            this(text, pair, "", label, "");
        }
    }
}
