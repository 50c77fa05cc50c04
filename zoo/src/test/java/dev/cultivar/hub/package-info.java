/// Tests of the hub, against a server of this process that plays it.
@NullMarked
package dev.cultivar.hub;

import org.jspecify.annotations.NullMarked;
