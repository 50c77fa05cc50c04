package dev.cultivar.nn;

/// A matrix that states go through, and that an adapter may stand on.
///
/// @param name       of the module: `NAME.weight` is the matrix, `NAME.bias` the bias where it has one
/// @param in         width of what goes in
/// @param out        width of what comes out
/// @param transposed whether the matrix is stored as (in, out), as GPT-2's are
record LinearLayer(String name, long in, long out, boolean transposed) {
    String weight() {
        return name + ".weight";
    }

    String bias() {
        return name + ".bias";
    }
}
