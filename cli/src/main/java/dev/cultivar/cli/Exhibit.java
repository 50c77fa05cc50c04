package dev.cultivar.cli;

import dev.cultivar.report.Block;
import dev.cultivar.run.Extensions;
import java.nio.file.Path;
import java.util.List;

/// Something that a report shows beside what the run has kept.
interface Exhibit {
    /// @param run a model's folder
    List<Block> blocks(Path run, Extensions extensions);
}
