/// Asking a trained model. [Classifier][dev.cultivar.predict.Classifier] labels texts, [Regressor][dev.cultivar.predict.Regressor] says numbers for them,
/// [TokenTagger][dev.cultivar.predict.TokenTagger] finds names and other entities in them,
/// [QuestionAnswerer][dev.cultivar.predict.QuestionAnswerer] points at answers; [AnswerKind][dev.cultivar.predict.AnswerKind] says which
/// of them a folder is for. Each opens a folder, answers any number of threads, and shows nothing of libtorch.
///
/// [Summarizer][dev.cultivar.predict.Summarizer] does the same for an encoder-decoder, which writes a
/// [Summary][dev.cultivar.predict.Summary] of each text.
///
/// [Embedder][dev.cultivar.predict.Embedder] makes vectors of texts, and [Ranker][dev.cultivar.predict.Ranker] puts documents in order for a
/// query, each of them in batches of like length on all cores. [VectorIndex][dev.cultivar.predict.VectorIndex] finds the nearest of many vectors.
///
/// [AttentionMaps][dev.cultivar.predict.AttentionMaps] and [PictureAttentionMaps][dev.cultivar.predict.PictureAttentionMaps] show what the layers of
/// any transformer attend to, as an [AttentionMap][dev.cultivar.predict.AttentionMap].
///
/// `Opened` is what they share: it reads the folder by what a task says (`RowTask`, `TaggerTask`, `AnswererTask`), lets callers
/// in and is closed after the last of them. `Answering` computes, on a thread of its own; `TextRows` does for
/// vectors and scores, on many. [Spans][dev.cultivar.predict.Spans] chooses
/// among the stretches that a network points at, [Fittings][dev.cultivar.predict.Fittings] says what became of long texts in training.
@NullMarked
package dev.cultivar.predict;

import org.jspecify.annotations.NullMarked;
