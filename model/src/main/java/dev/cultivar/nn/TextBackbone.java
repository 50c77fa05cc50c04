package dev.cultivar.nn;

/// A backbone over pieces of text: its sizes are numbers of its configuration, and it draws from its mode's generator alone, so that
/// several threads may compute with it at once.
interface TextBackbone extends Backbone {

    /// The sizes.
    Dimensions dimensions();

    /// @param width      C
    /// @param layers     above the embeddings
    /// @param positions  the longest row, 0 where there is no longest
    /// @param vocabulary pieces that it has vectors for
    record Dimensions(int width, int layers, int positions, int vocabulary) {}

    @Override
    default int width() {
        return dimensions().width();
    }

    @Override
    default int layers() {
        return dimensions().layers();
    }

    @Override
    default int positions() {
        return dimensions().positions();
    }

    @Override
    default int vocabulary() {
        return dimensions().vocabulary();
    }

    @Override
    default boolean concurrent() {
        return true;
    }
}
