package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.Date;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cell of a table as text.
final class Cell {
    private Cell() {}

    /// The value as it would be typed: a whole number without `.0`, nothing as the empty text.
    static String text(@Nullable Object value, Supplier<String> place, String column) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case Double number -> real(number, number.toString());
            case Float number -> real(number, number.toString());
            case BigDecimal number -> number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
            case BigInteger number -> number.toString();
            case Number number -> Long.toString(number.longValue());
            case Boolean truth -> truth.toString();
            case Temporal time -> time.toString();
            case Date time -> time.toString();
            case UUID id -> id.toString();
            default -> throw new DataException(place.get() + ": column '" + column + "' holds " + value.getClass().getSimpleName()
                    + ", not text or a number. Choose another column, or make text of it in data.train.sql");
        };
    }

    private static String real(double number, String written) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 0x1p53;
        return whole ? Long.toString((long) number) : written;
    }
}
