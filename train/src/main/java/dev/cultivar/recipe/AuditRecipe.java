package dev.cultivar.recipe;

/// What happens when the data exceed the audit's thresholds.
///
/// @param mode      print and go on, or refuse to train
/// @param truncated largest share of rows that are cut
/// @param unknown   largest share of tokens that are unknown
public record AuditRecipe(Mode mode, double truncated, double unknown) {
    public enum Mode { WARN, STRICT }
}
