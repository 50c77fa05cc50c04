package dev.cultivar.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What is minimised: (model, batch) to a loss.
public sealed interface ObjectiveRecipe
        permits ObjectiveRecipe.MaskedLm,
                ObjectiveRecipe.MaskedLmNextSentence,
                ObjectiveRecipe.CausalLm,
                ObjectiveRecipe.ReplacedToken,
                ObjectiveRecipe.Tasks,
                ObjectiveRecipe.OfRow,
                ObjectiveRecipe.TokenClassification,
                ObjectiveRecipe.QuestionAnswering,
                ObjectiveRecipe.SequenceToSequence,
                ObjectiveRecipe.SpanCorruption,
                ObjectiveRecipe.Denoising,
                ObjectiveRecipe.Embedding,
                ObjectiveRecipe.Ranking,
                ObjectiveRecipe.Custom,
                PictureObjectiveRecipe {

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

    /// Causal language modelling: each position predicts the next token.
    ///
    /// @param rows    how a corpus becomes rows
    /// @param overlap tokens of a row that the row before had too: context, predicted only there
    record CausalLm(Rows rows, int overlap) implements ObjectiveRecipe {}

    /// How a corpus becomes rows of tokens.
    enum Rows {
        /// Documents stand one after the other, an end-of-text token after each, and the stream is cut into rows of
        /// one length: a token may see the end of the document before.
        STREAM,
        /// Documents stand side by side in a row, positions start again with each, and no token sees another document;
        /// a document that is longer than a row goes on in others.
        PACKED
    }

    /// Replaced-token detection (Clark et al., 2020): a small generator guesses masked pieces, and the backbone tells which pieces
    /// of the result are not the original's.
    ///
    /// @param probability         share of pieces that are masked, in (0, 1)
    /// @param wholeWord           whether a word's pieces are masked together
    /// @param generator           how large it is
    /// @param discriminatorWeight weight of the second term, above 0
    /// @param temperature         that the guesses are sampled with, above 0; below 1 the likeliest come up more often
    record ReplacedToken(
            double probability, boolean wholeWord, Generator generator, double discriminatorWeight, double temperature)
            implements ObjectiveRecipe {}

    /// The size of the network whose guesses are to be found out.
    sealed interface Generator {

        /// Whether its embeddings are the backbone's.
        Embeddings embeddings();

        /// As many layers as the backbone, each this share of its width, in (0, 1].
        record Scaled(double share, Embeddings embeddings) implements Generator {}

        /// @param heads divides `width`
        record Sized(int layers, int width, int heads, int feedForward, Embeddings embeddings) implements Generator {}
    }

    /// Whose embeddings a generator reads.
    enum Embeddings {
        /// The backbone's, which then learn from both.
        SHARED,
        /// Others of the same size.
        OWN
    }

    /// Several tasks on one backbone, each with a head of its own and a term of its own in the loss.
    ///
    /// @param tasks   what each minimises, by its name: the names of the data's tasks
    /// @param weights what each counts in the loss: at least 0. A task of weight 0 is measured, and neither its rows nor its head take part
    record Tasks(SequencedMap<String, ObjectiveRecipe> tasks, SequencedMap<String, Double> weights) implements ObjectiveRecipe {
        public Tasks {
            tasks = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tasks));
            weights = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(weights));
        }

        /// What a task counts.
        public double weight(String task) {
            return weights.getOrDefault(task, 1.0);
        }
    }

    /// Something is said of a row as a whole: its class, its classes, its rank, its value.
    sealed interface OfRow extends ObjectiveRecipe
            permits Classification, MultiLabel, Ordinal, Regression, PictureObjectiveRecipe.FixMatch {
        /// What the head sees of a row.
        Pooling pooling();

        /// Whether a checkpoint's head is kept.
        Head head();
    }

    /// One class a row, by cross entropy.
    ///
    /// @param labelSmoothing share of the target spread over all labels, in [0, 1)
    /// @param weights        what a class's rows count
    /// @param focus          of the focal loss (Lin et al., 2017): rows that are answered rightly already count less; 0 for all alike
    record Classification(Pooling pooling, double labelSmoothing, Head head, ClassWeights weights, double focus) implements OfRow {
        /// Rows of all classes count alike, easy ones too.
        public Classification(Pooling pooling, double labelSmoothing, Head head) {
            this(pooling, labelSmoothing, head, new ClassWeights.Equal(), 0);
        }
    }

    /// What the rows of a class count in the loss.
    sealed interface ClassWeights {
        /// All 1.
        record Equal() implements ClassWeights {}

        /// Rows / (classes * rows of the class): every class counts as much as another in all.
        record Balanced() implements ClassWeights {}

        /// As given, by the class's name; 1 for those not named.
        record Given(SequencedMap<String, Double> weights) implements ClassWeights {
            public Given {
                weights = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(weights));
            }
        }
    }

    /// Any number of classes a row, by binary cross entropy of each.
    ///
    /// @param separator between the names in the label's column
    record MultiLabel(Pooling pooling, Head head, String separator) implements OfRow {}

    /// One of several classes that have an order, as urgencies have.
    ///
    /// @param order the classes from the lowest to the highest; empty for the order of numbers, or else of the alphabet
    /// @param loss  how the order is learned
    record Ordinal(Pooling pooling, Head head, List<String> order, OrdinalLoss loss) implements OfRow {
        public Ordinal {
            order = List.copyOf(order);
        }
    }

    /// How an order is learned.
    enum OrdinalLoss {
        /// One score a row and a threshold between neighbours (Cao, Mirjalili and Raschka, 2020): being far off costs more.
        CORAL,
        /// A score a class, as if they had no order; to compare with.
        CROSS_ENTROPY
    }

    /// A number a row.
    ///
    /// @param loss        of the difference
    /// @param standardize whether the head learns (value - mean) / deviation of the training rows
    record Regression(Pooling pooling, Head head, RegressionLoss loss, boolean standardize) implements OfRow {}

    /// What a difference costs.
    enum RegressionLoss {
        /// Its square.
        MSE,
        /// Its size.
        MAE,
        /// Half its square up to 1, its size less a half beyond (Huber, 1964).
        HUBER
    }

    /// One tag a word, as IOB2 has them (`B-PER`, `I-PER`, `O`), by cross entropy at each word's first piece.
    ///
    /// @param tags what becomes of tags that break IOB2
    /// @param head whether a checkpoint's classifier of tokens is kept
    record TokenClassification(Tags tags, Head head) implements ObjectiveRecipe {}

    /// What becomes of an `I-` tag that continues nothing.
    enum Tags {
        /// It is an error.
        STRICT,
        /// It becomes a `B-`, and is counted.
        REPAIR
    }

    /// The answer to a question as a stretch of a text: cross entropy of its first and its last token.
    ///
    /// @param stride    pieces of a text that two windows share, where it is too long for a row
    /// @param maxAnswer the most pieces of an answer that is given
    /// @param noAnswer  whether a text may have no answer
    /// @param spans     what becomes of answers that are not where they are said to be
    /// @param head      whether a checkpoint's head for answers is kept
    record QuestionAnswering(int stride, int maxAnswer, NoAnswer noAnswer, Spans spans, Head head) implements ObjectiveRecipe {}

    /// Whether a text may have no answer. A window without one points at `[CLS]`, whatever is said here.
    sealed interface NoAnswer {
        /// Each text has one, and one is always given.
        record None() implements NoAnswer {}

        /// None is given where the score of `[CLS]` is above that of the best stretch by more than a threshold.
        record Threshold(double threshold) implements NoAnswer {}
    }

    /// What becomes of answers that lie outside their text, or that are not what stands at their place.
    enum Spans {
        /// They are an error.
        STRICT,
        /// Their questions are left out, and counted.
        DROP
    }

    /// One text from another, by cross entropy over its tokens: `columns.pair` from `columns.text`.
    ///
    /// @param maxTargetLength the longest text that is learned to be written, in tokens
    /// @param labelSmoothing  share of the target spread over all tokens, in [0, 1)
    /// @param generate        whether evaluation writes texts too, and scores them
    record SequenceToSequence(int maxTargetLength, double labelSmoothing, boolean generate) implements ObjectiveRecipe {}

    /// Span corruption (Raffel et al., 2020, section 3.1.4): spans of a row are hidden, each behind a sentinel, and are to be written.
    ///
    /// @param probability share of tokens that are hidden, in (0, 1)
    /// @param meanSpan    tokens of a span on average, at least 1
    record SpanCorruption(double probability, double meanSpan) implements ObjectiveRecipe {}

    /// Denoising (Lewis et al., 2020, section 2.2): spans of a row become one mask each, its sentences change places, and the row
    /// is to be written as it was.
    ///
    /// @param probability share of tokens that are hidden, in (0, 1)
    /// @param meanSpan    tokens of a span on average (Poisson), above 0
    /// @param permute     whether sentences change places
    record Denoising(double probability, double meanSpan, boolean permute) implements ObjectiveRecipe {}

    /// One vector a text, so that texts of like meaning lie close.
    ///
    /// @param pooling       what a vector is made of: the first token's state (no pooler), or the mean over tokens
    /// @param normalize     whether vectors have length 1
    /// @param loss          what lies close and what apart
    /// @param pairs         where the texts come from that are compared
    /// @param hardNegatives texts that are wrong though they look right
    record Embedding(Pooling pooling, boolean normalize, EmbeddingLoss loss, Pairs pairs, HardNegatives hardNegatives)
            implements ObjectiveRecipe {

        /// Whether a pair has a score: how alike its texts are.
        public boolean scored() {
            return loss instanceof EmbeddingLoss.Cosine || loss instanceof EmbeddingLoss.Contrastive;
        }

        /// Whether rows have classes, of which pairs are made.
        public boolean labelled() {
            return pairs instanceof Pairs.Labels;
        }
    }

    /// What an embedding is trained by.
    sealed interface EmbeddingLoss {

        /// Cross entropy of each text's own second text among all of the step (Henderson et al., 2017).
        ///
        /// @param scale     that cosines are multiplied by, above 0
        /// @param symmetric whether the second text's first is looked for as well
        record MultipleNegatives(double scale, boolean symmetric) implements EmbeddingLoss {}

        /// The squared distance of a pair's cosine to its score.
        record Cosine() implements EmbeddingLoss {}

        /// Pairs that belong together (score 1) are drawn close, others (score 0) pushed apart up to a margin of cosine distance
        /// (Hadsell et al., 2006).
        record Contrastive(double margin) implements EmbeddingLoss {}

        /// The second text must be closer to the first than the third is, by a margin of Euclidean distance (Schroff et al., 2015).
        record Triplet(double margin) implements EmbeddingLoss {}
    }

    /// Where compared texts come from.
    sealed interface Pairs {
        /// A row holds them: text, pair, and a negative or a score.
        record Columns() implements Pairs {}

        /// They are drawn anew in every epoch: texts of one label belong together.
        ///
        /// @param perRow how many positives, and negatives where the loss takes them, are drawn for each row
        record Labels(int perRow) implements Pairs {}
    }

    /// Texts that are wrong though they look right.
    sealed interface HardNegatives {
        record None() implements HardNegatives {}

        /// One of the texts that a model puts nearest to the first and that do not belong to it, drawn anew in every epoch.
        ///
        /// @param model   whose vectors tell what is near, as `backbone.model` names one
        /// @param nearest how many it is drawn from
        record Nearest(String model, int nearest) implements HardNegatives {}
    }

    /// The relevance of a document to a query, by one score for the two read together; a query's documents stay in one micro-batch.
    ///
    /// @param loss what the scores are trained by
    /// @param head whether a checkpoint's head is kept
    record Ranking(RankingLoss loss, Head head) implements ObjectiveRecipe {}

    /// What relevance scores are trained by.
    enum RankingLoss {
        /// Binary cross entropy of each document by itself: relevant is a grade above 0.
        POINTWISE,
        /// The squared distance of each document's score to its grade.
        MSE,
        /// The order of each pair of a query's documents (Burges et al., 2005).
        RANKNET,
        /// The same, weighted by what swapping the two does to NDCG (Burges, 2010).
        LAMBDARANK,
        /// The distribution over a query's documents (Cao et al., 2007).
        LISTNET,
        /// The likelihood of the right order (Xia et al., 2008).
        LISTMLE
    }

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
