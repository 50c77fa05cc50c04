package dev.cultivar.cli;

import dev.cultivar.report.Block;
import dev.cultivar.run.AskedPictures;
import dev.cultivar.run.Extensions;
import java.nio.file.Path;
import java.util.List;

/// Pictures, what a classifier says of them, and what in them speaks for it.
record PicturesExhibit(List<Path> files) implements Exhibit {

    @Override
    public List<Block> blocks(Path run, Extensions extensions) {
        return AskedPictures.blocks(run.toString(), files, extensions.backbones());
    }
}
