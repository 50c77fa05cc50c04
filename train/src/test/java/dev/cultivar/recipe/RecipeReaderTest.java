package dev.cultivar.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the reader understands, and the very words with which it refuses the rest.
class RecipeReaderTest {

    private static List<String> mistakes(String yaml, String... overrides) {
        RecipeException refused = catchThrowableOfType(RecipeException.class,
                () -> RecipeReader.read(yaml, "recipes/x.yaml", List.of(overrides)));
        assertThat(refused).as("refused").isNotNull();
        assertThat(refused).hasMessage(String.join("\n", refused.mistakes()));
        return refused.mistakes();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(Shelf.least()).isEqualTo(new Recipe(
                "x",
                17,
                new BackboneRecipe.Bert(2, 64, 2, 256, 128, 0.1, 0.1, 0.02),
                new TokenizerRecipe.WordPiece(2048, 2, true),
                new DataRecipe.Rows(
                        new DataRecipe.Source.Table(Path.of("book.txt"), ""),
                        new DataRecipe.Held.None(),
                        new DataRecipe.Held.None(),
                        new DataRecipe.Columns("text", "", "")),
                List.of(new TurnRecipe(
                        "main",
                        1,
                        List.of(),
                        new ObjectiveRecipe.MaskedLm(0.15, false),
                        new OptimizerRecipe.AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, OptimizerRecipe.Decayed.MATRICES),
                        new ScheduleRecipe.Linear(new ScheduleRecipe.Warmup.Share(0)),
                        new ClippingRecipe.Norm(1))),
                new StrategyRecipe.Full(1),
                new HorizonRecipe.Steps(100),
                new BatchingRecipe(new BatchingRecipe.Budget.Rows(8), 128, 1, 1),
                new EvaluateRecipe(new Every.Epochs(1), List.of()),
                new StoppingRecipe.None(),
                new CheckpointRecipe(new Every.Epochs(1), 2),
                new AverageRecipe.None(),
                new DeviceRecipe(
                        DeviceRecipe.Kind.CPU, new DeviceRecipe.Threads.Auto(), new DeviceRecipe.Threads.Auto(), DeviceRecipe.Precision.AUTO,
                        DeviceRecipe.MemoryFormat.AUTO, false),
                new PrecomputeRecipe.Auto(new PrecomputeRecipe.Keep("", 4096, PrecomputeRecipe.Storage.EXACT)),
                new AuditRecipe(AuditRecipe.Mode.WARN, 0.01, 0.01),
                new ReportRecipe(false),
                Recipe.Resume.EXACT));
    }

    @Test
    void validationIsATaskWhereThereIsOne() {
        assertThat(Shelf.least("data.validation.fraction=0.1").evaluate().tasks()).containsExactly("validation");
    }

    @Test
    void thePretrainedBackbonesTokenizerIsMeantWhereNoneIsNamed() {
        String pretrained = Shelf.LEAST.replaceAll("backbone: .*\ntokenizer: .*", "backbone: {kind: pretrained, model: runs/a}");
        assertThat(RecipeReader.read(pretrained, "x.yaml", List.of()).tokenizer()).isEqualTo(new TokenizerRecipe.OfBackbone());
        assertThat(RecipeReader.read(pretrained, "x.yaml",
                List.of("data={kind: custom, name: ring}", "objective={kind: custom, name: critic}")).tokenizer())
                .isEqualTo(new TokenizerRecipe.None());
    }

    @Test
    void tokenizersOfManyKindsAreTrained() {
        List<String> bert = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]");
        assertThat(Shelf.least("tokenizer={kind: bpe, vocabulary: 300, special: ['[PAD]', '[CLS]', '[SEP]', '[MASK]']}").tokenizer())
                .isEqualTo(new TokenizerRecipe.BytePair(300, 2, bert, TokenizerRecipe.Ties.TEXT));
        assertThat(Shelf.least("tokenizer={kind: words, vocabulary: 300}").tokenizer()).isEqualTo(new TokenizerRecipe.Words(300, 2, true));
        String classes = Shelf.LEAST.replaceAll("objective: .*", "objective: {kind: custom, name: next}");
        assertThat(RecipeReader.read(classes, "x.yaml", List.of("tokenizer={kind: bpe, vocabulary: 257}")).tokenizer())
                .isEqualTo(new TokenizerRecipe.BytePair(257, 2, List.of("<|endoftext|>"), TokenizerRecipe.Ties.TEXT));
        assertThat(RecipeReader.read(classes, "x.yaml", List.of("tokenizer=chars")).tokenizer())
                .isEqualTo(new TokenizerRecipe.Characters(true, List.of()));
        assertThat(mistakes(classes, "tokenizer={kind: bpe, vocabulary: 256}")).containsExactly("override tokenizer={kind: bpe, vocabulary: 256}: "
                + "tokenizer.vocabulary must be at least 257, the 256 bytes and 1 special, got 256");
        assertThat(mistakes(classes, "tokenizer={kind: bpe, vocabulary: 99}")).containsExactly("override tokenizer={kind: bpe, vocabulary: 99}: "
                + "tokenizer.vocabulary must be at least 256, got 99");
        assertThat(mistakes(classes, "tokenizer={kind: chars, special: [a, bc]}")).containsExactly("override tokenizer={kind: chars, special: [a, bc]}: "
                + "tokenizer.special must be texts of at least two characters each, no two alike, got [a, bc]");
    }

    @Test
    void maskingNeedsATokenizerWithAMask() {
        for (String tokenizer : List.of("{kind: bpe, vocabulary: 300}", "{kind: chars, special: ['[MASK]']}")) {
            assertThat(mistakes(Shelf.LEAST, "tokenizer=" + tokenizer)).singleElement().asString()
                    .contains("objective masked_lm hides pieces behind [MASK]", "give tokenizer.kind: wordpiece or words");
        }
    }

    @ParameterizedTest
    @CsvSource({"5e-4, 5e-4", "1e-3, 0.001", "3E5, 300000", "+.5, 0.5", "1, 1", "2., 2", "0x10, 16"})
    void numbersAreThoseOfTheCoreSchema(String written, double number) {
        assertThat(Shelf.least("optimizer.learning_rate=" + written).turns().getFirst().optimizer().learningRate())
                .isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"3E5, 300000", "12e6, 12000000", "7.0, 7", "0o17, 15"})
    void wholeNumbersMayHaveAnExponent(String written, long number) {
        assertThat(Shelf.least("horizon={steps: " + written + "}").horizon()).isEqualTo(new HorizonRecipe.Steps(number));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "seed=banana                        | seed must be a whole number, got banana",
        "seed=2.5                           | seed must be a whole number, got 2.5",
        "seed='\"5\"'                       | seed must be a whole number, got \"5\"",
        "seed=                              | seed must be a whole number, got nothing",
        "seed=[1]                           | seed must be a whole number, got a list",
        "seed=1e-2147483647                 | seed must be a whole number, got 1e-2147483647",
        "seed=9223372036854775808           | seed must be at most 9223372036854775807, got 9223372036854775808",
        "horizon.steps=0                    | horizon.steps must be at least 1, got 0",
        "batching.rows=3000000000           | batching.rows must be at most 2147483647, got 3000000000",
        "batching.loaders=65                | batching.loaders must be at most 64, got 65",
        "optimizer.learning_rate=0          | optimizer.learning_rate must be above 0, got 0",
        "optimizer.learning_rate=1e-400     | optimizer.learning_rate must be above 0, got 1e-400",
        "optimizer.learning_rate=1e999      | optimizer.learning_rate must be at most 1.7977E+308, got 1e999",
        "optimizer.learning_rate=.inf       | optimizer.learning_rate must be a finite number, got .inf",
        "optimizer.learning_rate=fast       | optimizer.learning_rate must be a number, got fast",
        "backbone.dropout=1                 | backbone.dropout must be below 1, got 1",
        "optimizer.betas=[0.9]              | optimizer.betas must be two numbers, got 1",
        "tokenizer.lowercase=yes            | tokenizer.lowercase must be true or false, got yes",
        "data.train.file={a: 1}             | data.train.file must be a text, got a map",
        "data.train.file=\"\"               | data.train.file must not be empty",
        "evaluate.tasks=validation          | evaluate.tasks must be a list, got validation",
        "name=a/b                           | name must be letters, digits, -, _ and .; at most 100, got a/b",
        "horizon=5                          | horizon must be a map, got 5",
        "device.precision=bf16              | device.precision must be one of auto, float32, bfloat16, got bf16",
        "objective.kind=mlm                 | objective.kind must be one of masked_lm, mlm_nsp, causal_lm, replaced_token, classification, multi_label, ordinal, regression, token_classification, question_answering, seq2seq, span_corruption, denoising, embedding, ranking, autoencoder, vae, gan_critic, gan_generator, masked_patches, simclr, rotation, fixmatch, tasks, custom, got mlm",
        "objective={kind: masked_ml}        | objective.kind must be one of masked_lm, mlm_nsp, causal_lm, replaced_token, classification, multi_label, ordinal, regression, token_classification, question_answering, seq2seq, span_corruption, denoising, embedding, ranking, autoencoder, vae, gan_critic, gan_generator, masked_patches, simclr, rotation, fixmatch, tasks, custom, got masked_ml; did you mean masked_lm?",
        "objective={}                       | objective.kind is missing; one of masked_lm, mlm_nsp, causal_lm, replaced_token, classification, multi_label, ordinal, regression, token_classification, question_answering, seq2seq, span_corruption, denoising, embedding, ranking, autoencoder, vae, gan_critic, gan_generator, masked_patches, simclr, rotation, fixmatch, tasks, custom",
        "optimizer={kind: adamw}            | optimizer.learning_rate is missing",
        "optimizer.lerning_rate=1e-3        | optimizer.lerning_rate is not a key; did you mean learning_rate?",
        "optimizer.learningRate=1e-3        | optimizer.learningRate is not a key; did you mean learning_rate?",
        "clipping={value: 1, norm: 1}       | clipping.value is not a key; the keys here are norm",
        "horizon={}                         | horizon needs one of steps, epochs, tokens, minutes",
        "horizon={step: 3}                  | horizon.step is not a key; did you mean steps?",
        "horizon.epochs=3                   | horizon takes one of steps, epochs, tokens, minutes, got steps and epochs; to replace the whole, give horizon={epochs: ...}",
        "data.train={where: x}              | data.train needs one of file, sql, zoo, corpus",
        "data.train={zoo: wordnet, part: all} | data.train.part must be one of pretraining, train, validation, test, got all",
        "schedule.warmup=ten                | schedule.warmup must be a number, got ten",
        "schedule={kind: inverse_sqrt, timescale: 0}         | schedule.timescale must be at least 1, got 0",
        "schedule={kind: cosine_with_restarts}               | schedule.cycles is missing",
        "schedule={kind: cosine_with_restarts, cycles: 1.5}  | schedule.cycles must be a whole number, got 1.5",
        "schedule={kind: cosine_with_min_lr, minimum_rate: 2} | schedule.minimum_rate must be at most 1, got 2",
        "schedule={kind: polynomial, power: 0}               | schedule.power must be above 0, got 0",
        "schedule={kind: warmup_stable_decay, decay: 0}      | schedule.decay must be above 0, got 0",
        "schedule={kind: warmup_stable_decay, warmup: 0.6, decay: 0.5} | schedule.decay and warmup are shares of one horizon, together at most 1, got 0.5 and 0.6",
        "schedule={kind: warmup_stable_decay, warmup_shape: sqrt} | schedule.warmup_shape has no effect without warmup; give warmup or leave warmup_shape out",
        "schedule={kind: cosine, power: 2}                   | schedule.power is not a key; the keys here are kind, warmup, cycles",
        "optimizer={kind: muon, learning_rate: 1}            | optimizer.adamw is missing, for embeddings, heads and vectors; as adamw: {learning_rate: 3e-4}",
        "optimizer={kind: muon, learning_rate: 1, adamw: {learning_rate: 0}} | optimizer.adamw.learning_rate must be above 0, got 0",
        "optimizer={kind: muon, learning_rate: 1, momentum: 0, adamw: {learning_rate: 1}} | optimizer.nesterov needs momentum above 0; raise momentum or give nesterov: false",
        "optimizer={kind: adafactor, learning_rate: 1, clip_threshold: 0} | optimizer.clip_threshold must be above 0, got 0",
        "optimizer={kind: rmsprop, learning_rate: 1, alpha: 1} | optimizer.alpha must be below 1, got 1",
        "optimizer={kind: lion, learning_rate: 1, epsilon: 1} | optimizer.epsilon is not a key; the keys here are kind, learning_rate, betas, weight_decay, decay",
    })
    void aMistakeIsToldInTheseWords(String override, String message) {
        String plain = override.replace("'", "");
        assertThat(mistakes(Shelf.LEAST, plain)).containsExactly("override " + plain + ": " + message);
    }

    @Test
    void partsAreHeldAgainstEachOther() {
        String llama = "backbone={kind: llama, layers: 1, width: 36, heads: 6, key_value_heads: 4}";
        assertThat(mistakes(Shelf.LEAST, llama)).contains("override " + llama + ": backbone.key_value_heads must divide heads, got 4 for 6 heads");
        String odd = "backbone={kind: llama, layers: 1, width: 36, heads: 4}";
        assertThat(mistakes(Shelf.LEAST, odd)).contains("override " + odd + ": backbone.heads must leave each head an even size, got 36 / 4");
        assertThat(mistakes(Shelf.LEAST, "backbone.heads=3"))
                .containsExactly("override backbone.heads=3: backbone.heads must divide width, got 3 heads for a width of 64");
        assertThat(mistakes(Shelf.LEAST, "batching.max_length=129"))
                .containsExactly("override batching.max_length=129: batching.max_length must be at most backbone.positions, 128, got 129");
        assertThat(mistakes(Shelf.LEAST, "batching={tokens: 64}"))
                .containsExactly("override batching={tokens: 64}: batching.tokens must hold one row of max_length 128, got 64");
        assertThat(mistakes(Shelf.LEAST, "strategy={kind: lora, targets: '(query'}")).anySatisfy(mistake -> assertThat(mistake)
                .contains("strategy.targets must be a list of names' endings, all-linear or a regular expression, got \"(query\": Unclosed group"));
        assertThat(mistakes(Shelf.LEAST, "strategy={kind: ia3, targets: '', feed_forward: {a: 1}}"))
                .anySatisfy(mistake -> assertThat(mistake).contains("strategy.targets must not be empty"))
                .anySatisfy(mistake -> assertThat(mistake).contains("strategy.feed_forward must be a list"));
        assertThat(mistakes(Shelf.LEAST, "strategy={kind: partial, trained: 3}")).containsExactly(
                "override strategy={kind: partial, trained: 3}: strategy.trained must be at most backbone.layers, 2, got 3");
        assertThat(mistakes(Shelf.LEAST, "tokenizer=backbone")).containsExactly("override tokenizer=backbone: tokenizer is that of a "
                + "pretrained backbone, and the backbone is new; give one of kind wordpiece, bpe, chars, words or file");
        assertThat(mistakes(Shelf.LEAST, "tokenizer=none"))
                .containsExactly("override tokenizer=none: objective masked_lm needs a tokenizer, got none");
        assertThat(mistakes(Shelf.LEAST, "objective=classification")).containsExactly(
                "recipes/x.yaml:3: objective classification needs data.columns.label, the column with the labels");
        assertThat(mistakes(Shelf.LEAST, "stopping={patience: 2}")).containsExactly("override stopping={patience: 2}: stopping needs "
                + "data.validation to choose by; give it as data.validation={fraction: 0.1}");
        assertThat(mistakes(Shelf.LEAST, "evaluate.tasks=[test]"))
                .containsExactly("override evaluate.tasks=[test]: evaluate.tasks has test, and there is no data.test");
        assertThat(mistakes(Shelf.LEAST, "data.validation.fraction=0.5", "data.test.fraction=0.5")).containsExactly(
                "override data.test.fraction=0.5: data.test leaves no training rows: "
                        + "the fractions of validation and test must be below 1 together, got 0.5 and 0.5");
        assertThat(mistakes(Shelf.LEAST, "optimizer={kind: sgd, learning_rate: 1, dampening: 0.1}")).containsExactly(
                "override optimizer={kind: sgd, learning_rate: 1, dampening: 0.1}: "
                        + "optimizer.dampening has no effect without momentum; give momentum or leave dampening out");
        assertThat(mistakes(Shelf.LEAST, "optimizer={kind: sgd, learning_rate: 1, nesterov: true}")).containsExactly(
                "override optimizer={kind: sgd, learning_rate: 1, nesterov: true}: "
                        + "optimizer.nesterov needs momentum above 0 and no dampening, got momentum 0.0 and dampening 0.0");
    }

    @Test
    void buildersSayWhatTheShortestRecipeSays() {
        assertThat(RecipeReader.read(Shelf.LEAST, "x.yaml", List.of("backbone={kind: gpt2, layers: 2, width: 32, heads: 2, positions: 128}")).backbone())
                .isEqualTo(Recipes.gpt2(2, 32, 2, 128));
        assertThat(RecipeReader.read(Shelf.LEAST, "x.yaml", List.of("backbone={kind: llama, layers: 2, width: 32, heads: 2, positions: 128}")).backbone())
                .isEqualTo(Recipes.llama(2, 32, 2, 2, 128));
    }

    @Test
    void allMistakesAreToldInTheOrderOfTheFile() {
        assertThat(mistakes("""
                seed: banana
                backbone:
                  kind: bert
                  layers: 0
                  width: 64
                  head: 2
                data: {validation: {fraction: 2}}
                objective: {kind: clasification}
                optimizer: {lerning_rate: 1, kind: adamv}
                batch: {rows: 8}
                horizon: {epochs: x}
                """, "checkpoint.keep=0", "sead=3")).containsExactly(
                "recipes/x.yaml:1: seed must be a whole number, got banana",
                "recipes/x.yaml:2: backbone.positions is missing",
                "recipes/x.yaml:4: backbone.layers must be at least 1, got 0",
                "recipes/x.yaml:6: backbone.head is not a key; did you mean heads?",
                "recipes/x.yaml:7: data.train is missing; give it as data.train.file=FILE",
                "recipes/x.yaml:7: data.validation.fraction must be below 1, got 2",
                "recipes/x.yaml:8: objective.kind must be one of masked_lm, mlm_nsp, causal_lm, replaced_token, classification, multi_label, ordinal, regression, token_classification, question_answering, seq2seq, span_corruption, denoising, embedding, ranking, autoencoder, vae, gan_critic, gan_generator, masked_patches, simclr, rotation, fixmatch, tasks, custom, got clasification; "
                        + "did you mean classification?",
                "recipes/x.yaml:9: optimizer.lerning_rate is not a key; did you mean learning_rate?",
                "recipes/x.yaml:9: optimizer.kind must be one of adamw, adam, adamax, nadam, radam, adagrad, adadelta, rmsprop, sgd, "
                        + "lion, adafactor, muon, custom, got adamv; did you mean adamw?",
                "recipes/x.yaml:10: batch is not a key; did you mean batching?",
                "recipes/x.yaml:11: horizon.epochs must be a number, got x",
                "override checkpoint.keep=0: checkpoint.keep must be at least 1, got 0",
                "override sead=3: sead is not a key; did you mean seed?");
    }

    @Test
    void whatIsMissingAtTheTopIsMissingInTheFile() {
        assertThat(mistakes("name: a\n")).containsExactly(
                "recipes/x.yaml: backbone is missing",
                "recipes/x.yaml: data is missing; it says what to learn from, as data.train.file=FILE",
                "recipes/x.yaml: objective is missing",
                "recipes/x.yaml: optimizer is missing",
                "recipes/x.yaml: horizon is missing",
                "recipes/x.yaml: batching is missing");
        assertThat(mistakes(Shelf.LEAST.replaceFirst("tokenizer: .*\n", ""))).containsExactly(
                "recipes/x.yaml: tokenizer is missing; a new backbone needs one of kind wordpiece, bpe, chars, words or file");
    }

    @Test
    void whatIsNoRecipeAtAllIsRefused() {
        assertThat(mistakes("")).containsExactly(
                "recipes/x.yaml: is empty; a recipe has at least backbone, data, objective, optimizer, horizon and batching");
        assertThat(mistakes("# nothing\n")).isEqualTo(mistakes(""));
        assertThat(mistakes("- a\n")).containsExactly("recipes/x.yaml:1: a recipe is a map of keys, got a list");
        assertThat(mistakes("a: 1\n---\nb: 2\n")).containsExactly("recipes/x.yaml:2: a second document begins here; a recipe is one");
        assertThat(mistakes("a: 1\n\tb: 2\n")).singleElement().asString()
                .startsWith("recipes/x.yaml:2: is not YAML: ").endsWith("; indent with spaces");
        assertThat(mistakes("a: {b: 1\nc: 2\n")).singleElement().asString().startsWith("recipes/x.yaml:2: is not YAML: ");
        assertThat(mistakes("a: 1\n[b]: 2\n")).containsExactly("recipes/x.yaml:2: a key must be a text, got a list or a map");
        assertThat(mistakes("a: \u0000\n")).singleElement().asString().startsWith("recipes/x.yaml: is not YAML: ");
    }

    @Test
    void aKeyThatIsSaidTwiceIsToldBesideTheOthers() {
        assertThat(mistakes(Shelf.LEAST + "seed: 1\nseed: x\nsteps: 3\n")).containsExactly(
                "recipes/x.yaml:10: seed is said twice, first in line 9",
                "recipes/x.yaml:11: steps is not a key; the keys here are name, seed, backbone, data, tokenizer, turns, objective, "
                        + "optimizer, schedule, clipping, strategy, horizon, batching, evaluate, stopping, checkpoint, average, "
                        + "device, precompute, audit, report, resume");
    }

    @Test
    void nothingThatCouldGrowIsExpanded() {
        assertThat(mistakes("a: &x 1\nb: *x\n"))
                .containsExactly("recipes/x.yaml:1: &x is an anchor, which a recipe cannot have; write values out");
        assertThat(mistakes("b: *x\n"))
                .containsExactly("recipes/x.yaml:1: *x is an alias, which a recipe cannot have; write the value out");
        assertThat(mistakes("a: !!java.net.URL x\n"))
                .containsExactly("recipes/x.yaml:1: tag:yaml.org,2002:java.net.URL is a tag, which a recipe cannot have");
        assertThat(mistakes("a: " + "[".repeat(100_000))).containsExactly("recipes/x.yaml:1: is nested more than 32 deep");
        assertThat(mistakes("a".repeat(1 << 21)))
                .containsExactly("recipes/x.yaml: has 2097152 characters; a recipe has at most 1048576");
        assertThat(mistakes("seed: " + "9".repeat(100_000))).contains(
                "recipes/x.yaml:1: seed must be a whole number, got " + "9".repeat(80) + "…");
    }

    @Test
    void aFloodOfMistakesIsCutShort() {
        StringBuilder flood = new StringBuilder(Shelf.LEAST);
        for (int i = 0; i < 500; i++) {
            flood.append("unknown_").append(i).append(": 1\n");
        }
        assertThat(mistakes(flood.toString())).hasSize(101).last().isEqualTo("... and 400 more");
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
        Path absent = folder.resolve("absent.yaml");
        assertThat(catchThrowableOfType(RecipeException.class, () -> RecipeReader.read(absent, List.of())))
                .hasMessage(absent + ": there is no such recipe");
        assertThat(catchThrowableOfType(RecipeException.class, () -> RecipeReader.read(folder, List.of())))
                .hasMessage(folder + ": is a folder; a recipe is a YAML file");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', ':', ' ', (byte) 0xFF});
        assertThat(catchThrowableOfType(RecipeException.class, () -> RecipeReader.read(binary, List.of())))
                .hasMessage(binary + ": is not text in UTF-8");
        Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
        assertThat(catchThrowableOfType(RecipeException.class, () -> RecipeReader.read(large, List.of())))
                .hasMessage(large + ": has more than 1048576 bytes; is it a recipe?");
    }

    @Test
    void theFilesStemNamesTheRecipe(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my intents.v2.yaml"), "\uFEFF" + Shelf.LEAST);
        assertThat(RecipeReader.read(file, List.of()).name()).isEqualTo("my-intents.v2");
        assertThat(RecipeReader.read(file, List.of("name=other")).name()).isEqualTo("other");
    }

    @Test
    void aWordStandsForAMapWithNoMoreThanItsKind() {
        Recipe recipe = Shelf.least("schedule=cosine", "strategy=feature_extraction", "audit=strict", "resume=inexact", "clipping=none");
        assertThat(recipe.turns().getFirst().schedule())
                .isEqualTo(new ScheduleRecipe.Cosine(new ScheduleRecipe.Warmup.Share(0)));
        assertThat(recipe.turns().getFirst().clipping()).isEqualTo(new ClippingRecipe.None());
        assertThat(recipe.strategy()).isEqualTo(new StrategyRecipe.FeatureExtraction());
        assertThat(recipe.audit()).isEqualTo(new AuditRecipe(AuditRecipe.Mode.STRICT, 0.01, 0.01));
        assertThat(recipe.resume()).isEqualTo(Recipe.Resume.INEXACT);
    }

    @Test
    void anOverrideReachesIntoWordsAndLists() {
        assertThat(Shelf.least("schedule=cosine", "schedule.warmup={steps: 10}").turns().getFirst().schedule())
                .isEqualTo(new ScheduleRecipe.Cosine(new ScheduleRecipe.Warmup.Steps(10)));
        assertThat(Shelf.least("audit=strict", "audit.unknown=0.5").audit())
                .isEqualTo(new AuditRecipe(AuditRecipe.Mode.STRICT, 0.01, 0.5));
        assertThat(Shelf.least("clipping=none", "clipping.norm=2").turns().getFirst().clipping())
                .isEqualTo(new ClippingRecipe.Norm(2));
        String turns = Shelf.LEAST.replaceAll("(?m)^(objective|optimizer): .*\n", "")
                + "turns: [{name: a, objective: masked_lm, optimizer: {kind: sgd, learning_rate: 1}}]\n";
        assertThat(RecipeReader.read(turns, "x.yaml", List.of("turns.0.times=5")).turns().getFirst().times()).isEqualTo(5);
        assertThat(mistakes(turns, "turns.1.times=5")).containsExactly("override turns.1.times=5: "
                + "turns is a list of 1; name an item by its number, from turns.0 on, got turns.1.times");
        assertThat(mistakes(turns, "turns.0.times=0"))
                .containsExactly("override turns.0.times=0: turns.0.times must be at least 1, got 0");
        assertThat(mistakes(turns, "optimizer.learning_rate=1"))
                .containsExactly("override optimizer.learning_rate=1: optimizer stands beside turns; give one or the other");
    }

    @Test
    void anOverrideReplacesTheWholeNodeAndTheLaterWins() {
        assertThat(Shelf.least("horizon={epochs: 2}", "horizon={tokens: 5}").horizon()).isEqualTo(new HorizonRecipe.Tokens(5));
        assertThat(Shelf.least("data.columns={text: body, label: queue}").data()).isEqualTo(new DataRecipe.Rows(
                new DataRecipe.Source.Table(Path.of("book.txt"), ""),
                new DataRecipe.Held.None(),
                new DataRecipe.Held.None(),
                new DataRecipe.Columns("body", "", "queue")));
        assertThat(Shelf.least("data.train={sql: \"select 'a=b' as text\"}").data())
                .extracting(data -> ((DataRecipe.Rows) data).train()).isEqualTo(new DataRecipe.Source.Sql("select 'a=b' as text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "=3", "a..b=3", ".a=3", ""})
    void whatIsNoOverrideIsRefused(String override) {
        assertThat(mistakes(Shelf.LEAST, override)).containsExactly(
                "override " + override + ": must be key=value with a dotted key, as optimizer.learning_rate=1e-3");
    }

    @Test
    void anOverrideThatIsNoYamlIsRefused() {
        assertThat(mistakes(Shelf.LEAST, "horizon={steps: 1", "seed=x")).hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("override horizon={steps: 1: is not YAML: "),
                        second -> assertThat(second).isEqualTo("override seed=x: seed must be a whole number, got x"));
    }

    @Test
    void turnsAreReadAndToldApart() {
        String turns = Shelf.LEAST.replaceAll("(?m)^(objective|optimizer): .*\n", "") + """
                turns:
                  - name: critic
                    times: 5
                    moves: [critic.]
                    objective: {kind: custom, name: wgan, parameters: {penalty: 10, rates: [1e-1, two, true], deep: {a: "5"}}}
                    optimizer: {kind: adamw, learning_rate: 1e-4, betas: [0, 0.9]}
                    schedule: constant
                    clipping: none
                  - name: critic
                    objective: {kind: custom, name: wgan}
                    optimizer: {kind: sgd, learning_rate: 1}
                """;
        assertThat(mistakes(turns)).containsExactly("recipes/x.yaml:15: turns.1 has the name of another turn, critic");
        Recipe recipe = RecipeReader.read(turns, "x.yaml", List.of("turns.1.name=generator"));
        assertThat(recipe.turns()).hasSize(2);
        assertThat(recipe.turns().getFirst()).isEqualTo(new TurnRecipe(
                "critic",
                5,
                List.of("critic."),
                new ObjectiveRecipe.Custom("wgan", new Parameters(
                        Map.of("penalty", 10, "rates", List.of(0.1, "two", true), "deep", Map.of("a", "5")))),
                new OptimizerRecipe.AdamW(1e-4, 0, 0.9, 1e-8, 0.01, OptimizerRecipe.Decayed.MATRICES),
                new ScheduleRecipe.Constant(new ScheduleRecipe.Warmup.Share(0)),
                new ClippingRecipe.None()));
        assertThat(mistakes(turns, "turns=[]")).containsExactly("override turns=[]: turns needs at least one turn");
        assertThat(mistakes(turns, "turns.1.name=generator", "turns.0.objective.parameters.penalty=~")).containsExactly(
                "override turns.0.objective.parameters.penalty=~: turns.0.objective.parameters.penalty must be a text, "
                        + "a finite number, true or false, a list or a map, got nothing");
    }

    @Test
    void aRecipeMadeInJavaIsCheckedAlike() {
        Recipe sound = Shelf.least();
        assertThat(RecipeReader.checked(sound)).isEqualTo(sound);
        Recipe wrong = new Recipe(sound.name(), sound.seed(), sound.backbone(), sound.tokenizer(), sound.data(), sound.turns(),
                sound.strategy(), new HorizonRecipe.Steps(0), sound.batching(), sound.evaluate(), sound.stopping(),
                sound.checkpoint(), sound.average(), sound.device(), sound.precompute(), sound.audit(), sound.report(), sound.resume());
        assertThat(catchThrowableOfType(RecipeException.class, () -> RecipeReader.checked(wrong)).mistakes())
                .singleElement().asString().endsWith("horizon.steps must be at least 1, got 0");
    }

    @Test
    void whatElseIsMeasuredIsMeasuredUnlessTheRecipeSaysOtherwise() {
        String[] general = {"data.validation.fraction=0.1", "data.also.general.file=wiki.txt", "data.also.code.sql=select 1"};
        Recipe recipe = Shelf.least(general);
        assertThat(recipe.evaluate()).isEqualTo(new EvaluateRecipe(new Every.Epochs(1), List.of("validation", "general", "code"), true));
        assertThat(((DataRecipe.Rows) recipe.data()).also()).containsExactly(
                Map.entry("general", new DataRecipe.Source.Table(Path.of("wiki.txt"), "")), Map.entry("code", new DataRecipe.Source.Sql("select 1")));
        assertThat(Shelf.least(general[0], general[1], "evaluate.tasks=[general]").evaluate().tasks()).containsExactly("general");
        assertThat(Shelf.least(general[0]).evaluate().first()).isFalse();
        assertThat(mistakes(Shelf.LEAST, general[1])).singleElement().asString().contains("data.also is measured beside data.validation");
        assertThat(mistakes(Shelf.LEAST, general[0], "data.also.test.file=a.txt")).singleElement().asString()
                .contains("data.also.test has the name of another part");
        assertThat(mistakes(Shelf.LEAST, general[0], "data.also={2x: {file: a.txt}}")).singleElement().asString().contains("data.also.2x must be called");
        assertThat(mistakes(Shelf.LEAST, general[0], "data.also.general.fraction=0.1")).anyMatch(mistake -> mistake.contains("data.also.general"));
        assertThat(mistakes(Shelf.LEAST, general[0], general[1], "evaluate.tasks=[generl]")).singleElement().asString().contains("did you mean general?");
        assertThat(mistakes(Shelf.LEAST, "evaluate.first=true")).singleElement().asString().contains("evaluate.first needs something to measure on");
    }
}
