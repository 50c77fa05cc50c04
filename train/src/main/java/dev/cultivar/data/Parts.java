package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.corpus.Corpus;
import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.DataRecipe.Held;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

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
        Optional<Corpus> corpus = CorpusExamples.parted(rows);
        if (corpus.isPresent()) {
            return of(corpus.get(), rows);
        }
        Examples all = RowReader.open(rows.train(), rows.columns());
        double validation = fraction(rows.validation());
        double test = fraction(rows.test());
        if (validation + test >= 1) {
            throw new DataException("validation and test take " + validation + " + " + test
                    + " of the training rows, which leaves none to learn from; expected a sum below 1");
        }
        if (validation + test == 0) {
            return new Parts(all, apart(rows.validation(), rows), apart(rows.test(), rows), also(rows), Optional.empty());
        }
        Splits.Places places = Splits.of(all, validation, test, seed);
        return new Parts(
                all.only(places.train()),
                validation > 0 ? Optional.of(all.only(places.validation())) : apart(rows.validation(), rows),
                test > 0 ? Optional.of(all.only(places.test())) : apart(rows.test(), rows),
                also(rows),
                Optional.empty());
    }

    private static SequencedMap<String, Examples> also(DataRecipe.Rows rows) {
        SequencedMap<String, Examples> also = new LinkedHashMap<>();
        rows.also().forEach((name, source) -> also.put(name, RowReader.open(source, rows.columns())));
        return also;
    }

    /// A corpus parts its sources itself, by place.
    private static Parts of(Corpus corpus, DataRecipe.Rows rows) {
        return new Parts(
                new CorpusExamples(corpus, Corpus.Part.TRAIN),
                fraction(rows.validation()) > 0 ? Optional.of(new CorpusExamples(corpus, Corpus.Part.VALIDATION)) : apart(rows.validation(), rows),
                fraction(rows.test()) > 0 ? Optional.of(new CorpusExamples(corpus, Corpus.Part.TEST)) : apart(rows.test(), rows),
                also(rows),
                Optional.of(corpus.report()));
    }

    private static double fraction(Held held) {
        return switch (held) {
            case Held.Fraction part -> part.fraction();
            case Held.Apart _, Held.None _ -> 0;
        };
    }

    private static Optional<Examples> apart(Held held, DataRecipe.Rows rows) {
        return switch (held) {
            case Held.Apart apart -> Optional.of(RowReader.open(apart.source(), rows.columns()));
            case Held.Fraction _, Held.None _ -> Optional.empty();
        };
    }
}
