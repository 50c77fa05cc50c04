package dev.cultivar.checkpoint;

/// How far a run has come.
///
/// @param step    steps done
/// @param epochs  passes over the training data, with a fraction; 0 where the data have no end
/// @param tokens  tokens seen, without padding; rows where there are no tokens
/// @param seconds of training, evaluation left out, over all attempts
public record Progress(long step, double epochs, long tokens, double seconds) implements Comparable<Progress> {
    public static final Progress START = new Progress(0, 0, 0, 0);

    @Override
    public int compareTo(Progress other) {
        return Long.compare(step, other.step);
    }
}
