package dev.cultivar.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {
    private static final double[] REALS = {
        0.1, -0.0, Math.PI, 1.0, 1e300, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
        Double.NaN, Double.longBitsToDouble(0x7FF8_0000_DEAD_BEEFL), Double.longBitsToDouble(0xFFF8_0000_0000_0001L)
    };
    private static final long[] WHOLES = {0, -1, (1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE};

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        var out = new StateWriter();
        out.whole("step", 120);
        out.text("phase", "warm-up \"ü\" \uD83C\uDF31\n");
        StateWriter numbers = out.under("numbers");
        for (int i = 0; i < REALS.length; i++) {
            numbers.real("real." + i, REALS[i]);
        }
        for (int i = 0; i < WHOLES.length; i++) {
            numbers.whole("whole." + i, WHOLES[i]);
        }
        StateWriter optimizer = out.under("optimizer").under("adamw");
        optimizer.tensor("m", ElementType.F32, new long[] {2, 2}, MemorySegment.ofArray(new float[] {1, 2, 3, 4}));
        optimizer.wholes("steps", WHOLES);
        optimizer.reals("rates", REALS);
        optimizer.flag("fused", true);
        out.write(folder);
    }

    @Test
    void everythingComesBackToTheBit() {
        try (StateReader in = StateReader.open(folder)) {
            assertThat(in.whole("step")).isEqualTo(120);
            assertThat(in.text("phase")).isEqualTo("warm-up \"ü\" \uD83C\uDF31\n");
            StateReader numbers = in.under("numbers");
            for (int i = 0; i < REALS.length; i++) {
                assertThat(Double.doubleToRawLongBits(numbers.real("real." + i))).isEqualTo(Double.doubleToRawLongBits(REALS[i]));
            }
            for (int i = 0; i < WHOLES.length; i++) {
                assertThat(numbers.whole("whole." + i)).isEqualTo(WHOLES[i]);
            }
            numbers.finish();
            StateReader optimizer = in.under("optimizer").under("adamw");
            assertThat(optimizer.names()).containsExactly("fused", "m", "rates", "steps");
            assertThat(optimizer.tensor("m", ElementType.F32, 2, 2).toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3, 4);
            assertThat(optimizer.wholes("steps")).containsExactly(WHOLES);
            double[] rates = optimizer.reals("rates");
            for (int i = 0; i < REALS.length; i++) {
                assertThat(Double.doubleToRawLongBits(rates[i])).isEqualTo(Double.doubleToRawLongBits(REALS[i]));
            }
            assertThat(optimizer.flag("fused")).isTrue();
            in.finish();
        }
    }

    @Test
    void theOrderOfSavingDoesNotMatter() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        var forward = new StateWriter();
        forward.whole("a", 1);
        forward.wholes("b", 2);
        forward.reals("c", 3);
        forward.write(one);
        var backward = new StateWriter();
        backward.reals("c", 3);
        backward.wholes("b", 2);
        backward.whole("a", 1);
        backward.write(two);
        assertThat(one.resolve("state.safetensors")).hasSameBinaryContentAs(two.resolve("state.safetensors"));
        assertThat(one.resolve("progress.json")).hasSameBinaryContentAs(two.resolve("progress.json"));
    }

    @Test
    void anEmptyStateIsAState() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        new StateWriter().write(empty);
        try (StateReader in = StateReader.open(empty)) {
            assertThat(in.names()).isEmpty();
            in.finish();
        }
    }

    @Test
    void whatIsNotAskedForIsAnError() {
        try (StateReader in = StateReader.open(folder)) {
            in.whole("step");
            in.text("phase");
            in.under("numbers").names().forEach(name -> {
                if (name.startsWith("real")) {
                    in.under("numbers").real(name);
                } else {
                    in.under("numbers").whole(name);
                }
            });
            in.under("optimizer").under("adamw").reals("rates");
            assertThatThrownBy(in::finish)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("no place for 3 of the state's names:"
                            + " optimizer.adamw.fused, optimizer.adamw.m, optimizer.adamw.steps");
        }
    }

    @Test
    void whatIsNotThereOrOtherwiseIsAnError() {
        try (StateReader in = StateReader.open(folder)) {
            refused(() -> in.whole("absent"), "'absent' is not as this run needs it: expected a whole number, got nothing");
            refused(() -> in.real("step"), "'step' is not as this run needs it: expected a real number, got a whole number");
            refused(() -> in.whole("phase"), "expected a whole number, got a text");
            refused(() -> in.flag("phase"), "expected true or false, got a text");
            refused(() -> in.text("step"), "expected a text, got a whole number");
            StateReader adamw = in.under("optimizer").under("adamw");
            refused(() -> adamw.tensor("m", ElementType.F32, 4), "expected a tensor F32[4], got a tensor F32[2, 2]");
            refused(() -> adamw.tensor("m", ElementType.BF16, 2, 2), "expected a tensor BF16[2, 2], got a tensor F32[2, 2]");
            refused(() -> adamw.tensor("v", ElementType.F32, 2, 2), "'optimizer.adamw.v'");
            refused(() -> adamw.whole("m"), "got a tensor F32[2, 2]");
            refused(() -> adamw.wholes("rates"), "expected a tensor I64[12], got a tensor F64[12]");
        }
    }

    private static void refused(Runnable asking, String message) {
        assertThatThrownBy(asking::run).isInstanceOf(CheckpointException.class).hasMessageContaining(message);
    }

    @Test
    void oneNameIsForOneThing() {
        var out = new StateWriter();
        out.whole("a.b", 1);
        assertThatThrownBy(() -> out.under("a").reals("b", 1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("'a.b'");
        assertThatThrownBy(() -> out.whole("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.tensor("t", ElementType.F32, new long[] {2}, MemorySegment.ofArray(new byte[7])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs 8 bytes, got 7");
    }
}
