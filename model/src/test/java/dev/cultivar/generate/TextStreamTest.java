package dev.cultivar.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tokens here are single bytes, so that every character beyond ASCII takes several.
class TextStreamTest {
    private static String decode(int[] ids) {
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ids[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> pieces(String prompt, byte[] tokens) {
        byte[] before = prompt.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[before.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = before[i];
        }
        var stream = new TextStream(ids, TextStreamTest::decode);
        List<String> pieces = new ArrayList<>();
        for (byte token : tokens) {
            pieces.add(stream.add(token));
        }
        pieces.add(stream.rest());
        return pieces;
    }

    @Test
    void aCharacterComesWhenItIsWhole() {
        assertThat(pieces("é: ", "a€ü😀.".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("a", "", "", "€", "", "ü", "", "", "", "😀", ".", "");
    }

    @Test
    void whatStaysBrokenComesAtTheEnd() {
        assertThat(pieces("x", new byte[] {'a', (byte) 0xE2, (byte) 0x82})).containsExactly("a", "", "", "\uFFFD");
    }

    @Test
    void nothingIsHeldBackForever() {
        byte[] broken = new byte[40];
        java.util.Arrays.fill(broken, (byte) 0x80);
        List<String> pieces = pieces("x", broken);
        assertThat(pieces.subList(0, 20)).anyMatch(piece -> !piece.isEmpty());
        assertThat(String.join("", pieces)).hasSize(40);
    }

    /// A decoder that drops the space at the start of all text, as SentencePiece's do.
    @Test
    void aSpaceBetweenPromptAndContinuationStays() {
        var stream = new TextStream(new int[] {0}, ids -> {
            StringBuilder text = new StringBuilder();
            for (int id : ids) {
                text.append(" w").append(id);
            }
            return text.toString().strip();
        });
        assertThat(stream.add(1) + stream.add(2)).isEqualTo(" w1 w2");
    }
}
