package dev.cultivar.image;

import static dev.cultivar.image.Encoded.COLOURS;
import static dev.cultivar.image.Encoded.grey;
import static dev.cultivar.image.Encoded.rgb;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sizes and colours against values computed by hand; what is written is read again.
class PictureTest {
    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> new Picture(2, 2, 1, new byte[3])).hasMessageContaining("has 4 bytes, got 3");
        assertThatThrownBy(() -> new Picture(2, 2, 2, new byte[8])).hasMessageContaining("got 2");
        assertThatThrownBy(() -> new Picture(0, 2, 1, new byte[0])).hasMessageContaining("at least one pixel");
        assertThatThrownBy(() -> new Picture(1 << 16, 1 << 16, 1, new byte[0])).hasMessageContaining("4294967296 bytes");
        assertThat(new Picture(1, 2, 1, new byte[] {1, 2})).isEqualTo(new Picture(1, 2, 1, new byte[] {1, 2}))
                .hasSameHashCodeAs(new Picture(1, 2, 1, new byte[] {1, 2})).isNotEqualTo(new Picture(2, 1, 1, new byte[] {1, 2}));
    }

    @Test
    void greyIsLuma() {
        // 0.299 * 255 = 76.2, 0.587 * 255 = 149.7, 0.114 * 255 = 29.1
        assertThat(rgb(new int[][] {{0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x0A141E}}).withChannels(1)).isEqualTo(grey(new int[][] {{76, 150, 29, 255, 18}}));
        assertThat(grey(new int[][] {{7, 200}}).withChannels(3)).isEqualTo(rgb(new int[][] {{0x070707, 0xC8C8C8}}));
        assertThatThrownBy(() -> COLOURS.withChannels(4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shrinkingAverages() {
        Picture four = grey(new int[][] {{0, 10, 20, 31}, {40, 50, 60, 70}});
        assertThat(four.fitted(1, 2, Fit.STRETCH)).isEqualTo(grey(new int[][] {{25, 45}})); // 100 / 4, 181 / 4
        // Three pixels on two: each new one covers one and a half, (2 a + b) / 3.
        assertThat(grey(new int[][] {{30, 90, 240}}).fitted(1, 2, Fit.STRETCH)).isEqualTo(grey(new int[][] {{50, 190}}));
    }

    @Test
    void growingInterpolates() {
        // New centres lie at -0.25, 0.25, 0.75, 1.25 of the old ones; beyond the ends the end holds.
        assertThat(grey(new int[][] {{0, 100}}).fitted(1, 4, Fit.STRETCH)).isEqualTo(grey(new int[][] {{0, 25, 75, 100}}));
        assertThat(grey(new int[][] {{0, 100}, {200, 40}}).fitted(4, 4, Fit.STRETCH)).isEqualTo(grey(new int[][] {
            {0, 25, 75, 100}, {50, 59, 76, 85}, {150, 126, 79, 55}, {200, 160, 80, 40}
        }));
        assertThat(rgb(new int[][] {{0x006400, 0x640000}}).fitted(1, 4, Fit.STRETCH))
                .isEqualTo(rgb(new int[][] {{0x006400, 0x194B00, 0x4B1900, 0x640000}}));
    }

    @Test
    void oneSideMayGrowWhileTheOtherShrinks() {
        assertThat(grey(new int[][] {{0, 100}, {100, 200}}).fitted(1, 4, Fit.STRETCH)).isEqualTo(grey(new int[][] {{50, 75, 125, 150}}));
    }

    @Test
    void croppingKeepsTheMiddle() {
        Picture wide = grey(new int[][] {{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}});
        assertThat(wide.fitted(2, 2, Fit.CROP)).isEqualTo(grey(new int[][] {{3, 4}, {9, 10}}));
        assertThat(wide.fitted(1, 1, Fit.CROP)).isEqualTo(grey(new int[][] {{7}})); // (3 + 4 + 9 + 10) / 4 = 6.5
        assertThat(grey(new int[][] {{1}, {2}, {3}, {4}}).fitted(1, 1, Fit.CROP)).isEqualTo(grey(new int[][] {{2}}));
    }

    @Test
    void paddingAddsBlack() {
        Picture wide = grey(new int[][] {{10, 20, 30, 40}});
        assertThat(wide.fitted(4, 4, Fit.PAD)).isEqualTo(grey(new int[][] {{0, 0, 0, 0}, {10, 20, 30, 40}, {0, 0, 0, 0}, {0, 0, 0, 0}}));
        assertThat(grey(new int[][] {{10}, {20}, {30}, {40}}).fitted(2, 4, Fit.PAD)).isEqualTo(grey(new int[][] {{0, 15, 0, 0}, {0, 35, 0, 0}}));
        assertThat(wide.fitted(2, 2, Fit.PAD)).isEqualTo(grey(new int[][] {{15, 35}, {0, 0}}));
    }

    @ParameterizedTest
    @EnumSource
    void oneColourStaysOneColour(Fit fit) {
        byte[] pixels = new byte[7 * 5 * 3];
        Arrays.fill(pixels, (byte) 255);
        var white = new Picture(7, 5, 3, pixels);
        for (int height = 1; height < 12; height++) {
            for (int width = 1; width < 12; width++) {
                Picture fitted = white.fitted(height, width, fit);
                assertThat(fitted.height()).isEqualTo(height);
                assertThat(fitted.width()).isEqualTo(width);
                for (byte value : fitted.pixels()) {
                    assertThat((int) value).isIn(fit == Fit.PAD ? new Object[] {0, -1} : new Object[] {-1});
                }
            }
        }
        assertThat(white.fitted(7, 5, fit)).isSameAs(white);
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("colours.png");
        PictureWriter.png(file, COLOURS);
        assertThat(PictureReader.read(file)).isEqualTo(COLOURS);
        assertThat(Files.readAllBytes(file)).isEqualTo(PictureWriter.png(COLOURS));
        Picture smooth = Encoded.smooth(1);
        assertThat(PictureReader.read(PictureWriter.png(smooth), "memory")).isEqualTo(smooth);
    }

    @Test
    void aGrid() {
        Picture a = grey(new int[][] {{1, 2}});
        Picture b = grey(new int[][] {{3, 4}});
        assertThat(PictureWriter.grid(List.of(a, b, a), 2, 1)).isEqualTo(grey(new int[][] {{1, 2, 128, 3, 4}, {128, 128, 128, 128, 128}, {1, 2, 128, 128, 128}}));
        assertThat(PictureWriter.grid(List.of(a, b), 5, 0)).isEqualTo(grey(new int[][] {{1, 2, 3, 4}}));
        assertThat(PictureWriter.grid(List.of(a, rgb(new int[][] {{0xFF0000, 0x00FF00}})), 1, 0))
                .isEqualTo(rgb(new int[][] {{0x010101, 0x020202}, {0xFF0000, 0x00FF00}}));
        assertThatThrownBy(() -> PictureWriter.grid(List.of(a, COLOURS), 2, 0)).hasMessageContaining("one size");
        assertThatThrownBy(() -> PictureWriter.grid(List.of(), 2, 0)).hasMessageContaining("0 pictures");
    }
}
