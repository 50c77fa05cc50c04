package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// How well answers match what people answered: exactly, and by the words that they share (Rajpurkar et al., 2016).
///
/// Case, ASCII punctuation, the articles a, an, the, and white space aside; of several right answers the one that matches best
/// counts. A question without an answer (Rajpurkar et al., 2018) is answered rightly by saying nothing.
public final class AnswerScores {
    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACES = Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final double[] exact;
    private final double[] shared;
    private final boolean[] answerable;

    private AnswerScores(double[] exact, double[] shared, boolean[] answerable) {
        this.exact = exact;
        this.shared = shared;
        this.answerable = answerable;
    }

    /// Scores answers.
    ///
    /// @param answers what was said to each question; empty where nothing was
    /// @param gold    the right answers of each, none where there is no answer
    public static AnswerScores of(List<String> answers, List<List<String>> gold) {
        if (answers.size() != gold.size() || gold.isEmpty()) {
            throw new IllegalArgumentException(answers.size() + " answers to " + gold.size() + " questions; expected as many, and one at least");
        }
        int n = gold.size();
        var scores = new AnswerScores(new double[n], new double[n], new boolean[n]);
        for (int i = 0; i < n; i++) {
            List<String> right = gold.get(i).isEmpty() ? List.of("") : gold.get(i);
            String said = answers.get(i);
            scores.exact[i] = right.stream().anyMatch(one -> exact(said, one)) ? 1 : 0;
            scores.shared[i] = right.stream().mapToDouble(one -> f1(said, one)).max().orElseThrow();
            scores.answerable[i] = right.stream().anyMatch(one -> !normal(one).isEmpty());
        }
        return scores;
    }

    /// An answer in lower case, without punctuation and articles, its words parted by single spaces.
    public static String normal(String answer) {
        String bare = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
        return SPACES.matcher(ARTICLES.matcher(bare).replaceAll(" ")).replaceAll(" ").strip();
    }

    /// Whether two answers are the same, normalised.
    public static boolean exact(String answer, String gold) {
        return normal(answer).equals(normal(gold));
    }

    /// Harmonic mean of the share of words that are right and the share of right words that were said; of nothing and nothing 1.
    public static double f1(String answer, String gold) {
        List<String> said = words(answer);
        List<String> right = words(gold);
        if (said.isEmpty() || right.isEmpty()) {
            return said.equals(right) ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        right.forEach(word -> left.merge(word, 1, Integer::sum));
        int same = 0;
        for (String word : said) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                same++;
            }
        }
        return 2.0 * same / (said.size() + right.size());
    }

    private static List<String> words(String answer) {
        String normal = normal(answer);
        return normal.isEmpty() ? List.of() : Arrays.asList(normal.split(" "));
    }

    /// Of each question, whether it was answered exactly: 1 or 0.
    public double[] exact() {
        return exact.clone();
    }

    /// Of each question, the F1 of its answer's words.
    public double[] f1() {
        return shared.clone();
    }

    /// `exact_match` and `f1`; where some questions have an answer and some have none also those of either kind,
    /// `answerable_exact_match`, `answerable_f1` and `unanswerable_exact_match`.
    public List<Metric> metrics() {
        boolean[] all = new boolean[exact.length];
        Arrays.fill(all, true);
        boolean[] without = new boolean[exact.length];
        int with = 0;
        for (int i = 0; i < without.length; i++) {
            without[i] = !answerable[i];
            with += answerable[i] ? 1 : 0;
        }
        List<Metric> metrics = new ArrayList<>(List.of(share("exact_match", all), mean("f1", all)));
        if (with > 0 && with < exact.length) {
            metrics.addAll(List.of(share("answerable_exact_match", answerable), mean("answerable_f1", answerable),
                    share("unanswerable_exact_match", without)));
        }
        return metrics;
    }

    private Metric share(String name, boolean[] counted) {
        long rows = 0;
        long hits = 0;
        for (int i = 0; i < counted.length; i++) {
            rows += counted[i] ? 1 : 0;
            hits += counted[i] && exact[i] == 1 ? 1 : 0;
        }
        return Intervals.share(name, hits, rows);
    }

    /// The mean over questions, plus and minus its standard errors.
    private Metric mean(String name, boolean[] counted) {
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (int i = 0; i < counted.length; i++) {
            if (counted[i]) {
                n++;
                sum += shared[i];
                squares += shared[i] * shared[i];
            }
        }
        double mean = sum / n;
        double error = n == 1 ? Double.NaN : Math.sqrt(Math.max(0, squares / n - mean * mean) / (n - 1));
        return Intervals.normal(name, mean, error, 0, 1, Direction.HIGHER);
    }
}
