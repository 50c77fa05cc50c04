package dev.cultivar.loop;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.evaluate.Metric;
import java.util.List;
import java.util.Map;

/// What the loop tells its observers; immutable, and no way back into the loop.
public sealed interface Event {
    Progress progress();

    /// @param total   steps to the horizon
    /// @param resumed whether a checkpoint was gone on from
    record Started(Progress progress, long total, boolean resumed) implements Event {}

    /// What the audit found that exceeds the recipe's thresholds, before a new run starts.
    record Audited(Progress progress, List<String> findings) implements Event {}

    /// Something that the log should have, and, unless it is said aside, whoever watches.
    ///
    /// @param about what it concerns, as `precompute`
    record Noted(Progress progress, String about, String text, boolean aside) implements Event {}

    /// @param losses       each term's mean over the step, by `turn.term`, or `term` where there is one turn; `loss` is the weighted total
    /// @param gradientNorm of the last turn, before clipping
    /// @param learningRate of the last turn
    /// @param stepSeconds  this step took
    /// @param stepTokens   this step saw
    record Stepped(
            Progress progress, Map<String, Double> losses, double gradientNorm, double learningRate, double stepSeconds, long stepTokens)
            implements Event {}

    /// @param phase     from 0
    /// @param trainable parameters that move now
    record PhaseChanged(Progress progress, int phase, long trainable) implements Event {}

    /// @param task    `validation` or another
    /// @param best    whether the validation score is the best so far
    record Evaluated(Progress progress, String task, List<Metric> metrics, boolean best, double seconds) implements Event {}

    record Checkpointed(Progress progress, double seconds) implements Event {}

    /// @param reason `horizon`, `patience` or `interrupted`
    record Ended(Progress progress, String reason) implements Event {}
}
