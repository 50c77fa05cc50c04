/// From files to one long row of tokens: what a language model is pretrained on. Nothing here loads libtorch, and nothing holds a
/// corpus in memory.
///
/// The way of a document:
///
/// 1. A [CorpusRecipe][dev.cultivar.recipe.CorpusRecipe] names sources. `FoundFiles` finds their files, always in the same order;
///    `SourceDocuments` reads them again and again: `TextReader` (UTF-8, with the byte where it is not) and `Segmenter` for text,
///    packed or in archives, `TableReader` through DuckDB for tables and queries. A file that changes meanwhile is found out.
/// 2. [Corpus][dev.cultivar.corpus.Corpus] opens them: a `Survey` of each source reads it once through the `Filters` (length,
///    quality, exact duplicates, near ones by `MinHash`) and keeps four bytes a document: its `Verdicts`. What was left out and why is
///    the [CorpusReport][dev.cultivar.corpus.CorpusReport]. A `SurveyCache` spares the next start the reading, where no file has changed.
/// 3. A `Span` parts each source by place into training, validation and test; `Contamination` then takes out of the training part
///    what shares runs of words with the others.
/// 4. [Tokenisation][dev.cultivar.corpus.Tokenisation] encodes the [Documents][dev.cultivar.corpus.Documents] of a part on all cores into a
///    [TokenStream][dev.cultivar.corpus.TokenStream], a memory-mapped file named by its fingerprint; a
///    [TokenStreamWriter][dev.cultivar.corpus.TokenStreamWriter] that was killed goes on from its last safe block.
/// 5. A [Mixture][dev.cultivar.corpus.Mixture] says which unit of which source comes where in an epoch: a function of seed, epoch and
///    place, without state.
@NullMarked
package dev.cultivar.corpus;

import org.jspecify.annotations.NullMarked;
