package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The documents of each query, wherever in the file they stand; one unit a query, in the order in which queries come up first.
public final class QueryGroups implements Units {
    private final List<int[]> queries;

    /// @param store of rows with [Targets.Graded] targets
    public QueryGroups(TokenStore store, Examples source) {
        Map<Long, List<Integer>> rows = new LinkedHashMap<>();
        for (int row = 0; row < store.rows(); row++) {
            rows.computeIfAbsent(Targets.Graded.query(store.target(row)), query -> new ArrayList<>()).add(row);
        }
        queries = rows.values().stream().map(of -> of.stream().mapToInt(row -> row).toArray()).toList();
        if (queries.stream().allMatch(of -> of.length == 1)) {
            throw new DataException(source.name() + ": every query has one document, so that there is nothing to rank; rows of a query have the "
                    + "same text in data.columns.text");
        }
    }

    @Override
    public int count() {
        return queries.size();
    }

    @Override
    public int most() {
        return queries.stream().mapToInt(of -> of.length).max().orElse(0);
    }

    @Override
    public int[] rows(int unit, long epoch) {
        return Arrays.copyOf(queries.get(unit), queries.get(unit).length);
    }
}
