package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/// What a file looked like before it was read, so that one that is written to meanwhile is found out.
///
/// @param sizeBytes how long it was
/// @param modified  when it was last written to
record Unchanged(Path path, long sizeBytes, FileTime modified) {

    static Unchanged look(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Unchanged(path, attributes.size(), attributes.lastModifiedTime());
        } catch (NoSuchFileException e) {
            throw new DataException(path + " was there when the run began and is gone; do not move a corpus while it is read", e);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Looks again.
    void confirm() {
        Unchanged now = look(path);
        if (!now.equals(this)) {
            throw new DataException(path + " changed while it was read: it had " + sizeBytes + " bytes of " + modified + " and has "
                    + now.sizeBytes + " of " + now.modified + ". Let whatever writes to it finish, or copy it, and start again");
        }
    }
}
