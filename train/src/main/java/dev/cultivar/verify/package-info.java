/// Proves that a model computed here is the same model: a folder of stored inputs and expected numbers against what
/// Cultivar makes of them. Start with [GoldenCase][dev.cultivar.verify.GoldenCase].
@NullMarked
package dev.cultivar.verify;

import org.jspecify.annotations.NullMarked;
