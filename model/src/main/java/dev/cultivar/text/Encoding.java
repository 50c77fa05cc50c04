package dev.cultivar.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A way to turn text into ids; may be called by several threads.
interface Encoding {

    Encoded encode(String text);

    /// Many texts, spread over the cores.
    default List<Encoded> encode(List<String> texts) {
        var all = new Encoded[texts.size()];
        IntStream.range(0, all.length).parallel().forEach(i -> all[i] = encode(texts.get(i)));
        return List.of(all);
    }

    /// Ids and words, collected one by one.
    final class Builder {
        private int[] ids = new int[64];
        private int[] words = new int[64];
        private int length;
        private int word;

        void clear() {
            length = 0;
            word = 0;
        }

        /// A word that is one piece.
        void word(int id) {
            word(new int[] {id}, 0, 1);
        }

        void word(int[] pieces, int from, int count) {
            if (length + count > ids.length) {
                int capacity = Math.max(length + count, 2 * ids.length);
                ids = Arrays.copyOf(ids, capacity);
                words = Arrays.copyOf(words, capacity);
            }
            if (count < 8) {
                for (int i = 0; i < count; i++) {
                    ids[length + i] = pieces[from + i];
                    words[length + i] = word;
                }
            } else {
                System.arraycopy(pieces, from, ids, length, count);
                Arrays.fill(words, length, length + count, word);
            }
            length += count;
            word++;
        }

        Encoded encoded() {
            return new Encoded(Arrays.copyOf(ids, length), Arrays.copyOf(words, length));
        }
    }
}
