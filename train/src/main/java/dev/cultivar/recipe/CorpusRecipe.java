package dev.cultivar.recipe;

import java.util.List;

/// Documents to pretrain on: where they come from, how often each source is seen, and what is left out.
///
/// @param sources in the order in which they are read
/// @param clean   in the order in which it is done; decontamination, which needs to know what is held out, always comes last
public record CorpusRecipe(List<Source> sources, List<Step> clean) {
    public CorpusRecipe {
        sources = List.copyOf(sources);
        clean = List.copyOf(clean);
    }

    /// One source of documents.
    ///
    /// @param place    where they are
    /// @param weight   how often an epoch sees each of them; fractions too
    /// @param document what a document of a text file is; a row of a table or query is always one
    /// @param column   with the text, of a table or query
    /// @param invalid  what becomes of bytes that are not UTF-8
    /// @param nul      what becomes of NUL characters
    public record Source(Place place, double weight, Document document, String column, Invalid invalid, Nul nul) {

        /// As a recipe file has it that says no more.
        public static Source of(Place place) {
            return new Source(place, 1, Document.FILE, "text", Invalid.REFUSE, Nul.REFUSE);
        }
    }

    /// Where documents are.
    public sealed interface Place {
        /// Text files and tables.
        ///
        /// @param patterns files, folders (with all in them) and globs; text unless the name ends in that of a table, as it is or
        ///                 with `.gz` or `.zst`; of a zip archive each entry is a file
        /// @param include  globs, of which a file in a folder or an archive must match one; none for all
        /// @param exclude  globs, of which it must match none
        record Files(List<String> patterns, List<String> include, List<String> exclude) implements Place {
            public Files {
                patterns = List.copyOf(patterns);
                include = List.copyOf(include);
                exclude = List.copyOf(exclude);
            }

            public static Files of(String... patterns) {
                return new Files(List.of(patterns), List.of(), List.of());
            }
        }

        /// A query that DuckDB answers.
        record Sql(String query) implements Place {}

        /// The sources that the running JDK brings along.
        ///
        /// @param include as in [Files]; a path begins with its module, as in `java.base/java/util/List.java`
        record Jdk(List<String> include, List<String> exclude) implements Place {
            public Jdk {
                include = List.copyOf(include);
                exclude = List.copyOf(exclude);
            }
        }
    }

    /// What a document of a text file is: the file, what lies between blank lines, or a line.
    public enum Document { FILE, PARAGRAPH, LINE }

    /// What becomes of bytes that are not UTF-8: an error, U+FFFD, nothing.
    public enum Invalid { REFUSE, REPLACE, DROP }

    /// What becomes of NUL characters: an error, nothing.
    public enum Nul { REFUSE, DROP }

    /// A reason to leave a document out.
    public sealed interface Step {
        /// Too short or too long.
        ///
        /// @param maxCharacters 0 for no bound
        /// @param maxWords      0 for no bound
        record Length(int minCharacters, int maxCharacters, int minWords, int maxWords) implements Step {}

        /// Not like text that people wrote, by the rules that Gopher's corpus was made with.
        ///
        /// @param letters        the least share of words with a letter
        /// @param minWordLength  the least mean length of words, in characters
        /// @param maxWordLength  the greatest
        /// @param symbols        at most so many `#` and `...` a word
        /// @param bullets        the greatest share of lines that start with a bullet
        /// @param ellipses       the greatest share of lines that end with an ellipsis
        /// @param repeatedLines  the greatest share of lines that an earlier line equals
        /// @param repeatedShare  the greatest share of characters in such lines
        record Quality(
                double letters, double minWordLength, double maxWordLength, double symbols,
                double bullets, double ellipses, double repeatedLines, double repeatedShare) implements Step {}

        /// The same as an earlier document, case and white space aside.
        record ExactDuplicates() implements Step {}

        /// Nearly the same as an earlier document, found by MinHash.
        ///
        /// @param threshold the least Jaccard similarity of two documents' shingles that makes the later one a duplicate
        /// @param words     of a shingle
        /// @param bands     of the signature; documents that share one are compared
        /// @param rows      of a band
        /// @param seed      of the hash functions
        record NearDuplicates(double threshold, int words, int bands, int rows, long seed) implements Step {}

        /// Shares word n-grams with what is held out, or with given files.
        ///
        /// @param words   of an n-gram
        /// @param matches the least number of shared n-grams that makes a document contaminated
        /// @param common  an n-gram that more documents to learn from have is a phrase, a licence for example, and does not count
        /// @param files   texts and tables to keep apart from, beside the recipe's own validation and test parts; patterns
        record Decontamination(int words, int matches, int common, List<String> files) implements Step {
            public Decontamination {
                files = List.copyOf(files);
            }
        }
    }
}
