package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.loop.Entrance;
import dev.cultivar.nn.Backbone;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Reads;
import dev.cultivar.precompute.Form;
import dev.cultivar.precompute.FrozenStore;
import dev.cultivar.precompute.Precompute;
import dev.cultivar.precompute.Probing;
import dev.cultivar.recipe.AverageRecipe;
import dev.cultivar.recipe.PrecomputeRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.strategy.Strategy;
import dev.cultivar.text.TokenizerPieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Decides whether a run's frozen layers may be computed once, and says so, or why not.
///
/// @param entrance how batches enter the model
/// @param closing  what must be closed at the end
record FrozenWork(Entrance entrance, AutoCloseable closing) implements AutoCloseable {
    /// Raised when the same row would be computed otherwise by the same weights.
    private static final int CODE_VERSION = 1;

    /// The store in the folder of a run's, or a study's, encoded rows.
    static Path own(Path cache) {
        return cache.resolve("precompute");
    }

    /// @param threads of each operator
    /// @param fresh   whether the run starts, so that the log has not been told yet
    static FrozenWork of(Recipe recipe, Built built, Material material, Path cache, int threads, boolean fresh) {
        List<Integer> cuts = IntStream.range(0, built.strategy().phases())
                .map(phase -> Math.min(built.strategy().frozenBelow(phase) - 1, built.model().backbone().layers()))
                .boxed()
                .toList();
        Optional<String> obstacle = obstacle(recipe, built, material, cuts);
        var notices = new Precompute.Notices();
        if (obstacle.isPresent()) {
            if (recipe.precompute() instanceof PrecomputeRecipe.On) {
                throw new RecipeException("precompute.kind on: " + obstacle.get() + ". Give precompute=auto to train all the same");
            }
            if (fresh && !(recipe.precompute() instanceof PrecomputeRecipe.Off)) {
                notices.add("not used: " + obstacle.get(), true);
            }
            return new FrozenWork(new Telling(notices), () -> {});
        }
        var settings = new Precompute.Settings(
                built.model(), material.fixedInputs(), material.task().labels().pictures(), cuts, form(built), rounded(recipe.precompute()), threads, facts(recipe, material));
        Optional<FrozenStore> store = store(recipe.precompute(), cache, notices);
        if (fresh && store.isPresent()) {
            notices.add("frozen layers are computed once for each row (" + described(cuts, settings.form()) + ")", true);
        }
        var precompute = new Precompute(settings, store, notices);
        return new FrozenWork(precompute, precompute);
    }

