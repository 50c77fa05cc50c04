/// Embedded data: WordNet 3.1 as raw text to pretrain on and as a labelled task.
@NullMarked
package dev.cultivar.zoo;

import org.jspecify.annotations.NullMarked;
