package dev.cultivar.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Goes through the fields of one protobuf message, one after the other, and believes no length before it has looked.
///
/// The wire format: a key (field number times eight, plus wire type), then a varint, four or eight bytes, or a length and so
/// many bytes. A nested message is a field of the last kind, read by another `ProtobufFields` over [#bytes]. Nothing is
/// copied, and nothing is allocated by what the file claims.
final class ProtobufFields {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int COUNTED = 2;
    private static final int FOUR_BYTES = 5;
    private static final int LONGEST_VARINT = 10;

    private final Path file;
    private final MemorySegment message;
    private long at;
    private int field;
    private int wire;
    private long value;
    private MemorySegment bytes = MemorySegment.NULL;

    ProtobufFields(Path file, MemorySegment message) {
        this.file = file;
        this.message = message;
    }

    /// Goes to the next field; false at the end of the message.
    boolean next() {
        if (at == message.byteSize()) {
            return false;
        }
        long key = varint();
        if (key >>> 3 == 0 || key >>> 3 > 0x1FFFFFFF) {
            throw wrong("field number " + (key >>> 3) + " is not one");
        }
        field = (int) (key >>> 3);
        wire = (int) (key & 7);
        switch (wire) {
            case VARINT -> value = varint();
            case EIGHT_BYTES -> skip(Long.BYTES);
            case FOUR_BYTES -> skip(Integer.BYTES);
            case COUNTED -> skip(varint());
            default -> throw wrong("field " + field + " has wire type " + wire + ", which is none of 0, 1, 2 and 5");
        }
        return true;
    }

    private void skip(long length) {
        if (length < 0 || length > message.byteSize() - at) {
            throw wrong("field " + field + " claims " + Long.toUnsignedString(length) + " bytes, and " + (message.byteSize() - at) + " are left");
        }
        bytes = message.asSlice(at, length);
        at += length;
    }

    private long varint() {
        long number = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            if (at == message.byteSize()) {
                throw wrong("it ends within a number");
            }
            byte next = message.get(ValueLayout.JAVA_BYTE, at++);
            number |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return number;
            }
        }
        throw wrong("a number has more than " + LONGEST_VARINT + " bytes");
    }

    /// The number of the field.
    int field() {
        return field;
    }

    /// The value of a field that holds a whole number.
    long number() {
        require(VARINT, "a number");
        return value;
    }

    /// Whether the field holds counted bytes: a text, a nested message, or packed numbers.
    boolean counted() {
        return wire == COUNTED;
    }

    /// The bytes of a field that holds counted ones.
    MemorySegment bytes() {
        require(COUNTED, "counted bytes");
        return bytes;
    }

    /// The message in a field.
    ProtobufFields message() {
        return new ProtobufFields(file, bytes());
    }

    /// The numbers of a field that may hold one or, packed, several.
    ProtobufFields packed() {
        return new ProtobufFields(file, bytes());
    }

    /// Whether numbers are left, in a field that was opened as [#packed].
    boolean hasNumber() {
        return at < message.byteSize();
    }

    /// The next packed number.
    long nextNumber() {
        return varint();
    }

    /// The text of a field, at most so many bytes long.
    String text(long most) {
        MemorySegment text = bytes();
        if (text.byteSize() > most) {
            throw wrong("field " + field + " has a text of " + text.byteSize() + " bytes; expected at most " + most);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toArray(ValueLayout.JAVA_BYTE))).toString();
        } catch (CharacterCodingException notText) {
            throw wrong("field " + field + " has a text that is not UTF-8");
        }
    }

    private void require(int expected, String what) {
        if (wire != expected) {
            throw wrong("field " + field + " has wire type " + wire + "; expected " + what);
        }
    }

    private CheckpointException wrong(String what) {
        return new CheckpointException(file + ": is no ONNX file: " + what
                + ". The file is cut short, damaged or of another format: copy or download it again.");
    }
}
