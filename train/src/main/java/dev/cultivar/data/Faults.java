package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.util.List;
import java.util.Locale;

/// Counts rows with something wrong and keeps the first, so that one error tells of all of them.
final class Faults {
    private String first = "";
    private long count;

    /// @param place of the row
    /// @param fault what is wrong with it
    void add(String place, String fault) {
        if (count++ == 0) {
            first = place + ": " + fault;
        }
    }

    void refuse(String remedy) {
        if (count > 0) {
            throw new DataException(first + "; " + count + (count == 1 ? " such row. " : " such rows. ") + remedy);
        }
    }

    /// What was done about them, as a message; none where nothing was wrong.
    ///
    /// @param done as `questions were left out`
    List<String> told(String done) {
        return count == 0 ? List.of() : List.of(String.format(Locale.ROOT, "%,d %s; the first: %s", count, done, first));
    }
}
