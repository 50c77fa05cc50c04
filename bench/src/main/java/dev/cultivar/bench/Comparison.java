package dev.cultivar.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Sides run in turn, round after round, so that a machine that grows slower is slower for all; the table has medians and ratios.
///
/// @param title of the table
/// @param unit  of a rate
/// @param sides the first is ours
record Comparison(String title, String unit, List<Side> sides) {

    void run(int rounds) throws IOException, InterruptedException {
        List<List<Double>> rates = new ArrayList<>();
        long[] memory = new long[sides.size()];
        String[] notes = new String[sides.size()];
        Arrays.fill(notes, "");
        sides.forEach(side -> rates.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int s = 0; s < sides.size(); s++) {
                Side.Timing timing = sides.get(s).run();
                memory[s] = Math.max(memory[s], timing.residentMb());
                if (timing.rate().isPresent()) {
                    rates.get(s).add(timing.rate().getAsDouble());
                    notes[s] = timing.note();
                    System.err.printf(Locale.ROOT, "  round %d of %d  %-32s %,12.1f%n", round + 1, rounds, sides.get(s).name(), timing.rate().getAsDouble());
                } else {
                    System.err.printf("  round %d of %d  %-32s failed: %s%n", round + 1, rounds, sides.get(s).name(), timing.problem());
                }
            }
        }
        print(rates, memory, notes);
    }

    private void print(List<List<Double>> rates, long[] memory, String[] notes) {
        System.out.printf("%n%s%n%-32s %14s %22s %12s %10s%n", title, "", unit, "from - to", "ratio", "memory MB");
        double ours = rates.getFirst().isEmpty() ? Double.NaN : median(rates.getFirst());
        for (int s = 0; s < sides.size(); s++) {
            List<Double> own = rates.get(s);
            if (own.isEmpty()) {
                System.out.printf("%-32s %14s%n", sides.get(s).name(), "failed");
                continue;
            }
            System.out.printf(Locale.ROOT, "%-32s %,14.1f %22s %12s %,10d  %s%n",
                    sides.get(s).name(),
                    median(own),
                    String.format(Locale.ROOT, "%,.0f - %,.0f", own.stream().min(Double::compare).orElseThrow(), own.stream().max(Double::compare).orElseThrow()),
                    s == 0 ? "" : String.format(Locale.ROOT, "%.2f x", ours / median(own)),
                    memory[s],
                    notes[s]);
        }
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
