package dev.cultivar.data;

import dev.cultivar.text.Pieces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A tokenizer for tests: words between spaces, pieces of a word between hyphens, and a vocabulary that is given.
final class SpacePieces implements Pieces {
    private final List<String> vocabulary = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    private final Map<String, Integer> numbers = new HashMap<>();

    SpacePieces(String... words) {
        vocabulary.addAll(Arrays.asList(words));
        for (String word : vocabulary) {
            numbers.put(word, numbers.size());
        }
    }

    /// The vocabulary `w0`, `w1`, ...
    static SpacePieces numbered(int words) {
        String[] names = new String[words];
        Arrays.setAll(names, i -> "w" + i);
        return new SpacePieces(names);
    }

    @Override
    public int[] ids(String text) {
        return text.isBlank()
                ? new int[0]
                : Arrays.stream(text.strip().split("[ -]+")).mapToInt(word -> numbers.getOrDefault(word, unknown())).toArray();
    }

    @Override
    public int[] words(String text) {
        List<Integer> words = new ArrayList<>();
        int word = 0;
        for (String one : text.strip().split(" +")) {
            for (int piece = 0; piece < one.split("-").length; piece++) {
                words.add(word);
            }
            word++;
        }
        return words.stream().mapToInt(w -> w).toArray();
    }

    @Override
    public int pad() {
        return 0;
    }

    @Override
    public int unknown() {
        return 1;
    }

    @Override
    public int cls() {
        return 2;
    }

    @Override
    public int sep() {
        return 3;
    }

    @Override
    public int mask() {
        return 4;
    }

    @Override
    public int vocabulary() {
        return vocabulary.size();
    }

    @Override
    public int firstOrdinary() {
        return 5;
    }

    @Override
    public String piece(int id) {
        return vocabulary.get(id);
    }

    @Override
    public String fingerprint() {
        return vocabulary.toString();
    }
}
