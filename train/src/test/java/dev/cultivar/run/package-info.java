/// Whole runs: what must be the same is the same, to the bit; what must differ does; what must be refused is.
@NullMarked
package dev.cultivar.run;

import org.jspecify.annotations.NullMarked;
