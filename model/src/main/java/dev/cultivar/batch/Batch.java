package dev.cultivar.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Named arrays for a handful of rows: what one micro-step sees.
///
/// Names are Hugging Face's where they have one: `input_ids`, `attention_mask`, `token_type_ids`, `labels` (all `(B, T)` or `(B)`).
///
/// @param rows   how many real rows the batch holds; filler rows of a canonical batch come after them and are not counted
/// @param origin the number of each real row in its dataset, for messages; length `rows`
/// @param fields the arrays by name, in the order of insertion
public record Batch(int rows, long[] origin, SequencedMap<String, Field> fields) {

    public Batch {
        if (origin.length != rows) {
            throw new IllegalArgumentException("a batch of " + rows + " rows needs as many origins, got " + origin.length);
        }
        fields = new LinkedHashMap<>(fields);
    }

    /// An array with a shape: row-major values of one type.
    public sealed interface Field {
        long[] shape();

        /// Whole numbers (ids, masks, labels), `product(shape)` of them.
        record Ints(int[] values, long... shape) implements Field {
            public Ints {
                check(values.length, shape);
            }
        }

        /// Real numbers (pixels, features, targets), `product(shape)` of them.
        record Floats(float[] values, long... shape) implements Field {
            public Floats {
                check(values.length, shape);
            }
        }

        /// Texts that a measurement needs (a passage, right answers), `product(shape)` of them; no model reads them.
        record Texts(List<String> values, long... shape) implements Field {
            public Texts {
                values = List.copyOf(values);
                check(values.size(), shape);
            }
        }

        private static void check(long length, long[] shape) {
            long product = 1;
            for (long size : shape) {
                product = Math.multiplyExact(product, size);
            }
            if (product != length) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " holds " + product + " values, got " + length);
            }
        }
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /// The array of that name, whatever its type.
    public Field field(String name) {
        Field field = fields.get(name);
        if (field == null) {
            throw absent(name, "field");
        }
        return field;
    }

    public Field.Ints ints(String name) {
        if (fields.get(name) instanceof Field.Ints ints) {
            return ints;
        }
        throw absent(name, "whole numbers");
    }

    public Field.Floats floats(String name) {
        if (fields.get(name) instanceof Field.Floats floats) {
            return floats;
        }
        throw absent(name, "real numbers");
    }

    public Field.Texts texts(String name) {
        if (fields.get(name) instanceof Field.Texts texts) {
            return texts;
        }
        throw absent(name, "texts");
    }

    /// Tokens that are not padding: the ones of `attention_mask`, and of `decoder_attention_mask` where rows have two texts; all of the rows' where there is no mask; the rows themselves
    /// where they are not made of tokens.
    public long tokens() {
        if (!has("attention_mask")) {
            return has("input_ids") && field("input_ids").shape().length == 2 ? rows * field("input_ids").shape()[1] : rows;
        }
        long tokens = 0;
        for (String mask : List.of("attention_mask", "decoder_attention_mask")) {
            if (has(mask)) {
                for (int one : ints(mask).values()) {
                    tokens += one;
                }
            }
        }
        return tokens;
    }

    /// The rows in so many pieces of nearly equal height, in their order; fewer where there are fewer rows, and the batch itself
    /// where it has filler rows or an array that is not made of rows.
    public List<Batch> cut(int pieces) {
        boolean ofRows = fields.values().stream().allMatch(field -> field.shape().length > 0 && field.shape()[0] == rows);
        int count = Math.min(pieces, rows);
        if (!ofRows || count < 2) {
            return List.of(this);
        }
        List<Batch> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            int from = (int) ((long) rows * part / count);
            int to = (int) ((long) rows * (part + 1) / count);
            SequencedMap<String, Field> cut = new LinkedHashMap<>();
            fields.forEach((name, field) -> cut.put(name, rows(field, from, to)));
            parts.add(new Batch(to - from, Arrays.copyOfRange(origin, from, to), cut));
        }
        return parts;
    }

    private Field rows(Field field, int from, int to) {
        long[] shape = field.shape().clone();
        shape[0] = to - from;
        return switch (field) {
            case Field.Ints ints -> {
                int width = ints.values().length / rows;
                yield new Field.Ints(Arrays.copyOfRange(ints.values(), from * width, to * width), shape);
            }
            case Field.Floats floats -> {
                int width = floats.values().length / rows;
                yield new Field.Floats(Arrays.copyOfRange(floats.values(), from * width, to * width), shape);
            }
            case Field.Texts texts -> {
                int width = texts.values().size() / rows;
                yield new Field.Texts(texts.values().subList(from * width, to * width), shape);
            }
        };
    }

    private IllegalStateException absent(String name, String what) {
        return new IllegalStateException("the batch has no " + what + " named " + name + "; it has " + new TreeMap<>(fields).keySet());
    }

    public static Builder of(long... origin) {
        return new Builder(origin);
    }

    /// Collects fields in the order in which they are put.
    public static final class Builder {
        private final long[] origin;
        private final SequencedMap<String, Field> fields = new LinkedHashMap<>();

        private Builder(long[] origin) {
            this.origin = origin;
        }

        public Builder field(String name, Field field) {
            fields.put(name, field);
            return this;
        }

        public Builder ints(String name, int[] values, long... shape) {
            fields.put(name, new Field.Ints(values, shape));
            return this;
        }

        public Builder floats(String name, float[] values, long... shape) {
            fields.put(name, new Field.Floats(values, shape));
            return this;
        }

        public Builder texts(String name, List<String> values, long... shape) {
            fields.put(name, new Field.Texts(values, shape));
            return this;
        }

        /// The shape of a field that was put before.
        public long[] shape(String name) {
            Field field = fields.get(name);
            if (field == null) {
                throw new IllegalStateException("no field named " + name + " was put yet");
            }
            return field.shape();
        }

        public Batch build() {
            return new Batch(origin.length, origin, fields);
        }
    }
}