    private static String described(List<Integer> cuts, Form form) {
        int cut = cuts.stream().mapToInt(each -> each).max().orElse(-1);
        return "up to layer " + cut + ", kept as " + form.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean rounded(PrecomputeRecipe recipe) {
        return switch (recipe) {
            case PrecomputeRecipe.Auto(var keep) -> keep.storage() == PrecomputeRecipe.Storage.BFLOAT16;
            case PrecomputeRecipe.On(var keep) -> keep.storage() == PrecomputeRecipe.Storage.BFLOAT16;
            case PrecomputeRecipe.Off _ -> false;
        };
    }

    /// The store; a folder that cannot serve as one is refused where it must, else said, and everything is computed anew.
    private static Optional<FrozenStore> store(PrecomputeRecipe recipe, Path cache, Precompute.Notices notices) {
        return switch (recipe) {
            case PrecomputeRecipe.Off _ -> Optional.empty();
            case PrecomputeRecipe.On(var keep) -> Optional.of(open(keep, cache, notices));
            case PrecomputeRecipe.Auto(var keep) -> {
                try {
                    yield Optional.of(open(keep, cache, notices));
                } catch (DataException unusable) {
                    notices.add(unusable.getMessage() + "; this run computes frozen layers anew each time", false);
                    yield Optional.empty();
                }
            }
        };
    }

    private static FrozenStore open(PrecomputeRecipe.Keep keep, Path cache, Precompute.Notices notices) {
        Path folder = keep.folder().isEmpty() ? own(cache) : Path.of(keep.folder());
        return FrozenStore.open(folder, keep.megabytes() * 1_000_000, text -> notices.add(text, false));
    }

    private static List<String> facts(Recipe recipe, Material material) {
        List<String> facts = new ArrayList<>(List.of("code " + CODE_VERSION, "cultivar " + Provenance.version()));
        Map<String, Object> machine = Provenance.machine();
        Provenance.EXACT.forEach(key -> facts.add(key + " " + machine.get(key)));
        facts.add("precision " + recipe.device().precision());
        facts.add("memory format " + recipe.device().memoryFormat());
        material.tokenizer().ifPresent(tokenizer -> facts.add("tokenizer " + new TokenizerPieces(tokenizer).fingerprint()));
        return facts;
    }

    /// The least that is enough for all objectives.
    private static Form form(Built built) {
        Set<Reads> reads = Set.copyOf(built.turns().stream().map(turn -> turn.objective().reads()).toList());
        if (reads.equals(Set.of(Reads.MEAN))) {
            return Form.MEAN;
        }
        Set<Reads> ofFirst = built.model().backbone().poolsFirstToken() ? Set.of(Reads.FIRST, Reads.POOLED) : Set.of(Reads.FIRST);
        return ofFirst.containsAll(reads) ? Form.FIRST : Form.STATES;
    }

    private static Optional<String> obstacle(Recipe recipe, Built built, Material material, List<Integer> cuts) {
        if (cuts.stream().allMatch(cut -> cut < 0)) {
            return Optional.of("the strategy freezes no layer above the input");
        }
        if (material.fixedInputs().isEmpty()) {
            return Optional.of("rows are not the same in every epoch: they are masked or paired anew, pictures are changed at random (data.augment.views keeps some views of each), or have a text to write beside the one that is read, or an extension makes the batches");
        }
        for (int t = 0; t < built.turns().size(); t++) {
            Objective objective = built.turns().get(t).objective();
            if (objective.reads() == Reads.ANYTHING) {
                return Optional.of("the objective of turn " + built.turns().get(t).name() + " may read what frozen layers make on the way");
            }
        }
        return moving(recipe, built, cuts).or(() -> cuts.stream()
                .filter(cut -> cut >= 0)
                .distinct()
                .flatMap(cut -> Probing.obstacle(built.model().backbone(), material.fixedInputs(), material.task().labels().pictures(), cut).stream())
                .findFirst());
    }

    /// A strategy may be an extension's: what it says of layers must agree with what it says of parameters.
    private static Optional<String> moving(Recipe recipe, Built built, List<Integer> cuts) {
        Strategy strategy = built.strategy();
        Backbone backbone = built.model().backbone();
        boolean averaged = !(recipe.average() instanceof AverageRecipe.None);
        for (String name : built.model().weights().parameters()) {
            int depth = backbone.depth(name);
            boolean moved = false;
            for (int phase = 0; phase < cuts.size(); phase++) {
                boolean below = depth >= 0 && depth <= cuts.get(phase);
                boolean moves = strategy.rate(name, phase) > 0;
                if (below && moves) {
                    return Optional.of("the strategy says that layers below " + (cuts.get(phase) + 1) + " are frozen in phase " + phase
                            + ", and moves " + name);
                }
                if (below && moved && averaged) {
                    return Optional.of(name + " is frozen after it has moved, so that its average is another weight than its last");
                }
                moved |= moves;
            }
        }
        return Optional.empty();
    }

    /// At the input, with something to tell.
    private record Telling(Precompute.Notices lines) implements Entrance {
        @Override
        public dev.cultivar.nn.Inputs inputs(dev.cultivar.batch.Batch batch) {
            return Entrance.INPUT.inputs(batch);
        }

        @Override
        public List<Entrance.News> news() {
            return lines.take();
        }
    }

    @Override
    public void close() {
        try {
            closing.close();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
