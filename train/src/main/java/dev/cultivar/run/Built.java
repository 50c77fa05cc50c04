package dev.cultivar.run;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Average;
import dev.cultivar.loop.Moves;
import dev.cultivar.loop.Turn;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.HeadNames;
import dev.cultivar.nn.MemoryFormat;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.SpanHead;
import dev.cultivar.nn.StoredWeights;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Objectives;
import dev.cultivar.objective.Spelling;
import dev.cultivar.optim.Clipping;
import dev.cultivar.optim.Optimizer;
import dev.cultivar.optim.Optimizers;
import dev.cultivar.optim.Schedule;
import dev.cultivar.optim.Schedules;
import dev.cultivar.predict.PictureJudge;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.TurnRecipe;
import dev.cultivar.strategy.Strategies;
import dev.cultivar.strategy.Strategy;
import dev.cultivar.text.Special;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.TokenizerPieces;
import dev.cultivar.torch.Owned;
import dev.cultivar.zoo.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A recipe's model and what moves it, built: backbone, heads, strategy, turns.
///
/// @param model    with its parameters packed into flat groups
/// @param strategy which parameters move, and when
/// @param turns    the moves of a step
/// @param average  the averaged weights
/// @param memory   owns the optimizers' state
/// @param leftOut  parts of the opened checkpoint that nobody asked for, the heads of other tasks, by what their tensors' names have in common
/// @param made     parts that no checkpoint gave, by what their names have in common; empty for a model that is new as a whole
/// @param replicas parts of a step that may be under way at once
/// @param resting  parameters that nothing moves, whatever the strategy says
/// @param judge    of what the model draws
record Built(
        Model model, Strategy strategy, List<Turn> turns, Average average, Owned memory, List<String> leftOut, List<String> made, int replicas, Predicate<String> resting,
        Optional<PictureJudge> judge)
        implements AutoCloseable {

    /// What the data tell about the model.
    ///
    /// @param vocabulary pieces of the tokenizer, 0 where there is none
    /// @param pad        the padding piece
    /// @param labels     what the training rows are labelled with
    /// @param special    the tokenizer's special pieces
    /// @param spelling   of tokens, for scores of texts that are written
    record Task(int vocabulary, int pad, LabelFacts labels, Special special, Spelling spelling) {

        /// Of data that are read by a tokenizer's pieces.
        static Task of(TokenizerPieces pieces, Tokenizer tokenizer, LabelFacts labels) {
            Special special = pieces.special();
            int[] silent = Stream.of(special.pad(), special.cls(), special.sep(), special.begin(), special.end())
                    .flatMapToInt(OptionalInt::stream)
                    .toArray();
            var spelling = new Spelling(pieces.vocabulary(), tokens -> tokenizer
                    .decode(IntStream.of(tokens).filter(token -> IntStream.of(silent).noneMatch(one -> one == token)).toArray())
                    .strip());
            return new Task(pieces.vocabulary(), pieces.pad(), labels, special, spelling);
        }

        /// The same with other facts.
        Task with(LabelFacts others) {
            return new Task(vocabulary, pad, others, special, spelling);
        }

        /// Of data that are not text.
        static Task withoutText(LabelFacts labels) {
            var none = OptionalInt.empty();
            return new Task(0, 0, labels, new Special(none, none, none, none, none, none, none), Spelling.NONE);
        }
    }

    /// Where a task's head comes from; empty for an objective that has none to keep or to replace.
    private static Optional<ObjectiveRecipe.Head> head(ObjectiveRecipe objective) {
        return switch (objective) {
            case ObjectiveRecipe.OfRow row -> Optional.of(row.head());
            case ObjectiveRecipe.TokenClassification tagging -> Optional.of(tagging.head());
            case ObjectiveRecipe.QuestionAnswering answering -> Optional.of(answering.head());
            case ObjectiveRecipe.Ranking ranking -> Optional.of(ranking.head());
            case PictureObjectiveRecipe.GanCritic critic when critic.classes() -> Optional.of(ObjectiveRecipe.Head.NEW);
            default -> Optional.empty();
        };
    }

    /// Whether a checkpoint's classifier is kept where there is one, and its labels with it.
    static boolean keepsHead(ObjectiveRecipe objective) {
        return head(objective).filter(ObjectiveRecipe.Head.AUTO::equals).isPresent();
    }

    /// @param checkpoint of this very run, to go on from; empty at the start
    /// @param threads    that may go forward and backward at once
    static Built of(Recipe recipe, Task task, Optional<Path> checkpoint, int threads, Extensions extensions) {
        Built built = unjudged(recipe, task, checkpoint, threads, extensions);
        try {
            return recipe.evaluate().judge().isEmpty() ? built : built.judgedBy(Judged.open(recipe.evaluate().judge(), built.model(), extensions), task.labels().labels());
        } catch (RuntimeException problem) {
            built.close();
            throw problem;
        }
    }

    /// The same, whose last objective, by which it is measured, shows a judge what the model draws.
    private Built judgedBy(PictureJudge who, List<String> labels) {
        Turn last = turns.getLast();
        List<Turn> judged = new ArrayList<>(turns.subList(0, turns.size() - 1));
        judged.add(new Turn(
                last.name(), last.times(), Judged.of(last.objective(), who, labels), last.moves(), last.optimizer(), last.schedule(), last.clipping()));
        return new Built(model, strategy, judged, average, memory, leftOut, made, replicas, resting, Optional.of(who));
    }

    private static Built unjudged(Recipe recipe, Task task, Optional<Path> checkpoint, int threads, Extensions extensions) {
        try (var opened = new Opened(recipe, task, checkpoint)) {
            Predicate<String> replaced = checkpoint.isPresent() ? name -> false : replaced(recipe, HeadNames.of(opened.config()));
            StoredWeights stored = opened.stored(replaced);
            var weights = new Weights(recipe.seed(), stored == null ? Weights.Stored.NONE : stored);
            try {
                return build(recipe, task, opened, weights, stored, checkpoint.isPresent(), threads, extensions);
            } catch (RuntimeException problem) {
                weights.close();
                throw problem;
            }
        }
    }

    /// Parameters of heads that a recipe wants anew, whatever the checkpoint has.
    private static Predicate<String> replaced(Recipe recipe, HeadNames names) {
        List<Predicate<String>> each = new ArrayList<>();
        for (TurnRecipe turn : recipe.turns()) {
            if (turn.objective() instanceof ObjectiveRecipe.Tasks tasks) {
                tasks.tasks().forEach((task, objective) -> {
                    if (isNew(objective)) {
                        each.add(name -> name.startsWith(ModelFolder.headPrefix(task)));
                    }
                });
            } else if (isNew(turn.objective())) {
                each.add(name -> names.owns(name) || name.startsWith(SpanHead.NAME + "."));
            }
        }
        return name -> each.stream().anyMatch(of -> of.test(name));
    }

    private static boolean isNew(ObjectiveRecipe objective) {
        return head(objective).filter(ObjectiveRecipe.Head.NEW::equals).isPresent();
    }

    private static Built build(
            Recipe recipe,
            Task task,
            Opened opened,
            Weights weights,
            @Nullable StoredWeights stored,
            boolean resumed,
            int threads,
            Extensions extensions) {
        boolean pools = recipe.turns().stream().anyMatch(turn -> Objectives.pools(turn.objective()));
        Backbone backbone = recomputing(recipe, backbone(opened, weights, pools, extensions));
        requireFits(recipe, task, backbone, opened.config().place());
        var model = new Model(weights, backbone);
        List<Objective> objectives = new ArrayList<>();
        for (TurnRecipe turn : recipe.turns()) {
            objectives.add(Objectives.build(turn.objective(), model, task.labels(), task.spelling(), extensions::objective));
        }
        List<String> leftOut = List.of();
        if (stored != null) {
            // A pooler lies above the layers: a checkpoint of a masked LM has none, and a mean-pooled task needs none.
            Predicate<String> above = name -> backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers();
            // An adapter's base has heads of its own, and of several heads each reads as much of the backbone as it needs.
            boolean whole = resumed && weights.adapters().inUse().isEmpty() && !opened.isHead();
            leftOut = stored.finish(
                    weights,
                    resumed ? name -> false : name -> above.test(name) || weights.adapters().own().contains(name),
                    whole ? name -> false : above);
            stored.requireFinite(weights);
        }
        opened.settle(model);
        Strategy strategy = Strategies.build(recipe.strategy(), model, extensions.strategies());
        divisible(recipe, objectives, backbone, strategy);
        int replicas = Math.min(threads, replicas(recipe, objectives, backbone, strategy));
        return assemble(recipe, model, objectives, strategy, replicas, extensions, leftOut);
    }

    /// A new backbone that does not fit its data is the recipe's fault, and no file's.
    private static Backbone backbone(Opened opened, Weights weights, boolean pools, Extensions extensions) {
        try {
            return Backbones.build(opened.config(), weights, pools, extensions.backbones());
        } catch (CheckpointException unfit) {
            if (opened.isNew() && unfit.getCause() instanceof Exception reason) {
                throw new RecipeException("backbone: " + reason.getMessage());
            }
            throw unfit;
        }
    }

    private static Backbone recomputing(Recipe recipe, Backbone backbone) {
        return !recipe.device().gradientCheckpointing() ? backbone : backbone.recomputing().orElseThrow(() -> new RecipeException(
                "device.gradient_checkpointing is true, but a backbone of type " + backbone.config().get("model_type") + " has no blocks to compute twice"));
    }

    /// Rows that the backbone could not read are refused before the first one comes.
    private static void requireFits(Recipe recipe, Task task, Backbone backbone, String place) {
        backbone.requireFits(task.vocabulary(), place);
        requirePictures(task.labels().pictures(), backbone, place);
        int positions = backbone.positions();
        if (task.vocabulary() > 0 && positions > 0 && recipe.batching().maxLength() > positions) {
            throw new RecipeException("batching.max_length must be at most the backbone's positions, " + positions + " (" + place + "), got "
                    + recipe.batching().maxLength());
        }
        for (TurnRecipe turn : recipe.turns()) {
            if (positions > 0 && turn.objective() instanceof ObjectiveRecipe.SequenceToSequence texts && texts.maxTargetLength() > positions) {
                throw new RecipeException("objective.max_target_length must be at most the backbone's positions, " + positions + " (" + place
                        + "), got " + texts.maxTargetLength());
            }
        }
    }

    /// A model of words reads no pictures, and most that read pictures read those of one size.
    private static void requirePictures(PictureFacts pictures, Backbone backbone, String place) {
        Object channels = backbone.config().get("num_channels");
        if (pictures.none() || Backbones.CUSTOM.equals(backbone.config().get("model_type"))) {
            return;
        }
        if (!(channels instanceof Number read)) {
            throw new RecipeException("data.kind images needs a backbone that looks at pictures, and " + place + " is a "
                    + backbone.config().get("model_type") + ", which reads text");
        }
        if (read.intValue() != pictures.channels()) {
            throw new RecipeException("data.channels is " + pictures.channels() + ", but the backbone (" + place + ") reads pictures of " + read
                    + (read.intValue() == 1 ? " channel" : " channels") + "; give data.channels=" + read);
        }
        List<Integer> size = switch (backbone.config().get("image_size")) {
            case Number side -> List.of(side.intValue(), side.intValue());
            case List<?> sides when sides.size() == 2 -> sides.stream().map(side -> ((Number) side).intValue()).toList();
            case null, default -> List.of(pictures.height(), pictures.width());
        };
        if (!size.equals(List.of(pictures.height(), pictures.width()))) {
            throw new RecipeException("data.height and data.width are " + pictures.height() + " and " + pictures.width() + ", but the backbone ("
                    + place + ") reads pictures of " + size.getFirst() + " x " + size.getLast() + "; give data.height=" + size.getFirst()
                    + " and data.width=" + size.getLast());
        }
    }

    /// How many parts of a step may be under way at once: one where its rows belong together, or where something draws from what
    /// all threads share.
    private static int replicas(Recipe recipe, List<Objective> objectives, Backbone backbone, Strategy strategy) {
        boolean concurrent = backbone.concurrent() && objectives.stream().allMatch(Objective::concurrent);
        boolean divisible = objectives.stream().allMatch(objective -> objective.indivisible().isEmpty())
                && backbone.indivisible(frozenBelow(strategy)).isEmpty();
        return concurrent && divisible && recipe.device().replicas() instanceof DeviceRecipe.Threads.Count(int count) ? count : 1;
    }

    /// The depth below which nothing ever moves.
    private static int frozenBelow(Strategy strategy) {
        return IntStream.range(0, strategy.phases()).map(strategy::frozenBelow).min().orElse(0);
    }

    /// Refuses to split a step whose rows belong together.
    private static void divisible(Recipe recipe, List<Objective> objectives, Backbone backbone, Strategy strategy) {
        if (recipe.batching().accumulation() == 1) {
            return;
        }
        String got = ", got " + recipe.batching().accumulation() + ": ";
        for (int t = 0; t < objectives.size(); t++) {
            String turn = recipe.turns().get(t).name();
            objectives.get(t).indivisible().ifPresent(reason -> {
                throw new RecipeException("batching.accumulation must be 1 for the objective of turn " + turn + got + reason);
            });
        }
        backbone.indivisible(frozenBelow(strategy)).ifPresent(reason -> {
            throw new RecipeException("batching.accumulation must be 1 for this backbone" + got + reason);
        });
    }

    private static Built assemble(
            Recipe recipe,
            Model model,
            List<Objective> objectives,
            Strategy strategy,
            int replicas,
            Extensions extensions,
            List<String> leftOut) {
        boolean bfloat16 = recipe.device().precision() == DeviceRecipe.Precision.BFLOAT16;
        Weights weights = model.weights();
        if (recipe.device().memoryFormat() == DeviceRecipe.MemoryFormat.CHANNELS_LAST) {
            weights.arrange(MemoryFormat.CHANNELS_LAST);
        }
        Predicate<String> resting = resting(recipe, model.backbone());
        Map<BitSet, List<String>> movers = movers(recipe, objectives, weights, strategy, resting);
        Map<BitSet, FlatGroup> groups = new LinkedHashMap<>();
        List<String> frozen = new ArrayList<>();
        movers.forEach((turns, names) -> {
            if (turns.isEmpty()) {
                names.forEach(name -> weights.requireGradient(name, false));
                frozen.addAll(names);
            } else {
                groups.put(turns, weights.pack(names, bfloat16, replicas));
            }
        });
        if (bfloat16) {
            weights.reduceFrozen(frozen);
        }
        var memory = new Owned();
        List<Turn> turns = new ArrayList<>();
        for (int t = 0; t < recipe.turns().size(); t++) {
            int turn = t;
            List<FlatGroup> moved = groups.keySet().stream().filter(set -> set.get(turn)).map(groups::get).toList();
            turns.add(turn(recipe.turns().get(t), objectives.get(t), model, strategy, moved, memory, extensions));
        }
        var average = new Average(recipe.average(), List.copyOf(groups.values()), memory);
        return new Built(model, strategy, turns, average, memory, parts(leftOut), made(weights), replicas, resting, Optional.empty());
    }

    /// Which turns move each parameter; matrices come before vectors, so that what weight decay acts on lies together.
    ///
    /// @param resting parameters that nothing moves, whatever the strategy says
    private static Map<BitSet, List<String>> movers(
            Recipe recipe, List<Objective> objectives, Weights weights, Strategy strategy, Predicate<String> resting) {
        Map<BitSet, List<String>> movers = new LinkedHashMap<>();
        List<String> ordered = new ArrayList<>(weights.parameters());
        ordered.sort(Comparator.comparing(name -> weights.shape(name).length < 2));
        for (String name : ordered) {
            var turns = new BitSet();
            for (int t = 0; t < recipe.turns().size(); t++) {
                List<String> prefixes = recipe.turns().get(t).moves();
                boolean named = prefixes.isEmpty() ? objectives.get(t).moves(name) : prefixes.stream().anyMatch(name::startsWith);
                turns.set(t, named && strategy.moves(name) && !resting.test(name));
            }
            movers.computeIfAbsent(turns, set -> new ArrayList<>()).add(name);
        }
        return movers;
    }

    /// Heads of tasks that are measured and not trained, and a pooler that they alone read: weight decay would move them without a gradient.
    private static Predicate<String> resting(Recipe recipe, Backbone backbone) {
        if (!(recipe.turns().getLast().objective() instanceof ObjectiveRecipe.Tasks tasks)) {
            return name -> false;
        }
        List<String> prefixes = tasks.tasks().keySet().stream()
                .filter(task -> tasks.weight(task) == 0)
                .map(ModelFolder::headPrefix)
                .toList();
        boolean pools = tasks.tasks().entrySet().stream().anyMatch(task -> tasks.weight(task.getKey()) > 0 && Objectives.pools(task.getValue()));
        return name -> prefixes.stream().anyMatch(name::startsWith) || !pools && backbone.depth(name) > backbone.layers();
    }

    private static Turn turn(
            TurnRecipe recipe,
            Objective objective,
            Model model,
            Strategy strategy,
            List<FlatGroup> groups,
            Owned memory,
            Extensions extensions) {
        Weights weights = model.weights();
        if (groups.isEmpty()) {
            throw new RecipeException("turn " + recipe.name() + " moves no parameter; moves: " + recipe.moves() + " must be prefixes of "
                    + weights.parameters().stream().limit(12).toList() + (weights.parameters().size() > 12 ? ", ..." : ""));
        }
        boolean all = Optimizers.decayed(recipe.optimizer()) == OptimizerRecipe.Decayed.ALL;
        var moves = new Moves(weights, strategy, groups, name -> all || weights.shape(name).length > 1);
        Predicate<String> hidden = name -> model.backbone().depth(name) > 0 && model.backbone().depth(name) <= model.backbone().layers();
        Optimizer optimizer = Optimizers.build(recipe.optimizer(), groups, memory, hidden, extensions.optimizers());
        Schedule schedule = Schedules.build(recipe.schedule(), extensions::schedule);
        return new Turn(recipe.name(), recipe.times(), objective, moves, optimizer, schedule, new Clipping(recipe.clipping()));
    }

    /// New parameters of a model whose others a checkpoint gave.
    private static List<String> made(Weights weights) {
        return weights.fresh().size() == weights.names().size() ? List.of() : parts(weights.fresh().stream().filter(name -> !weights.adapters().own().contains(name)).toList());
    }

    /// Tensors' names up to the module that they are parts of, so that a head is told once.
    private static List<String> parts(List<String> names) {
        return names.stream()
                .map(name -> name.replaceFirst("\\.(weight|bias|running_(mean|var)|num_batches_tracked|lora_[A-Za-z_]+.*|transform\\..*|decoder\\..*|dense\\..*|out_proj\\..*)$", ""))
                .distinct()
                .toList();
    }

    /// Parameters that move in some phase.
    List<String> trainable() {
        return model.weights().parameters().stream().filter(name -> strategy.moves(name) && !resting.test(name)).toList();
    }

    @Override
    public void close() {
        judge.ifPresent(PictureJudge::close);
        memory.close();
        model.close();
    }

    /// Where the model's shape and first values come from.
    private static final class Opened implements AutoCloseable {
        private final @Nullable ModelFolder folder;
        private final ConfigFile config;
        private final boolean random;

        Opened(Recipe whole, Task task, Optional<Path> checkpoint) {
            BackboneRecipe recipe = whole.backbone();
            if (checkpoint.isPresent()) {
                folder = ModelFolder.open(checkpoint.get());
                config = folder.config();
                random = false;
                return;
            }
            switch (recipe) {
                case BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights weights) -> {
                    folder = ModelFolder.open(Models.find(model));
                    Adaptation.requireWhole(folder);
                    config = Strategies.adapter(whole.strategy(), HeadNames.of(folder.config())).map(folder.config()::with).orElse(folder.config());
                    random = weights == BackboneRecipe.Weights.RANDOM;
                }
                case BackboneRecipe.Transformer transformer -> {
                    folder = null;
                    random = true;
                    config = ConfigFile.of("recipe", NewBackbone.config(transformer, task));
                }
                case BackboneRecipe.Vision vision -> {
                    folder = null;
                    random = true;
                    config = ConfigFile.of("recipe", NewBackbone.config(vision, task.labels().pictures()));
                }
                case BackboneRecipe.Custom custom -> {
                    folder = null;
                    random = true;
                    config = ConfigFile.of("recipe", Backbones.customConfig(custom.name(), custom.parameters().values()));
                }
            }
        }

        ConfigFile config() {
            return config;
        }

        /// Whether the recipe describes it, and no folder.
        boolean isNew() {
            return folder == null;
        }

        /// Whether one of several heads was opened.
        boolean isHead() {
            return folder != null && ModelFolder.around(folder.folder()).isPresent();
        }

        /// Says what the adapter on the model stores with it, and which base it belongs to.
        void settle(Model model) {
            if (folder != null && model.weights().adapters().inUse().isPresent()) {
                Adaptation.settle(model, folder);
            }
        }

        @Nullable StoredWeights stored(Predicate<String> hidden) {
            return random || folder == null ? null : folder.stored(hidden);
        }

        @Override
        public void close() {
            if (folder != null) {
                folder.close();
            }
        }
    }
}
