/// What is minimised. An [Objective][dev.cultivar.objective.Objective] turns a model and a batch into a
/// [Loss][dev.cultivar.objective.Loss]: a list of terms that are sums, each with a denominator of its own that is known from
/// the batches alone. So a step means the same however it is cut into micro-batches.
@NullMarked
package dev.cultivar.objective;

import org.jspecify.annotations.NullMarked;
