/// From a model's answers to numbers that can be trusted: every one has a direction and a 95 % interval.
///
/// [Metric][dev.cultivar.evaluate.Metric] is such a number.
/// [ClassificationScores][dev.cultivar.evaluate.ClassificationScores] scores class probabilities;
/// [Confusion][dev.cultivar.evaluate.Confusion] holds what follows from counts alone, class by class;
/// [LossScores][dev.cultivar.evaluate.LossScores] is the mean loss over tokens, and perplexity;
/// [RegressionScores][dev.cultivar.evaluate.RegressionScores] scores predicted numbers, in themselves and by their order;
/// [RankingScores][dev.cultivar.evaluate.RankingScores] averages over queries what each [RankedQuery][dev.cultivar.evaluate.RankedQuery] scores;
/// [FrechetDistance][dev.cultivar.evaluate.FrechetDistance] and [SampleCoverage][dev.cultivar.evaluate.SampleCoverage] compare drawn pictures with those of
/// the data, and [CopyScores][dev.cultivar.evaluate.CopyScores] says whether they are copies;
/// [PairedDifference][dev.cultivar.evaluate.PairedDifference] says whether one classifier beats another beyond chance.
/// Everything is plain arithmetic over Java arrays and the same twice: no native library, no clock, no shared generator.
@NullMarked
package dev.cultivar.evaluate;

import org.jspecify.annotations.NullMarked;
