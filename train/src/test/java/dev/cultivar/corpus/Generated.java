package dev.cultivar.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Texts of made-up words, always the same for a seed.
record Generated(long seed, int documents, int words) implements Documents {
    @Override
    public String name() {
        return "generated";
    }

    @Override
    public void each(Sink sink) {
        for (int i = 0; i < documents; i++) {
            sink.document(new Document("generated:" + i, String.join(" ", words(seed * 1_000_003 + i, words))));
        }
    }

    static List<String> words(long seed, int count) {
        Random random = new Random(seed);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("w" + Integer.toString(random.nextInt(50_000), 36));
        }
        return words;
    }
}
