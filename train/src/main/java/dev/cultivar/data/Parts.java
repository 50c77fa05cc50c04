package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.corpus.Corpus;
import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.recipe.DataRecipe.Held;
import dev.cultivar.recipe.DataRecipe;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The rows of a recipe, parted into what is learned from, chosen by and reported on.
///
/// @param train      rows to learn from
/// @param validation rows to choose by
/// @param test       rows to report on
/// @param also       more rows to measure on, by name
/// @param corpus     what the training rows are the lines of, and what was left out of it; empty where they are no corpus's
public record Parts(
        Examples train, Optional<Examples> validation, Optional<Examples> test, SequencedMap<String, Examples> also,
        Optional<CorpusReport> corpus) {

    /// Opens the sources; fractions are taken from the training rows by [Splits].
    ///
    /// @param seed of the recipe; moves which rows a fraction holds
    public static Parts open(DataRecipe.Rows rows, long seed) {
        return open(rows, seed, RowKind.LABELS);
    }

    /// The same, for rows whose label is no class: a fraction is then drawn without regard to it.
    public static Parts open(DataRecipe.Rows rows, long seed, RowKind kind) {
        Optional<Corpus> corpus = CorpusExamples.parted(rows);
        if (corpus.isPresent()) {
            return of(corpus.get(), rows);
        }
        Examples all = RowReader.open(rows.train(), rows.columns(), kind);
        double validation = fraction(rows.validation());
        double test = fraction(rows.test());
        if (validation + test >= 1) {
            throw new DataException("validation and test take " + validation + " + " + test
                    + " of the training rows, which leaves none to learn from; expected a sum below 1");
        }
        if (validation + test == 0) {
            return new Parts(all, apart(rows.validation(), rows, kind), apart(rows.test(), rows, kind), also(rows, kind), Optional.empty());
        }
        Splits.Places places = Splits.of(kind == RowKind.TEXTS ? new FirstTexts(all) : all, validation, test, seed, strata(rows, kind));
        return new Parts(
                all.only(places.train()),
                validation > 0 ? Optional.of(all.only(places.validation())) : apart(rows.validation(), rows, kind),
                test > 0 ? Optional.of(all.only(places.test())) : apart(rows.test(), rows, kind),
                also(rows, kind),
                Optional.empty());
    }

    private static SequencedMap<String, Examples> also(DataRecipe.Rows rows, RowKind kind) {
        SequencedMap<String, Examples> also = new LinkedHashMap<>();
        rows.also().forEach((name, source) -> also.put(name, RowReader.open(source, rows.columns(), kind)));
        return also;
    }

    /// A corpus parts its sources itself, by place.
    private static Parts of(Corpus corpus, DataRecipe.Rows rows) {
        return new Parts(
                new CorpusExamples(corpus, Corpus.Part.TRAIN),
                fraction(rows.validation()) > 0 ? Optional.of(new CorpusExamples(corpus, Corpus.Part.VALIDATION)) : apart(rows.validation(), rows, RowKind.LABELS),
                fraction(rows.test()) > 0 ? Optional.of(new CorpusExamples(corpus, Corpus.Part.TEST)) : apart(rows.test(), rows, RowKind.LABELS),
                also(rows, RowKind.LABELS),
                Optional.of(corpus.report()));
    }

    /// What goes together into a part, and what is dealt out evenly.
    private static Splits.Strata strata(DataRecipe.Rows rows, RowKind kind) {
        boolean byDocument = Stream.of(rows.validation(), rows.test())
                .anyMatch(held -> held instanceof Held.Fraction part && part.by() == DataRecipe.By.DOCUMENT);
        return byDocument ? Splits.Strata.DOCUMENTS : kind == RowKind.LABELS ? Splits.Strata.LABELS : Splits.Strata.NONE;
    }

    private static double fraction(Held held) {
        return switch (held) {
            case Held.Fraction part -> part.fraction();
            case Held.Apart _, Held.None _ -> 0;
        };
    }

    private static Optional<Examples> apart(Held held, DataRecipe.Rows rows, RowKind kind) {
        return switch (held) {
            case Held.Apart apart -> Optional.of(RowReader.open(apart.source(), rows.columns(), kind));
            case Held.Fraction _, Held.None _ -> Optional.empty();
        };
    }

    /// Rows of which only the first text is seen.
    private record FirstTexts(Examples all) implements Examples {
        @Override
        public String name() {
            return all.name();
        }

        @Override
        public String place(long row) {
            return all.place(row);
        }

        @Override
        public boolean plainText() {
            return all.plainText();
        }

        @Override
        public void each(Sink sink) {
            all.each(example -> sink.row(new Example(example.row(), example.text(), "", "", "", example.document())));
        }
    }
}
