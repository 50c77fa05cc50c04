package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.JsonFiles;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.SQLException;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.duckdb.DuckDBStruct;
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

    /// A list or a struct of a query or a Parquet file as the JSON that it would be in a text file.
    static String json(Object value) throws SQLException {
        String line = JsonFiles.line(Map.of("", plain(value)));
        return line.substring(line.indexOf(':') + 1, line.length() - 1).strip();
    }

    private static Object plain(@Nullable Object value) throws SQLException {
        switch (value) {
            case null -> {
                return "";
            }
            case Array array -> {
                List<Object> list = new ArrayList<>();
                for (Object each : (Object[]) array.getArray()) {
                    list.add(plain(each));
                }
                return list;
            }
            case DuckDBStruct struct -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (Map.Entry<String, Object> entry : struct.getMap().entrySet()) {
                    map.put(entry.getKey(), plain(entry.getValue()));
                }
                return map;
            }
            case Number number when number.doubleValue() == number.longValue() -> {
                return number.longValue();
            }
            default -> {
                return String.valueOf(value);
            }
        }
    }

    private static String real(double number, String written) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 0x1p53;
        return whole ? Long.toString((long) number) : written;
    }
}
