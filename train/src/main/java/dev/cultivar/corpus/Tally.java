package dev.cultivar.corpus;

import java.util.ArrayList;
import java.util.List;

/// What is counted of a source while it is read.
final class Tally {
    private static final int NAMED = 3;

    private final Progress progress;
    private final String work;
    private final long total;

    long bytes;
    long files;
    long empty;
    long invalid;
    long nul;
    long cut;
    String firstInvalid = "";
    String firstNul = "";
    final List<String> emptyNames = new ArrayList<>();

    Tally(Progress progress, String work, long total) {
        this.progress = progress;
        this.work = work;
        this.total = total;
    }

    /// Counts for nobody.
    static Tally silent() {
        return new Tally(Progress.NONE, "", 0);
    }

    void read(long more) {
        bytes += more;
        progress.at(work, bytes, total);
    }

    void empty(String place) {
        empty++;
        if (emptyNames.size() < NAMED) {
            emptyNames.add(place);
        }
    }

    void invalid(String place, long count) {
        firstInvalid = invalid == 0 ? place : firstInvalid;
        invalid += count;
    }

    void nul(String place, long count) {
        firstNul = nul == 0 ? place : firstNul;
        nul += count;
    }
}
