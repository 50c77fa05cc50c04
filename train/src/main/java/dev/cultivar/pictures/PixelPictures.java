package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.Fingerprint;
import dev.cultivar.data.RowReader;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.nio.file.Files;
import java.util.List;

/// Pictures whose pixels are the columns of a table.
///
/// @param source as the recipe has it
/// @param rows   each with its pixels as one text, space between them
record PixelPictures(Source.Pixels source, Examples rows, List<Example> list) implements PictureRows {
    private static final String PIXELS = "pixels of the row";
    private static final String LABEL = "label of the row";

    static PictureRows open(Source.Pixels source) {
        if (!Files.isRegularFile(source.path())) {
            throw new DataException(source.path() + (Files.exists(source.path()) ? " is no file" : " does not exist")
                    + "; expected a table with a column for each pixel");
        }
        boolean labelled = !source.label().isEmpty();
        String others = labelled ? "* exclude (" + quoted(source.label(), '"') + ")" : "*";
        // A cell without a pixel must not shift the others, as concat_ws would let it.
        String sql = "select concat_ws(' ', *columns(" + others + ")) as " + quoted(PIXELS, '"')
                + (labelled ? ", cast(" + quoted(source.label(), '"') + " as varchar) as " + quoted(LABEL, '"') : "")
                + " from (select coalesce(cast(columns(*) as varchar), '?') from " + quoted(source.path().toString(), '\'')
                + (source.where().isBlank() ? "" : " where (\n" + source.where() + "\n)") + ")";
        var columns = new DataRecipe.Columns(PIXELS, "", labelled ? LABEL : "");
        Examples rows = RowReader.open(new DataRecipe.Source.Sql(sql), columns);
        return new PixelPictures(source, rows, rows.list());
    }

    private static String quoted(String text, char quote) {
        return quote + text.replace(String.valueOf(quote), String.valueOf(quote) + quote) + quote;
    }

    @Override
    public String name() {
        return source.path().toString();
    }

    @Override
    public int size() {
        return list.size();
    }

    @Override
    public String label(int row) {
        return list.get(row).label();
    }

    @Override
    public String place(int row) {
        return source.path() + ": record " + (row + 1);
    }

    @Override
    public Picture picture(int row) {
        String[] cells = list.get(row).text().split(" ");
        int wanted = source.height() * source.width() * source.channels();
        if (cells.length != wanted) {
            throw new DataException(place(row) + ": has " + cells.length + " columns beside the label's '" + source.label() + "', expected "
                    + source.height() + " x " + source.width() + " x " + source.channels() + " = " + wanted
                    + " pixels. Say how large the pictures are with height, width and channels, and how the label's column is called");
        }
        byte[] pixels = new byte[wanted];
        for (int i = 0; i < wanted; i++) {
            pixels[i] = (byte) pixel(cells[i], row, i);
        }
        return new Picture(source.height(), source.width(), source.channels(), pixels);
    }

    private int pixel(String cell, int row, int column) {
        try {
            double value = Double.parseDouble(cell);
            if (value >= 0 && value <= 255 && value == Math.rint(value)) {
                return (int) value;
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw new DataException(place(row) + ": pixel " + (column + 1) + " is '" + cell + "', expected a whole number from 0 to 255. Correct the cell, "
                + "or drop the row with 'where'");
    }

    @Override
    public void identify(Fingerprint fingerprint) {
        list.forEach(row -> fingerprint.add(row.text()));
    }
}
