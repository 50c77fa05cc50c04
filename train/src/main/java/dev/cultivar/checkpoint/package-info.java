/// What a run leaves on disk, so that nothing is lost when it is killed, the disk fills, or the power goes.
///
/// [RunFolder][dev.cultivar.checkpoint.RunFolder] is a run's folder in the hands of the one process that trains in it: it
/// publishes checkpoints, points `best` at one of them, and removes old ones. [RunFiles][dev.cultivar.checkpoint.RunFiles]
/// is the same folder for everybody who only reads. A [CheckpointFolder][dev.cultivar.checkpoint.CheckpointFolder] is one
/// complete checkpoint, checked against the sizes and hashes in its `checkpoint.json`, which is written last: a folder
/// without it does not exist.
///
/// Everything that changes while a run goes on is a [State][dev.cultivar.checkpoint.State]: it puts named values into a
/// [StateWriter][dev.cultivar.checkpoint.StateWriter] and takes them, every one of them and to the bit, from a
/// [StateReader][dev.cultivar.checkpoint.StateReader]. [MetricsFile][dev.cultivar.checkpoint.MetricsFile] is the run's log.
/// Nothing here knows libtorch.
@NullMarked
package dev.cultivar.checkpoint;

import org.jspecify.annotations.NullMarked;
