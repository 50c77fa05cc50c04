/// From files to batches: rows are read, split, encoded into a memory-mapped store with a fingerprint, audited, and
/// planned into batches whose order is a function of seed and epoch.
@NullMarked
package dev.cultivar.data;

import org.jspecify.annotations.NullMarked;
