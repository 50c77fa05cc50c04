/// How a gradient becomes a change: optimizers over flat groups of parameters, schedules and clipping.
@NullMarked
package dev.cultivar.optim;

import org.jspecify.annotations.NullMarked;
