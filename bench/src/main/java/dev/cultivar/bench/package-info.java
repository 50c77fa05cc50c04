/// Timings beside those of peers: each benchmark runs both sides alternately and prints ratios, see `bench/README.md`.
@NullMarked
package dev.cultivar.bench;

import org.jspecify.annotations.NullMarked;
