package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every backbone over images, without another implementation to compare with.
class ImageBackbonesTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-5f);
    private static final List<String> LABELS = List.of("cat", "dog", "hen");

    enum Kind {
        MLP("net.4", "2: 10, 7", "CultivarForImageClassification", new MlpConfig(new ImageShape(1, 6, 5), List.of(10, 7), "leaky_relu", 0.1).json()),
        CNN("classifier", "3: 4x20x18, 5x20x18, 6x5x4", "CultivarForImageClassification",
                new CnnConfig(new ImageShape(2, 20, 18), List.of(4, 5, 6), 5, 4, CnnConfig.Pooled.LAST).json()),
        CNN_POOLED("classifier", "2: 4x3x3, 5x1x1", "CultivarForImageClassification",
                new CnnConfig(new ImageShape(1, 9, 12), List.of(4, 5), 3, 4, CnnConfig.Pooled.EVERY_BLOCK).json()),
        LENET("classifier.4", "4: 6x10x8, 16x3x2, 120, 84", "CultivarForImageClassification", new LeNetConfig(new ImageShape(1, 20, 16), "tanh").json()),
        RESNET("classifier.1", "3: 8x8x8, 12x4x4, 12x4x4", "ResNetForImageClassification", resnet(ResNetConfig.Layer.BASIC, false, false, ResNetConfig.Stem.IMAGENET)),
        RESNET_BOTTLENECK("classifier.1", "3: 8x4x4, 12x2x2, 12x2x2", "ResNetForImageClassification",
                resnet(ResNetConfig.Layer.BOTTLENECK, true, true, ResNetConfig.Stem.IMAGENET)),
        RESNET_SMALL("classifier.1", "3: 8x32x32, 12x16x16, 12x16x16", "CultivarForImageClassification",
                resnet(ResNetConfig.Layer.BOTTLENECK, false, false, ResNetConfig.Stem.SMALL)),
        VGG("classifier.6", "15: 2x32x40, 2x16x20, 3x16x20, 3x8x10, 4x8x10, 4x8x10, 4x4x5, 5x4x5, 5x4x5, 5x2x2, 6x2x2, 6x2x2, 6x1x1, 9, 9",
                "CultivarForImageClassification", new VggConfig(new ImageShape(3, 32, 40), List.of(2, 3, 4, 5, 6), 9, 0.5).json()),
        VIT("classifier", "2: 7x12, 7x12", "ViTForImageClassification",
                new VitConfig(new ImageShape(1, 8, 12), 4, 12, 2, 3, 20, "gelu", 0.1, 0.1, 1e-12, 0.3, true).json()),
        VIT_UNBIASED("classifier", "2: 5x12, 5x12", "ViTForImageClassification",
                new VitConfig(new ImageShape(3, 9, 9), 4, 12, 2, 2, 20, "relu", 0.1, 0.1, 1e-6, 0.3, false).json());

        private final String output;
        private final String cuts;
        private final String architecture;
        private final Map<String, Object> json;

        /// @param cuts how many layers there are, and the shape of each one's output without the rows
        Kind(String output, String cuts, String architecture, Map<String, Object> json) {
            this.output = output;
            this.cuts = cuts;
            this.architecture = architecture;
            this.json = json;
        }

        private static Map<String, Object> resnet(ResNetConfig.Layer layer, boolean first, boolean inBottleneck, ResNetConfig.Stem stem) {
            return new ResNetConfig(new ImageShape(3, 32, 32), 5, List.of(8, 12), List.of(1, 2), layer, "relu", first, inBottleneck, stem).json();
        }

        ConfigFile config() {
            return ConfigFile.of("config.json", json);
        }

        Model model() {
            var weights = new Weights(7, Weights.Stored.NONE);
            return new Model(weights, Backbones.build(config(), weights, false, Backbones.Custom.NONE));
        }

        boolean normsBatches() {
            return name().startsWith("RESNET");
        }

        /// (2, c, H, W)
        Batch batch() {
            ImageShape shape = Backbones.image(config()).orElseThrow();
            float[] pixels = new float[2 * shape.elements()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) Draw.unit(5, i) - 0.5f;
            }
            return Batch.of(0, 1).floats(ImageShape.PIXELS, pixels, 2, shape.channels(), shape.height(), shape.width()).build();
        }
    }

    private static Mode training(int frozenBelow) {
        return new Mode(true, frozenBelow, torch.make_generator_cpu(11));
    }

    private static RowClassifier classifier(Model model) {
        return RowClassifier.of(model, Pooling.CLS, LABELS.size(), 0.3);
    }

    private static float[] logits(Model model, Batch batch) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return Tensors.floats(classifier(model).logits(Inputs.of(batch), Mode.INFERENCE));
        }
    }

    private static String shape(Tensor tensor) {
        return String.join("x", IntStream.range(1, (int) tensor.dim()).mapToObj(i -> Long.toString(tensor.size(i))).toList());
    }

    @ParameterizedTest
    @EnumSource
    void everyCutHasItsShape(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Backbone backbone = model.backbone();
            Inputs inputs = Inputs.of(kind.batch());
            Hidden hidden = backbone.forward(inputs, Mode.INFERENCE);
            assertThat(hidden.layers()).hasSize(backbone.layers() + 1);
            List<String> shapes = hidden.layers().stream().skip(1).map(ImageBackbonesTest::shape).toList();
            assertThat(backbone.layers() + ": " + String.join(", ", shapes)).isEqualTo(kind.cuts);
            assertThat(shape(backbone.pooled(hidden, inputs, Mode.INFERENCE))).isEqualTo(Integer.toString(backbone.width()));
            assertThat(shape(classifier(model).logits(inputs, Mode.INFERENCE))).isEqualTo("3");
            assertThat(backbone.forwardFlops(1)).isPositive();
            assertThat(backbone.positions()).isZero();
        }
    }

    /// Each depth has parameters, and nothing but the head is above.
    @ParameterizedTest
    @EnumSource
    void everyParameterHasItsDepth(Kind kind) {
        try (var model = kind.model()) {
            classifier(model);
            Backbone backbone = model.backbone();
            Set<Integer> depths = new TreeSet<>();
            for (String name : model.weights().names()) {
                boolean head = name.startsWith(kind.output + ".");
                assertThat(backbone.depth(name) == -1).as(name).isEqualTo(head);
                assertThat(HeadNames.of(kind.config()).owns(name)).as(name).isEqualTo(head);
                depths.add(backbone.depth(name));
            }
            boolean embeds = kind.normsBatches() || kind.name().startsWith("VIT");
            assertThat(depths).containsExactlyElementsOf(IntStream.rangeClosed(-1, backbone.layers()).filter(depth -> depth != 0 || embeds).boxed().toList());
            assertThat(Backbones.output(kind.config())).isEqualTo(kind.output);
        }
    }

    @Test
    void layersAreCountedFromTheInput() {
        depth(Kind.MLP, "net.2.weight", 2);
        depth(Kind.CNN, "features.4.bias", 3);
        depth(Kind.CNN_POOLED, "features.3.bias", 2);
        depth(Kind.LENET, "features.3.weight", 2);
        depth(Kind.LENET, "classifier.2.weight", 4);
        depth(Kind.VGG, "features.21.weight", 10);
        depth(Kind.VGG, "features.28.weight", 13);
        depth(Kind.VGG, "classifier.3.lora_A.weight", 15);
        depth(Kind.RESNET, "resnet.embedder.embedder.normalization.running_mean", 0);
        depth(Kind.RESNET, "resnet.encoder.stages.1.layers.1.layer.0.convolution.weight", 3);
        depth(Kind.RESNET, "resnet.encoder.stages.7.layers.1.layer.0.convolution.weight", 3);
        depth(Kind.VIT, "vit.layernorm.weight", 2);
        depth(Kind.VIT, "vit.pooler.dense.weight", 3);
        depth(Kind.VIT, "vit.encoder.layer.0.output.dense.bias", 1);
        depth(Kind.VIT, "vit.embeddings.cls_token", 0);
    }

    private static void depth(Kind kind, String parameter, int expected) {
        try (var model = kind.model()) {
            assertThat(model.backbone().depth(parameter)).as(parameter).isEqualTo(expected);
        }
    }

    /// A step of training first, so that running statistics are not those of a new model.
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenOpensAgainWithTheSameNumbers(Kind kind, @TempDir Path folder) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            classifier(model).logits(Inputs.of(kind.batch()), training(0));
            float[] expected = logits(model, kind.batch());
            ModelFolder.write(folder, model, LABELS, Map.of());
            try (var opened = ModelFolder.open(folder)) {
                assertThat(opened.config().values().get("architectures")).isEqualTo(List.of(kind.architecture));
                assertThat(opened.labels()).isEqualTo(LABELS);
                assertThat(opened.classes()).isEqualTo(3);
                var stored = opened.stored(name -> false);
                try (var weights = new Weights(1, stored)) {
                    var again = new Model(weights, Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE));
                    assertThat(logits(again, kind.batch())).isEqualTo(expected);
                    assertThat(stored.finish(weights, name -> false, name -> false)).isEmpty();
                    assertThat(weights.names()).isEqualTo(model.weights().names());
                    for (String name : weights.names()) {
                        assertThat(Tensors.floats(weights.master(name))).as(name).isEqualTo(Tensors.floats(model.weights().master(name)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConfigurationIsReadAsItWasWritten(Kind kind) {
        try (var model = kind.model()) {
            assertThat(model.backbone().config()).isEqualTo(kind.json);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCutGoesOnToTheSameBits(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Backbone backbone = model.backbone();
            Inputs inputs = Inputs.of(kind.batch());
            Inputs bare = Inputs.of(Batch.of(0, 1).ints("labels", new int[2], 2).build()); // above a cut nobody asks for pixels
            Hidden whole = backbone.forward(inputs, Mode.INFERENCE);
            float[] expected = of(model, whole, inputs);
            for (int cut = 0; cut <= backbone.layers(); cut++) {
                Hidden below = backbone.forward(inputs.upTo(cut), Mode.INFERENCE);
                assertThat(below.layers()).hasSize(cut + 1);
                assertThat(Tensors.floats(below.states())).isEqualTo(Tensors.floats(whole.layers().get(cut)));
                Inputs above = bare.from(new Inputs.Start(cut, below.states()));
                assertThat(of(model, backbone.forward(above, Mode.INFERENCE), above)).as("cut %d", cut).isEqualTo(expected);
            }
            Inputs above = bare.from(new Inputs.Start(backbone.layers() + 1, backbone.pooled(whole, inputs, Mode.INFERENCE)));
            assertThat(Tensors.floats(classifier(model).logits(above, Mode.INFERENCE))).isEqualTo(expected);
        }
    }

    private static float[] of(Model model, Hidden hidden, Inputs inputs) {
        return Tensors.floats(classifier(model).head().logits(hidden, inputs, Mode.INFERENCE));
    }

    /// Dropout on: the head and each layer get their gradient, in bfloat16 too.
    @ParameterizedTest
    @EnumSource
    void everyParameterIsLearnt(Kind kind) {
        for (boolean bfloat16 : new boolean[] {false, true}) {
            try (var model = kind.model()) {
                RowClassifier classifier = classifier(model);
                Weights weights = model.weights();
                FlatGroup group = weights.pack(weights.parameters(), bfloat16, 1);
                try (var scope = Scope.open()) {
                    Tensor logits = classifier.logits(Inputs.of(kind.batch()), training(0)).to(ScalarType.Float);
                    logits.mul(logits).mul(logits).sum().backward();
                    group.collect(0);
                    for (FlatGroup.Member member : group.members()) {
                        double norm = group.gradient().narrow(0, member.from(), member.elements()).abs().sum().item_double();
                        assertThat(Double.isFinite(norm)).as(member.name()).isTrue();
                        if (!member.name().endsWith("key.bias")) { // softmax does not see the one
                            assertThat(norm).as(member.name()).isPositive();
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheFirstTokenMayBeComputedInTheLastLayer(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Inputs inputs = Inputs.of(kind.batch());
            Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE); // RowClassifier asks for less where it may
            assertThat(logits(model, kind.batch())).containsExactly(of(model, hidden, inputs), CLOSE);
            Hidden first = model.backbone().forward(inputs.firstToken(), Mode.INFERENCE);
            assertThat(first.states().dim() == 3 && first.states().size(1) == 1).isEqualTo(model.backbone().poolsFirstToken());
        }
    }

    /// In a frozen layer nothing is dropped and nothing gathered: the model answers as in inference, to the bit.
    @ParameterizedTest
    @EnumSource
    void frozenLayersRunAsInInference(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Backbone backbone = model.backbone();
            Inputs inputs = Inputs.of(kind.batch());
            Map<String, float[]> before = values(model.weights());
            float[] expected = Tensors.floats(backbone.forward(inputs, Mode.INFERENCE).states());
            assertThat(Tensors.floats(backbone.forward(inputs, training(backbone.layers() + 1)).states())).isEqualTo(expected);
            values(model.weights()).forEach((name, now) -> assertThat(now).as(name).isEqualTo(before.get(name)));
            boolean changes = kind.normsBatches() || kind == Kind.MLP || kind == Kind.VGG || kind.name().startsWith("VIT");
            float[] trained = Tensors.floats(backbone.forward(inputs, training(backbone.layers())).states());
            assertThat(java.util.Arrays.equals(trained, expected)).isEqualTo(!changes);
            assertThat(backbone.indivisible(backbone.layers()).isPresent()).isEqualTo(kind.normsBatches());
            assertThat(backbone.indivisible(backbone.layers() + 1)).isEmpty();
            values(model.weights()).forEach((name, now) -> {
                boolean gathered = name.contains("running") || name.contains("tracked");
                boolean last = backbone.depth(name) == backbone.layers();
                assertThat(java.util.Arrays.equals(now, before.get(name))).as(name).isEqualTo(!(gathered && last));
            });
        }
    }

    private static Map<String, float[]> values(Weights weights) {
        Map<String, float[]> values = new LinkedHashMap<>();
        weights.names().forEach(name -> values.put(name, Tensors.floats(weights.master(name))));
        return values;
    }

    /// Half of what the head reads is dropped in training, also where all layers are frozen.
    @Test
    void aHeadDropsWhatItReads() {
        try (var model = Kind.VGG.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Inputs inputs = Inputs.of(Kind.VGG.batch());
            RowClassifier classifier = classifier(model);
            float[] plain = logits(model, Kind.VGG.batch());
            int frozen = model.backbone().layers() + 1;
            float[] dropped = Tensors.floats(classifier.logits(inputs, training(frozen)));
            assertThat(dropped).isNotEqualTo(plain);
            assertThat(Tensors.floats(classifier.logits(inputs, training(frozen)))).isEqualTo(dropped); // the same draws again
        }
    }

    /// The dense layers below the head have names like it; they are kept, whatever becomes of the head.
    @ParameterizedTest
    @EnumSource
    void aHeadIsReplacedAndNothingElse(Kind kind, @TempDir Path folder) {
        try (var model = kind.model()) {
            RowClassifier.of(model, Pooling.CLS, 1000, 0.1);
            ModelFolder.write(folder, model, IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList(), Map.of());
            try (var opened = ModelFolder.open(folder)) {
                assertThat(opened.classes()).isEqualTo(1000);
                var stored = opened.stored(HeadNames.of(opened.config())::owns);
                try (var weights = new Weights(1, stored)) {
                    var again = new Model(weights, Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE));
                    RowClassifier.of(again, Pooling.CLS, 2, 0.1);
                    List<String> head = List.of(kind.output + ".weight", kind.output + ".bias");
                    assertThat(stored.finish(weights, head::contains, head::contains)).containsExactlyInAnyOrderElementsOf(head);
                    assertThat(weights.fresh()).isEqualTo(head);
                    assertThat(weights.shape(head.getFirst())).containsExactly(2, again.backbone().width());
                    for (String name : weights.names()) {
                        if (!head.contains(name)) {
                            assertThat(Tensors.floats(weights.master(name))).as(name).isEqualTo(Tensors.floats(model.weights().master(name)));
                        }
                    }
                }
            }
            otherLabels(folder, kind);
        }
    }

    private static void otherLabels(Path folder, Kind kind) {
        try (var opened = ModelFolder.open(folder)) {
            var stored = opened.stored(name -> false);
            try (var weights = new Weights(1, stored)) {
                RowClassifier.of(new Model(weights, Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE)), Pooling.CLS, 2, 0.1);
                assertThatThrownBy(() -> stored.finish(weights, name -> false, name -> false))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContainingAll("2 tensors of another shape (" + kind.output + ".weight is [1000,", "objective.head=new");
            }
        }
    }

    /// A dense layer of another size is no other head, however its name starts.
    @Test
    void aDenseLayerOfAnotherSizeIsNoOtherHead(@TempDir Path folder) {
        try (var model = Kind.VGG.model()) {
            classifier(model);
            ModelFolder.write(folder, model, LABELS, Map.of());
        }
        try (var opened = ModelFolder.open(folder)) {
            var stored = opened.stored(name -> false);
            Map<String, Object> wider = new LinkedHashMap<>(Kind.VGG.json);
            wider.put("hidden_size", 11);
            try (var weights = new Weights(1, stored)) {
                Backbones.build(ConfigFile.of("config.json", wider), weights, false, Backbones.Custom.NONE);
                assertThatThrownBy(() -> stored.finish(weights, name -> false, name -> name.startsWith("classifier.6.")))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContainingAll("classifier.0.weight is [9, 294], expected [11, 294]", "of a model of another size")
                        .hasMessageNotContaining("head");
            }
        }
    }

    /// LoRA on the layers that a family has it on, the head trained whole beside it.
    @ParameterizedTest
    @EnumSource(names = {"MLP", "LENET", "VGG", "VIT"})
    void anAdapterStandsBelowTheHead(Kind kind, @TempDir Path folder) {
        var low = new AdapterConfig.LowRank(ModuleNames.of(List.of()), 2, 4, 0.1, false, false);
        var adapter = new AdapterConfig(low, HeadNames.of(kind.config()).above(), "", "");
        try (var weights = new Weights(7, Weights.Stored.NONE)) {
            var model = new Model(weights, Backbones.build(kind.config().with(adapter), weights, false, Backbones.Custom.NONE));
            classifier(model);
            Set<String> on = new LinkedHashSet<>();
            weights.adapters().own().forEach(name -> on.add(name.replaceAll("\\.lora_.*", "").replaceAll("\\.\\d\\.attention", ".N.attention")));
            assertThat(on).containsExactlyElementsOf(switch (kind) {
                case MLP -> List.of("net.0", "net.2");
                case LENET -> List.of("classifier.0", "classifier.2");
                case VGG -> List.of("classifier.0", "classifier.3");
                default -> List.of("vit.encoder.layer.N.attention.attention.query", "vit.encoder.layer.N.attention.attention.value");
            });
            assertThat(weights.parameters().stream().filter(weights.adapters()::trains).filter(name -> !name.contains("lora_")))
                    .containsExactly(kind.output + ".weight", kind.output + ".bias");
            try (var scope = Scope.open(); var without = new NoGradient()) {
                classifier(model).logits(Inputs.of(kind.batch()), training(0)); // the adapter's dropout knows where it is
            }
        }
    }

    @Test
    void whereNoLayerIsLinearAnAdapterIsRefused() {
        var low = new AdapterConfig.LowRank(ModuleNames.everyLinear(), 2, 4, 0, false, false);
        for (Kind kind : List.of(Kind.CNN, Kind.RESNET)) {
            var adapter = new AdapterConfig(low, List.of(kind.output), "", "");
            try (var weights = new Weights(7, Weights.Stored.NONE)) {
                assertThatThrownBy(() -> Backbones.build(kind.config().with(adapter), weights, false, Backbones.Custom.NONE))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContainingAll("has no linear layer below its head");
            }
        }
    }

    @Test
    void settingsThatFitNoNetworkAreRefusedByName() {
        refused(Kind.MLP, "hidden_sizes", List.of(), "hidden_sizes must be whole numbers above 0, one at least", "got []");
        refused(Kind.MLP, "hidden_sizes", List.of(4, 0), "hidden_sizes must be whole numbers above 0", "got [4, 0]");
        refused(Kind.MLP, "hidden_act", "swish", "hidden_act must be one of", "leaky_relu");
        refused(Kind.MLP, "dropout", 1.0, "dropout must be a share", "got 1.0");
        refused(Kind.MLP, "image_size", List.of(2_000_000_000, 2_000_000_000), "overflow");
        refused(Kind.CNN, "kernel_size", 4, "kernel_size must be odd", "got 4");
        refused(Kind.CNN, "pool_size", 19, "image_size [20, 18] is too small", "pool_size of 19");
        refused(Kind.CNN, "pool", "first", "pool must be one of", "every_block");
        refused(Kind.CNN, "num_channels", 0, "num_channels must be a whole number above 0");
        refused(Kind.LENET, "image_size", 11, "image_size [11, 11] is too small for LeNet", "12 or more");
        refused(Kind.VGG, "image_size", List.of(64, 31), "image_size [64, 31] is too small for VGG16's five pools", "32 or more");
        refused(Kind.VGG, "image_size", List.of(64, 31, 3), "image_size must be one number, or height and width");
        refused(Kind.VGG, "channels", List.of(2, 3, 4, 5), "channels must name those of VGG16's 5 stages");
        refused(Kind.RESNET, "depths", List.of(2), "hidden_sizes and depths must have one number for each stage");
        refused(Kind.RESNET, "layer_type", "wide", "layer_type must be one of", "bottleneck");
        refused(Kind.RESNET, "stem", "tiny", "stem must be one of", "small");
        refused(Kind.RESNET_BOTTLENECK, "hidden_sizes", List.of(3, 8), "hidden_sizes of a bottleneck must be at least 4");
        refused(Kind.VIT, "num_attention_heads", 5, "5 heads", "width of 12");
        refused(Kind.VIT, "patch_size", 9, "patch_size must be at least 1 and at most a side of image_size [8, 12], got 9");
    }

    private static void refused(Kind kind, String key, Object value, String... words) {
        Map<String, Object> config = new LinkedHashMap<>(kind.json);
        config.put(key, value);
        try (var weights = new Weights(1, Weights.Stored.NONE)) {
            assertThatThrownBy(() -> Backbones.build(ConfigFile.of("config.json", config), weights, false, Backbones.Custom.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("config.json: ")
                    .hasMessageContainingAll(words);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MLP", "CNN", "LENET", "VGG", "RESNET", "VIT"})
    void imagesThatDoNotFitAreRefused(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open()) {
            Batch batch = Batch.of(0).floats(ImageShape.PIXELS, new float[4 * 30 * 30], 1, 4, 30, 30).build();
            assertThatThrownBy(() -> model.backbone().forward(Inputs.of(batch), Mode.INFERENCE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("pixel_values has the shape [1, 4, 30, 30]", "config.json");
        }
    }

    @Test
    void meansOverTokensNeedTokens() {
        try (var model = Kind.CNN.model(); var scope = Scope.open()) {
            RowClassifier mean = RowClassifier.of(model, Pooling.MEAN, 3, 0.3);
            assertThatThrownBy(() -> mean.logits(Inputs.of(Kind.CNN.batch()), Mode.INFERENCE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("type cnn", "objective.pooling: cls");
        }
    }

    /// Rows of plain numbers are images of one pixel.
    @Test
    void aPerceptronReadsRowsOfNumbers() {
        try (var model = Kind.MLP.model()) {
            float[] pixels = Kind.MLP.batch().floats(ImageShape.PIXELS).values();
            Batch flat = Batch.of(0, 1).floats(ImageShape.PIXELS, pixels, 2, 30).build();
            assertThat(logits(model, flat)).isEqualTo(logits(model, Kind.MLP.batch()));
        }
    }

    /// Networks that average over the map read other sizes than they were made for.
    @Test
    void otherSizesGoThroughWhereTheMapIsAveraged() {
        for (Kind kind : List.of(Kind.VGG, Kind.RESNET)) {
            try (var model = kind.model()) {
                Batch larger = Batch.of(0).floats(ImageShape.PIXELS, new float[3 * 70 * 50], 1, 3, 70, 50).build();
                assertThat(logits(model, larger)).hasSize(3);
            }
        }
    }

    @Test
    void patchesMayBeLeftOut() {
        try (var model = Kind.VIT.model(); var scope = Scope.open(); var without = new NoGradient()) {
            var vit = (Vit) model.backbone();
            Inputs inputs = Inputs.of(Kind.VIT.batch());
            Hidden whole = vit.forward(inputs, Mode.INFERENCE);
            Tensor patches = vit.patches(inputs);
            assertThat(shape(patches)).isEqualTo("6x12");
            Hidden all = blocks(vit, Vit.kept(patches, Tensors.ofInts(new int[] {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}, 2, 6)));
            assertThat(all.layers()).hasSize(3);
            assertThat(Tensors.floats(all.states())).isEqualTo(Tensors.floats(whole.states()));
            // The class token does not see in which order patches stand: their positions go with them.
            Hidden turned = blocks(vit, Vit.kept(patches, Tensors.ofInts(new int[] {5, 0, 4, 1, 3, 2, 2, 1, 0, 5, 4, 3}, 2, 6)));
            assertThat(Tensors.floats(vit.pooled(turned, inputs, Mode.INFERENCE)))
                    .containsExactly(Tensors.floats(vit.pooled(whole, inputs, Mode.INFERENCE)), CLOSE);
            Tensor some = Vit.kept(patches, Tensors.ofInts(new int[] {4, 1, 0, 5}, 2, 2));
            assertThat(Tensors.floats(some.select(0, 1).select(0, 1))).isEqualTo(Tensors.floats(patches.select(0, 1).select(0, 5)));
            assertThat(shape(blocks(vit, some).states())).isEqualTo("3x12");
        }
    }

    private static Hidden blocks(Vit vit, Tensor patches) {
        return vit.blocks(vit.behindClass(patches, Mode.INFERENCE), Mode.INFERENCE);
    }

    /// A running variance of one value would be NaN, and nobody would notice before the model is used.
    @Test
    void batchNormNeedsMoreThanOneValue() {
        try (var model = Kind.RESNET_BOTTLENECK.model(); var scope = Scope.open()) {
            Batch one = Batch.of(0).floats(ImageShape.PIXELS, new float[3 * 8 * 8], 1, 3, 8, 8).build();
            assertThat(Tensors.floats(model.backbone().forward(Inputs.of(one), Mode.INFERENCE).states())).doesNotContain(Float.NaN);
            assertThatThrownBy(() -> model.backbone().forward(Inputs.of(one), training(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("more than one value", "batching.rows");
        }
    }

    /// Counts past what a float32 holds go on, through files too.
    @Test
    void batchesAreCountedInWholeNumbers(@TempDir Path folder) {
        String counter = "resnet.embedder.embedder.normalization.num_batches_tracked";
        long many = (1L << 24) + 1;
        try (var model = Kind.RESNET.model(); var scope = Scope.open(); var without = new NoGradient()) {
            model.weights().set(counter, Tensors.ofInts(new int[] {(int) many}, 1).squeeze(0));
            model.backbone().forward(Inputs.of(Kind.RESNET.batch()), training(0));
            assertThat(model.weights().parameters()).doesNotContain(counter);
            ModelFolder.write(folder, model, List.of(), Map.of());
        }
        try (var opened = ModelFolder.open(folder); var scope = Scope.open()) {
            var stored = opened.stored(name -> false);
            try (var weights = new Weights(1, stored)) {
                Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE);
                stored.finish(weights, name -> false, name -> false);
                assertThat(weights.master(counter).item_long()).isEqualTo(many + 1);
                assertThat(weights.master(counter).dim()).isZero();
                assertThat(opened.files().getFirst().entry(counter.substring("resnet.".length())).type()).hasToString("I64");
            }
        }
    }

    /// The published sizes, without a network of that size: 138,357,544 parameters (torchvision's VGG16), 15.5 billion multiplications.
    @Test
    void theFullVgg16HasItsPublishedSize() {
        VggConfig vgg = VggConfig.of(ConfigFile.of("config.json", Map.of("model_type", "vgg")));
        assertThat(vgg.channels()).containsExactly(64, 128, 256, 512, 512);
        long convolutions = vgg.convolutions().stream().mapToLong(each -> 9L * each.in() * each.out() + each.out()).sum();
        long dense = vgg.dense().stream().mapToLong(each -> each.in() * each.out() + each.out()).sum();
        assertThat(vgg.convolutions()).hasSize(13);
        assertThat(convolutions + dense + 1000L * vgg.hidden() + 1000).isEqualTo(138_357_544);
        assertThat(vgg.forwardFlops() / 2 + 1000.0 * vgg.hidden()).isBetween(15.4e9, 15.5e9);
        try (var model = Kind.VGG.model()) { // and the arithmetic is that of a network
            VggConfig small = VggConfig.of(Kind.VGG.config());
            long expected = small.convolutions().stream().mapToLong(each -> 9L * each.in() * each.out() + each.out()).sum()
                    + small.dense().stream().mapToLong(each -> each.in() * each.out() + each.out()).sum();
            assertThat(model.weights().count(model.weights().parameters())).isEqualTo(expected);
        }
    }

    /// 11,689,512 and 25,557,032 parameters with 1,000 classes, 1.81 and 4.09 billion multiplications.
    @Test
    void resnetsHaveTheirPublishedSizes() {
        resnet(ResNetConfig.Layer.BASIC, List.of(64, 128, 256, 512), List.of(2, 2, 2, 2), 11_689_512, 1.81e9);
        resnet(ResNetConfig.Layer.BASIC, List.of(64, 128, 256, 512), List.of(3, 4, 6, 3), 21_797_672, 3.66e9);
        resnet(ResNetConfig.Layer.BOTTLENECK, List.of(256, 512, 1024, 2048), List.of(3, 4, 6, 3), 25_557_032, 4.09e9);
    }

    private static void resnet(ResNetConfig.Layer layer, List<Integer> widths, List<Integer> depths, long parameters, double products) {
        var config = new ResNetConfig(new ImageShape(3, 224, 224), 64, widths, depths, layer, "relu", false, false, ResNetConfig.Stem.IMAGENET);
        long count = count(config.stemConvolution());
        for (int depth = 1; depth <= config.layers(); depth++) {
            ResNetConfig.Convolved shortcut = config.shortcut(config.place(depth));
            count += config.convolutions(config.place(depth)).stream().mapToLong(ImageBackbonesTest::count).sum();
            count += ResNetConfig.changes(shortcut) ? count(shortcut) : 0;
        }
        long head = 1000L * widths.getLast();
        assertThat(count + head + 1000).isEqualTo(parameters);
        assertThat(config.forwardFlops() / 2 + head).isBetween(0.99 * products, 1.01 * products);
    }

    private static long count(ResNetConfig.Convolved of) {
        return (long) of.in() * of.out() * of.kernel() * of.kernel() + 2L * of.out();
    }

    @Test
    void imagesAreKnownFromTheConfiguration() {
        assertThat(Backbones.image(Kind.CNN.config())).isEqualTo(Optional.of(new ImageShape(2, 20, 18)));
        assertThat(Backbones.image(ConfigFile.of("config.json", Map.of("model_type", "resnet")))).isEqualTo(Optional.of(new ImageShape(3, 224, 224)));
        assertThat(Backbones.image(ConfigFile.of("config.json", Map.of("model_type", "bert")))).isEmpty();
    }
}
