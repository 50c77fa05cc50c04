/// Text to ids and back. Read in this order:
///
/// 1. [Tokenizer][dev.cultivar.text.Tokenizer] is what everything else uses: it opens a Hugging Face `tokenizer.json`, turns
///    text into ids and ids into text, and writes a folder that transformers loads. It adds no special token, cuts nothing
///    and pads nothing: whoever builds a batch decides that, with the ids in [Special][dev.cultivar.text.Special].
/// 2. Four trainers make one from raw text, which they take as [Texts][dev.cultivar.text.Texts], read once and never held in
///    memory: [WordPieceTrainer][dev.cultivar.text.WordPieceTrainer] as BERT's,
///    [BytePairTrainer][dev.cultivar.text.BytePairTrainer] as GPT-2's, [CharacterTrainer][dev.cultivar.text.CharacterTrainer],
///    [WordTrainer][dev.cultivar.text.WordTrainer]. A `Cutting` (`BertWords`, `Gpt2Words`) cuts the text into words,
///    `WordCounting` counts them on all cores, `PairMerges` learns which characters or bytes belong together, and `WordPieceJson`,
///    `BytePairJson` and `WordLevelJson` write what came of it.
/// 3. `TokenizerFile` reads and checks the files; `NativeTokenizer` holds the native library's object and its lifetime.
/// 4. [TextStream][dev.cultivar.text.TextStream] turns ids into text while they come, whole characters at a time.
/// 5. [Placed][dev.cultivar.text.Placed] says which characters a piece stands for, so that an answer can be pointed at.
///    [Fitting][dev.cultivar.text.Fitting] says what becomes of a text that is longer than a row, and
///    [Windows][dev.cultivar.text.Windows] are the stretches that overlap.
/// 6. [Pieces][dev.cultivar.text.Pieces] is what rows ask of a tokenizer, and [TokenGrid][dev.cultivar.text.TokenGrid] lays out
///    BERT's. Which special pieces there are, `special()` says; a tokenizer like GPT-2's has no `[CLS]`, `[SEP]` and `[MASK]`.
///
/// Encoding is the tokenizers library's, the one that transformers uses, so that ids agree by construction; except for
/// byte pairs and characters, which an `Encoding` of our own turns into the same ids ten times as fast (`BytePairEncoding`,
/// `CharacterEncoding`), as tests over every code point and random texts show. Whatever such a tokenizer asks for beyond GPT-2's
/// ways goes to the library. Its native code is loaded when the first tokenizer is opened or trained, never before, and nothing is
/// fetched from anywhere.
@NullMarked
package dev.cultivar.text;

import org.jspecify.annotations.NullMarked;
