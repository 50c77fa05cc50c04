/// Proofs for the files of the ecosystem: round trips, refusals, and seeded mutations of real files.
@NullMarked
package dev.cultivar.format;

import org.jspecify.annotations.NullMarked;
