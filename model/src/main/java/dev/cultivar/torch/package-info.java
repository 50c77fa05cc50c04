/// The one place that knows JavaCPP: lifetimes of native memory, threads, and the crossing between arrays and tensors.
@NullMarked
package dev.cultivar.torch;

import org.jspecify.annotations.NullMarked;
