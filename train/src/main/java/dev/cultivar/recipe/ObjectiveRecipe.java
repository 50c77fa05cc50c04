package dev.cultivar.recipe;

/// What is minimised: (model, batch) to a loss.
public sealed interface ObjectiveRecipe {

    /// Masked language modelling (Devlin et al., 2019): of the chosen pieces 80 % become the mask, 10 % a random piece,
    /// 10 % stay.
    ///
    /// @param probability share of pieces that are chosen, in (0, 1)
    /// @param wholeWord   whether a word's pieces are chosen together
    record MaskedLm(double probability, boolean wholeWord) implements ObjectiveRecipe {}

    /// Masked language modelling and next-sentence prediction, each a term of its own.
    ///
    /// @param probability        share of pieces that are chosen, in (0, 1)
    /// @param wholeWord          whether a word's pieces are chosen together
    /// @param nextSentenceWeight weight of the second term
    record MaskedLmNextSentence(double probability, boolean wholeWord, double nextSentenceWeight) implements ObjectiveRecipe {}

    /// One label a row, by cross entropy.
    ///
    /// @param pooling        what the classifier sees of a row
    /// @param labelSmoothing share of the target spread over all labels, in [0, 1)
    /// @param head           whether a checkpoint's classifier is kept
    record Classification(Pooling pooling, double labelSmoothing, Head head) implements ObjectiveRecipe {}

    /// One that an extension builds.
    record Custom(String name, Parameters parameters) implements ObjectiveRecipe {}

    /// What of the hidden states a classifier sees.
    enum Pooling {
        /// The first token, through the backbone's pooler, as BERT's own sequence classifier.
        CLS,
        /// The mean over tokens that are not padding.
        MEAN
    }

    /// Where a task's head comes from.
    enum Head {
        /// The checkpoint's where it has one, a new one where the checkpoint is a bare or pretraining model.
        AUTO,
        /// A new one, also where the checkpoint has one for other labels.
        NEW
    }
}
