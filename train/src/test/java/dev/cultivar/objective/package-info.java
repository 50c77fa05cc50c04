/// Losses and their gradients on small models with random weights.
@NullMarked
package dev.cultivar.objective;

import org.jspecify.annotations.NullMarked;
