/// Proofs that nothing is lost: round trips, damage, kills, full disks, and two processes on one folder.
@NullMarked
package dev.cultivar.checkpoint;

import org.jspecify.annotations.NullMarked;
