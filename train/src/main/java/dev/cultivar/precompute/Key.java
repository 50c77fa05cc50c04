package dev.cultivar.precompute;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What an entry is found by: a SHA-256 of all that its values depend on.
record Key(long a, long b, long c, long d) {
    static final int BYTES = 32;

    static Key of(ByteBuffer bytes) {
        return new Key(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    void into(ByteBuffer bytes) {
        bytes.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    static Digest digest() {
        return new Digest();
    }

    /// Takes values in order, each with its length, so that no two sequences of values run together.
    static final class Digest {
        private final MessageDigest sha;
        private final ByteBuffer eight = ByteBuffer.allocate(8);

        private Digest() {
            try {
                sha = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java platform has SHA-256", impossible);
            }
        }

        Digest add(long value) {
            sha.update(eight.clear().putLong(value).flip());
            return this;
        }

        Digest add(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            add(bytes.length);
            sha.update(bytes);
            return this;
        }

        Digest add(int[] values) {
            add(values.length);
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
            bytes.asIntBuffer().put(values);
            sha.update(bytes);
            return this;
        }

        Digest add(Key key) {
            return add(key.a).add(key.b).add(key.c).add(key.d);
        }

        Digest add(MemorySegment bytes) {
            add(bytes.byteSize());
            long piece = 1 << 28;
            for (long from = 0; from < bytes.byteSize(); from += piece) {
                sha.update(bytes.asSlice(from, Math.min(piece, bytes.byteSize() - from)).asByteBuffer());
            }
            return this;
        }

        Key key() {
            return Key.of(ByteBuffer.wrap(sha.digest()));
        }
    }
}
