/// The files of the ecosystem, read strictly and mapped, written whole or not at all; a pickle is never read.
///
/// [Safetensors][dev.cultivar.format.Safetensors] opens named tensors: its header is checked against the file before
/// anything is mapped or allocated by it. [SafetensorsWriter][dev.cultivar.format.SafetensorsWriter] writes them, one after
/// another. [JsonFiles][dev.cultivar.format.JsonFiles] is for `config.json` and its like. Both write through
/// [DurableFiles][dev.cultivar.format.DurableFiles], so a reader sees the old file or the new one, even after a kill, a full
/// disk or a loss of power. Whatever is wrong with a file is a
/// [CheckpointException][dev.cultivar.format.CheckpointException] that names the file. Nothing here knows libtorch.
@NullMarked
package dev.cultivar.format;

import org.jspecify.annotations.NullMarked;
