package dev.cultivar.data;

import dev.cultivar.batch.Batch;

/// An endless sequence of micro-batches over a finite dataset, epoch after epoch, whose content is a function of
/// (seed, epoch, index): where it stands is its whole state.
public interface Feed extends AutoCloseable {

    /// The next micro-batch; loader threads may have made it ahead.
    Batch next();

    /// Where the next micro-batch comes from: what was made ahead but not taken does not count.
    Position position();

    /// Goes to a place; what was made ahead is dropped.
    void seek(Position position);

    /// How many micro-batches the epoch has.
    long microBatches(long epoch);

    /// Tokens without padding (rows where there are no tokens) of one micro-batch, without making it.
    long tokens(Position position);

    @Override
    void close();

    /// @param epoch from 0
    /// @param index of the micro-batch in its epoch, from 0
    record Position(long epoch, long index) {}
}
