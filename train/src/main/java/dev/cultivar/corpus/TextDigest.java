package dev.cultivar.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 over texts in order, each with its length, so that no two sequences of texts run together.
final class TextDigest {
    private final MessageDigest digest;
    private final byte[] eight = new byte[8];

    TextDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    TextDigest add(Document document) {
        return add((document.continued() ? 1 : 0) + (document.continues() ? 2 : 0)).add(document.text());
    }

    TextDigest add(long value) {
        ByteBuffer.wrap(eight).putLong(value);
        digest.update(eight);
        return this;
    }

    TextDigest add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
