/// From files to one long row of tokens: what a language model is pretrained on. Nothing here loads libtorch, and nothing holds a
/// corpus in memory.
@NullMarked
package dev.cultivar.corpus;

import org.jspecify.annotations.NullMarked;
