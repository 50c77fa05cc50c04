/// What one micro-step sees, as plain arrays: a [Batch][dev.cultivar.batch.Batch] is made by loader threads, crosses to the
/// training thread, and only there becomes tensors. Nothing in this package knows libtorch.
@NullMarked
package dev.cultivar.batch;

import org.jspecify.annotations.NullMarked;
