package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.Fingerprint;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/// Rows that name pictures' files beside the table that they stand in: their text becomes the whole path.
///
/// @param rows  as the table has them
/// @param table whose folder the names are relative to
public record PicturePaths(Examples rows, Path table) implements Examples {

    @Override
    public String name() {
        return rows.name();
    }

    @Override
    public String place(long row) {
        return rows.place(row);
    }

    @Override
    public boolean plainText() {
        return rows.plainText();
    }

    @Override
    public void each(Sink sink) {
        Path folder = Objects.requireNonNull(table.toAbsolutePath().getParent(), "a file lies in a folder");
        rows.each(row -> sink.row(new Example(row.row(), resolved(folder, row), row.pair(), row.label())));
    }

    /// SHA-256 of the rows, and of the files' sizes and times, which are not read.
    @Override
    public String fingerprint() {
        var fingerprint = new Fingerprint();
        each(row -> {
            fingerprint.add(row.row()).add(row.text());
            if (Files.exists(Path.of(row.text()))) { // one that is missing is told when it is asked for
                PictureFolder.identify(Path.of(row.text()), fingerprint);
            }
        });
        return fingerprint.hex();
    }

    private String resolved(Path folder, Example row) {
        try {
            return folder.resolve(row.text()).toString();
        } catch (InvalidPathException notAPath) {
            throw new DataException(rows.place(row.row()) + ": '" + row.text() + "' is no file's name", notAPath);
        }
    }
}
