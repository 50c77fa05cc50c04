package dev.cultivar.image;

import dev.cultivar.batch.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a picture's file and where they came from; a read beyond their end tells that the file is cut short.
record EncodedPicture(byte[] bytes, String place) {
    int length() {
        return bytes.length;
    }

    int u8(long at) {
        if (at >= bytes.length) {
            throw refused("cut short after " + bytes.length + " bytes", "a whole picture", "copy or make the file again");
        }
        return bytes[(int) at] & 0xFF;
    }

    int u16(long at) {
        return u8(at) << 8 | u8(at + 1);
    }

    long u32(long at) {
        return (long) u16(at) << 16 | u16(at + 2);
    }

    int u16LittleEndian(long at) {
        return u8(at) | u8(at + 1) << 8;
    }

    long u32LittleEndian(long at) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) u32(at)));
    }

    boolean startsWith(byte[] start) {
        return has(0, start);
    }

    boolean has(long at, byte[] part) {
        return at + part.length <= bytes.length && Arrays.equals(bytes, (int) at, (int) at + part.length, part, 0, part.length);
    }

    boolean has(long at, String letters) {
        return has(at, letters.getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] part(long from, long to) {
        u8(to - 1);
        return Arrays.copyOfRange(bytes, (int) from, (int) to);
    }

    /// The exception for this file, to be thrown.
    DataException refused(String is, String expected, String act) {
        return new DataException(refusal(is, expected, act));
    }

    DataException refused(String is, String expected, String act, Throwable cause) {
        return new DataException(refusal(is, expected, act), cause);
    }

    private String refusal(String is, String expected, String act) {
        return place + ": is " + is + ", expected " + expected + "; " + act;
    }
}
