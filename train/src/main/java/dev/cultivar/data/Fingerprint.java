package dev.cultivar.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 over values in order, each with its length, so that no two sequences of values run together.
public final class Fingerprint {
    private final MessageDigest digest;
    private final byte[] eight = new byte[8];

    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Of what a source gives: texts, pairs, labels, row numbers, ends of documents.
    static String of(Examples examples) {
        Fingerprint fingerprint = new Fingerprint();
        examples.each(new Examples.Sink() {
            @Override
            public void row(Example example) {
                fingerprint.add(example.row()).add(example.text()).add(example.pair()).add(example.label());
                if (!example.negative().isEmpty()) {
                    fingerprint.add(-2).add(example.negative());
                }
            }

            @Override
            public void endOfDocument() {
                fingerprint.add(-1);
            }
        });
        return fingerprint.hex();
    }

    public Fingerprint add(long value) {
        ByteBuffer.wrap(eight).putLong(value);
        digest.update(eight);
        return this;
    }

    public Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
        return this;
    }

    public Fingerprint add(byte[] bytes) {
        add(bytes.length);
        digest.update(bytes);
        return this;
    }

    /// In hexadecimal digits; nothing is to be added after it.
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
