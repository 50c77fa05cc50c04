package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a small convolutional network, as its `config.json` has them.
///
/// @param image   that it reads, no other size
/// @param filters channels of each block's output
/// @param kernel  side of the convolutions' kernels, an odd number: the map keeps its size
/// @param pool    side of the squares that a pool takes the largest value of
/// @param pooled  where pools stand
public record CnnConfig(ImageShape image, List<Integer> filters, int kernel, int pool, Pooled pooled) {

    /// Where pools stand.
    public enum Pooled {
        /// After the last block; pixels that fill no square are left out.
        LAST,
        /// After every block; squares may reach over the edge, so that an image of any size goes through.
        EVERY_BLOCK;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public CnnConfig {
        filters = List.copyOf(filters);
        if (filters.isEmpty()) {
            throw new IllegalArgumentException("filters must name one block at least");
        }
        if (kernel < 1 || kernel % 2 == 0) {
            throw new IllegalArgumentException("kernel_size must be odd, so that a map keeps its size, got " + kernel);
        }
        if (pool < 1) {
            throw new IllegalArgumentException("pool_size must be at least 1, got " + pool);
        }
        if (pooled == Pooled.LAST && Math.min(image.height(), image.width()) < pool) {
            throw new IllegalArgumentException("image_size " + image.sides() + " is too small for a pool_size of " + pool);
        }
    }

    /// Reads Cultivar's own keys.
    public static CnnConfig of(ConfigFile config) {
        config.oneOf("pool", List.of(Pooled.LAST.word(), Pooled.EVERY_BLOCK.word()));
        return new CnnConfig(
                ImageShape.of(config, 28),
                config.wholes("filters", List.of(32, 32, 32)),
                config.positive("kernel_size", 5),
                config.positive("pool_size", 4),
                config.text("pool", "last").equals("last") ? Pooled.LAST : Pooled.EVERY_BLOCK);
    }

    /// The keys that [#of] reads.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("filters", filters);
        image.into(json);
        json.put("kernel_size", kernel);
        json.put("model_type", "cnn");
        json.put("pool", pooled.word());
        json.put("pool_size", pool);
        return json;
    }

    /// Whether a pool stands after a block.
    ///
    /// @param depth from 1
    boolean pools(int depth) {
        return pooled == Pooled.EVERY_BLOCK || depth == filters.size();
    }

    /// A map's side behind the pool after a block.
    int behind(int depth, int side) {
        return !pools(depth) ? side : pooled == Pooled.EVERY_BLOCK ? Math.ceilDiv(side, pool) : side / pool;
    }
}
