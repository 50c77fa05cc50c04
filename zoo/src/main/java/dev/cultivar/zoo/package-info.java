/// Embedded data: WordNet 3.1 as raw text to pretrain on and as a labelled task.
///
/// [WordNet][dev.cultivar.zoo.WordNet] reads the dictionary from the class path: a list of
/// [Synset][dev.cultivar.zoo.Synset]s. [WordNetParts][dev.cultivar.zoo.WordNetParts] makes the task of it, "which
/// lexicographer file is this definition from?", with parts that never change: `train`, `validation` and `test` are
/// labelled, `pretraining` is everything that neither validation nor test holds. `Gloss` parts a dictionary line into a
/// definition and its example sentences.
@NullMarked
package dev.cultivar.zoo;

import org.jspecify.annotations.NullMarked;
