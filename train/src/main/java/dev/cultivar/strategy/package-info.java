/// Which parameters move, and when: full fine-tuning, feature extraction, partial freezing, gradual unfreezing, adapters, biases.
@NullMarked
package dev.cultivar.strategy;

import org.jspecify.annotations.NullMarked;
