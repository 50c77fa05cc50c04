package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.format.Safetensors;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// In which order numbers lie changes how fast they are computed, and nothing that is computed.
class MemoryFormatTest {

    /// Answers and gradients, by parameter in the order of its shape.
    private record Pass(float[] logits, Map<String, float[]> gradients) {}

    private static Pass pass(ImageBackbonesTest.Kind kind, MemoryFormat format, boolean bfloat16) {
        try (var model = kind.model(); var scope = Scope.open()) {
            var classifier = RowClassifier.of(model, Pooling.CLS, Meaning.ONE_CLASS, 3, 0.5);
            Weights weights = model.weights();
            weights.arrange(format);
            FlatGroup group = weights.pack(weights.parameters(), bfloat16, 1);
            Mode mode = kind.normsBatches() ? new Mode(true, 0, null) : Mode.INFERENCE; // the others would drop at random
            Tensor logits = classifier.logits(Inputs.of(kind.batch()), mode).to(ScalarType.Float);
            logits.mul(logits).sum().backward();
            group.collect(0);
            Map<String, float[]> gradients = new LinkedHashMap<>();
            group.members().forEach(member -> gradients.put(member.name(), Tensors.floats(member.view(group.gradient(), member.from()))));
            return new Pass(Tensors.floats(logits), gradients);
        }
    }

    /// Within a share of the largest number; sums that cancel out leave only what was rounded, which is small beside the others of a network.
    private static void assertClose(float[] got, float[] expected, double share, String name) {
        double largest = 0.1;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(got).as(name).containsExactly(expected, Offset.offset((float) (share * largest)));
    }

    @ParameterizedTest
    @EnumSource
    void anyNetworkAnswersAndLearnsAlike(ImageBackbonesTest.Kind kind) {
        Pass plain = pass(kind, MemoryFormat.CONTIGUOUS, false);
        Pass last = pass(kind, MemoryFormat.CHANNELS_LAST, false);
        assertClose(last.logits(), plain.logits(), 1e-5, "logits");
        plain.gradients().forEach((name, gradient) -> assertClose(last.gradients().get(name), gradient, 1e-4, name));
    }

    /// bfloat16 has eight bits, and the layers add up what they round.
    @ParameterizedTest
    @EnumSource(names = {"CNN", "CNN_POOLED", "VGG", "RESNET"})
    void inBfloat16AsWell(ImageBackbonesTest.Kind kind) {
        Pass exact = pass(kind, MemoryFormat.CONTIGUOUS, false);
        assertClose(pass(kind, MemoryFormat.CHANNELS_LAST, true).logits(), exact.logits(), 0.08, "logits");
    }

    /// A map of 2 x 2 or 3 x 3 with many channels goes through one matrix product.
    @ParameterizedTest
    @CsvSource({"160, 3, 1, 1, 2, true", "160, 3, 2, 1, 4, true", "160, 5, 1, 2, 3, true", "160, 2, 1, 0, 4, true", "160, 3, 1, 1, 4, false", "64, 3, 1, 1, 2, false"})
    void aProductIsTheConvolution(int channels, int side, int stride, int padding, int map, boolean fits) {
        try (var scope = Scope.open()) {
            Tensor kernel = drawn(7, channels, side, side).contiguous(torch.MemoryFormat.ChannelsLast).requires_grad_(true);
            Tensor bias = drawn(7);
            Tensor x = drawn(2, channels, map, map + 1).requires_grad_(true);
            boolean small = ConvolutionProduct.fits(kernel, x.narrow(3, 0, map), stride, padding);
            assertThat(small).isEqualTo(fits);
            assertThat(ConvolutionProduct.fits(kernel.contiguous(), x.narrow(3, 0, map), stride, padding)).isFalse();
            long[] strides = {stride, stride};
            long[] paddings = {padding, padding};
            Tensor expected = torch.conv2d(x, kernel, new TensorOptional(bias), strides, paddings, new long[] {1, 1}, 1);
            Tensor got = ConvolutionProduct.apply(kernel, new TensorOptional(bias), x, stride, padding);
            assertThat(Weights.shape(got)).isEqualTo(Weights.shape(expected));
            assertClose(Tensors.floats(got), Tensors.floats(expected), 1e-5, "maps");
            got.mul(got).sum().backward();
            float[] ofKernel = Tensors.floats(kernel.grad());
            float[] ofMaps = Tensors.floats(x.grad());
            kernel.grad().zero_();
            x.grad().zero_();
            expected.mul(expected).sum().backward();
            assertClose(ofKernel, Tensors.floats(kernel.grad()), 1e-5, "kernel");
            assertClose(ofMaps, Tensors.floats(x.grad()), 1e-5, "x");
        }
    }

    /// In bfloat16 half as many channels are enough.
    @Test
    void productsInBfloat16AreWorthwhileSooner() {
        try (var scope = Scope.open()) {
            Tensor kernel = drawn(7, 160, 3, 3).contiguous(torch.MemoryFormat.ChannelsLast);
            Tensor x = drawn(1, 160, 4, 4);
            assertThat(ConvolutionProduct.fits(kernel, x, 1, 1)).isFalse();
            assertThat(ConvolutionProduct.fits(kernel.to(ScalarType.BFloat16), x.to(ScalarType.BFloat16), 1, 1)).isTrue();
        }
    }

    /// What a generator draws first: a map as large as the kernel, from one place.
    @ParameterizedTest
    @EnumSource
    void ofAPointATransposedConvolutionIsAProduct(MemoryFormat format) {
        try (var weights = new Weights(1, Weights.Stored.NONE); var scope = Scope.open(); var without = new NoGradient()) {
            TransposedConvolution.declare(weights, "up", new Initial.Normal(1), false, 6, 5, 4, 3);
            weights.arrange(format);
            Tensor x = drawn(2, 6, 1, 1);
            Tensor expected = torch.conv_transpose2d(x, weights.get("up.weight"));
            Tensor got = TransposedConvolution.apply(weights, "up", x, 2, 0, 0, 0);
            assertThat(Weights.shape(got)).containsExactly(2, 5, 4, 3);
            assertClose(Tensors.floats(got), Tensors.floats(expected), 1e-5, "maps");
        }
    }

    private static Tensor drawn(long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Tensors.ofFloats(new Initial.Normal(1).values(count, 5, "drawn" + count), shape);
    }

    /// Files know no format: what lies channels last is written as its shape says.
    @Test
    void filesAreTheSame(@TempDir Path folder) throws Exception {
        Path plain = folder.resolve("plain.safetensors");
        Path last = folder.resolve("last.safetensors");
        for (MemoryFormat format : MemoryFormat.values()) {
            try (var model = ImageBackbonesTest.Kind.CNN.model()) {
                Weights weights = model.weights();
                weights.arrange(format);
                weights.pack(weights.parameters().subList(0, 4), true, 2);
                Map<String, String> names = new LinkedHashMap<>();
                weights.names().forEach(name -> names.put(name, name));
                ModelFolder.write(format == MemoryFormat.CONTIGUOUS ? plain : last, weights, names);
            }
        }
        assertThat(last).hasSameBinaryContentAs(plain);
        try (var file = Safetensors.open(last)) {
            assertThat(List.copyOf(file.entries().keySet())).contains("features.0.weight");
        }
    }
}
