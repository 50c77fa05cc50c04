/// The loop: one class, [TrainingLoop][dev.cultivar.loop.TrainingLoop], readable from top to bottom, for every objective,
/// source and strategy. It asks none of them what kind it is.
@NullMarked
package dev.cultivar.loop;

import org.jspecify.annotations.NullMarked;
