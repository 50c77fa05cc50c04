/// From files to batches: rows are read, parted, encoded into a memory-mapped store with a fingerprint, audited, and
/// planned into batches whose order is a function of seed and epoch. Nothing here loads libtorch.
///
/// The way of a row:
///
/// 1. [RowReader][dev.cultivar.data.RowReader] opens a source as [Examples][dev.cultivar.data.Examples] that can be read again
///    and again: `TableExamples` through DuckDB, `TextExamples` line by line, `ZooExamples` embedded.
/// 2. [Parts][dev.cultivar.data.Parts] makes training, validation, test and further rows of a recipe's sources;
///    [Splits][dev.cultivar.data.Splits] takes fractions so that no text is in two parts.
/// 3. [Labels][dev.cultivar.data.Labels] numbers the labels; [Pieces][dev.cultivar.text.Pieces] is what is asked of a tokenizer.
/// 4. [Encoder][dev.cultivar.data.Encoder] turns the texts into [TokenRow][dev.cultivar.data.TokenRow]s (`Packer` fills rows with
///    the lines of a document) in a [TokenStore][dev.cultivar.data.TokenStore], once for each fingerprint.
/// 5. [Auditor][dev.cultivar.data.Auditor] says what the model will really see, as an [Audit][dev.cultivar.data.Audit].
/// 6. A [BatchMaker][dev.cultivar.data.BatchMaker] makes the arrays of given rows: [MaskedBatches][dev.cultivar.data.MaskedBatches]
///    or [LabelledBatches][dev.cultivar.data.LabelledBatches].
/// 7. [EpochFeed][dev.cultivar.data.EpochFeed] trains on them in the order of a `BatchPlan`, with loader threads;
///    [CanonicalBatches][dev.cultivar.data.CanonicalBatches] evaluates on each once, in shapes that no setting changes.
///
/// What is drawn (order, masks, pairs) comes from [Draw][dev.cultivar.batch.Draw], so a [Feed][dev.cultivar.data.Feed]'s position is
/// its whole state.
@NullMarked
package dev.cultivar.data;

import org.jspecify.annotations.NullMarked;
