package dev.cultivar.corpus;

import dev.cultivar.recipe.CorpusRecipe.Step;
import java.util.Optional;
import java.util.function.Supplier;

/// Builds the filter of each cleaning step.
final class Filters {
    private Filters() {}

    /// Nothing for decontamination, which is done when it is known what is held out.
    static Optional<Filter> of(Step step) {
        return switch (step) {
            case Step.Length length -> Optional.of(new LengthFilter(length));
            case Step.Quality quality -> Optional.of(new QualityFilter(quality));
            case Step.ExactDuplicates _ -> Optional.of(new ExactDuplicates());
            case Step.NearDuplicates near -> Optional.of(new NearDuplicates(near));
            case Step.Decontamination _ -> Optional.empty();
        };
    }

    /// What a step is called in tables.
    static String name(Step step) {
        return switch (step) {
            case Step.Length _ -> "length";
            case Step.Quality _ -> "quality";
            case Step.ExactDuplicates _ -> "exact_duplicates";
            case Step.NearDuplicates _ -> "near_duplicates";
            case Step.Decontamination _ -> "decontamination";
        };
    }

    /// Too short or too long.
    private record LengthFilter(Step.Length bounds) implements Filter {
        @Override
        public boolean isStateless() {
            return true;
        }

        @Override
        public Supplier<String> look(Document document) {
            int characters = document.text().length();
            int words = bounds.minWords() > 0 || bounds.maxWords() > 0 ? QualityFilter.words(document.text()) : 0;
            boolean part = !document.isWhole(); // of more characters than any bound allows
            String reason = !part && characters < bounds.minCharacters() ? "fewer than " + bounds.minCharacters() + " characters"
                    : bounds.maxCharacters() > 0 && (part || characters > bounds.maxCharacters()) ? "more than " + bounds.maxCharacters() + " characters"
                    : !part && words < bounds.minWords() ? "fewer than " + bounds.minWords() + " words"
                    : bounds.maxWords() > 0 && words > bounds.maxWords() ? "more than " + bounds.maxWords() + " words"
                    : "";
            return () -> reason;
        }
    }

    /// The same as an earlier one, case and white space aside; two that differ are taken for the same with chance n^2 / 2^65.
    private static final class ExactDuplicates implements Filter {
        private final LongSet seen = new LongSet();

        @Override
        public boolean isStateless() {
            return false;
        }

        @Override
        public Supplier<String> look(Document document) {
            long hash = WordHashes.ofText(document.text());
            return () -> seen.add(hash) ? "" : "equal to an earlier one";
        }
    }
}
