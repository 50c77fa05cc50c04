/// Proofs for pictures: each format read, hand-computed sizes, damage refused, and seeded mutations.
@NullMarked
package dev.cultivar.image;

import org.jspecify.annotations.NullMarked;
