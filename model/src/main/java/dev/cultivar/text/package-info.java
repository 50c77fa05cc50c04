/// Text to ids and back. Read in this order:
///
/// 1. [Tokenizer][dev.cultivar.text.Tokenizer] is what everything else uses: it opens a Hugging Face `tokenizer.json`, turns
///    text into ids and ids into text, and writes a folder that transformers loads. It adds no special token, cuts nothing
///    and pads nothing: whoever builds a batch decides that, with the ids in [Special][dev.cultivar.text.Special].
/// 2. [WordPieceTrainer][dev.cultivar.text.WordPieceTrainer] makes one from raw text: `BertWords` cuts the text into words,
///    `WordPieceMerges` learns which characters belong together, `WordPieceJson` writes what came of it.
/// 3. `TokenizerFile` reads and checks the files; `NativeTokenizer` holds the native library's object and its lifetime.
///
/// Encoding itself is the tokenizers library's, the one that transformers uses, so that ids agree by construction. Its native
/// code is loaded when the first tokenizer is opened or trained, never before, and nothing is fetched from anywhere.
@NullMarked
package dev.cultivar.text;

import org.jspecify.annotations.NullMarked;
