/// What comes by a name: models, WordNet 3.1 as raw text to pretrain on and as a labelled task, and drawn characters as labelled pictures.
///
/// [Models][dev.cultivar.zoo.Models] turns what a user calls a model into a folder, and [Origin][dev.cultivar.zoo.Origin] says what
/// the name meant. A hub's models are package [hub][dev.cultivar.hub]'s business. A
/// [ZooModel][dev.cultivar.zoo.ZooModel] lies in a jar on the class path, as an ONNX file and a `tokenizer.json`; the first who
/// asks for it has `EmbeddedModel` write it out as a Hugging Face folder, into the user's `ModelCache`. `BertGraph` finds the
/// weights in the ONNX graph.
///
/// [WordNet][dev.cultivar.zoo.WordNet] reads the dictionary from the class path: a list of
/// [Synset][dev.cultivar.zoo.Synset]s. [WordNetParts][dev.cultivar.zoo.WordNetParts] makes the task of it, "which
/// lexicographer file is this definition from?", with parts that never change: `train`, `validation` and `test` are
/// labelled, `pretraining` is everything that neither validation nor test holds. `Gloss` parts a dictionary line into a
/// definition and its example sentences.
///
/// [Glyphs][dev.cultivar.zoo.Glyphs] are pictures of handwritten characters that Java draws: a `Shape` of `Strokes` says how people write a
/// character, a `Hand` writes it a little differently each time, which leaves a `Trace`, and `Ink` makes grey values of it.
@NullMarked
package dev.cultivar.zoo;

import org.jspecify.annotations.NullMarked;
