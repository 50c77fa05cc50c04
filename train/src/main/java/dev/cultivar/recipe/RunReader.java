package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads how a run goes: when it stops, what a step sees, when it is measured and saved, and on what it runs.
final class RunReader {
    private static final List<String> TASKS = List.of("validation", "test");

    private RunReader() {}

    static HorizonRecipe horizon(Node node) {
        return node.map(keys -> keys.exactlyOne(List.of(
                new Kind<>("steps", each -> new HorizonRecipe.Steps(each.whole("steps", Range.wholeFrom(1)))),
                new Kind<>("epochs", each -> new HorizonRecipe.Epochs(each.number("epochs", Range.above(0)))),
                new Kind<>("tokens", each -> new HorizonRecipe.Tokens(each.whole("tokens", Range.wholeFrom(1)))),
                new Kind<>("minutes", each -> new HorizonRecipe.Minutes(each.number("minutes", Range.above(0)))))));
    }

    static BatchingRecipe batching(Node node) {
        return node.map(keys -> {
            int before = node.reading().mistakes();
            BatchingRecipe.Budget budget = keys.exactlyOne(List.of(
                    new Kind<>("tokens", each -> new BatchingRecipe.Budget.Tokens(each.count("tokens", Range.countFrom(1)))),
                    new Kind<>("rows", each -> new BatchingRecipe.Budget.Rows(each.count("rows", Range.countFrom(1))))));
            int maxLength = keys.count("max_length", 128, Range.closedCount(2, 1 << 20));
            if (node.reading().mistakes() == before
                    && budget instanceof BatchingRecipe.Budget.Tokens(int tokens)
                    && tokens < maxLength) {
                keys.at("tokens").fail("must hold one row of max_length " + maxLength + ", got " + tokens);
            }
            return new BatchingRecipe(
                    budget,
                    maxLength,
                    keys.have("long", "map", "truncate", RunReader::longer),
                    keys.count("accumulation", 1, Range.countFrom(1)),
                    keys.count("loaders", 1, Range.closedCount(0, 64)));
        });
    }

    private static BatchingRecipe.Longer longer(Node node) {
        return node.oneOf("truncate", List.of(
                new Kind<>("truncate", _ -> new BatchingRecipe.Longer.Truncate()),
                new Kind<>("head_tail", keys -> new BatchingRecipe.Longer.HeadTail(keys.number("head", 0.25, Range.closed(0, 1)))),
                new Kind<>("chunk", keys -> new BatchingRecipe.Longer.Chunk(keys.count("stride", 32, Range.closedCount(0, 1 << 16))))));
    }

    static EvaluateRecipe evaluate(Node node, DataRecipe data) {
        var measured = Measured.of(data);
        return node.map(keys -> {
            Every every = StrategyReader.every(keys);
            List<String> tasks = keys.have("tasks", "list of validation, test and names in data.also", "", measured.usual(),
                    "[validation] where there is one, and all of data.also; TASK.validation and so on for data of kind tasks",
                    item -> tasks(item, measured.known()));
            boolean first = measured.also() && !tasks.isEmpty();
            return new EvaluateRecipe(
                    every, tasks, keys.have("first", "true or false", "", first, "true where there is data.also", Node::flag), keys.text("judge", ""));
        });
    }

    /// What a model may be measured on.
    ///
    /// @param usual where a recipe does not say
    /// @param known all that it may say
    /// @param also  whether there are rows beside those held out
    private record Measured(List<String> usual, List<String> known, boolean also) {
        static Measured of(DataRecipe data) {
            return switch (data) {
                case DataRecipe.Rows rows -> of("", rows);
                case DataRecipe.Tasks tasks -> {
                    var each = tasks.tasks().entrySet().stream().map(task -> of(task.getKey() + ".", task.getValue())).toList();
                    yield new Measured(
                            each.stream().flatMap(one -> one.usual().stream()).toList(),
                            each.isEmpty() ? TASKS : each.stream().flatMap(one -> one.known().stream()).toList(),
                            each.stream().anyMatch(Measured::also));
                }
                case DataRecipe.Images images -> new Measured(
                        images.validation() instanceof PicturesRecipe.Held.None ? List.of() : List.of(TASKS.getFirst()), TASKS, false);
                case DataRecipe.Custom _ -> new Measured(List.of(), TASKS, false);
            };
        }

        private static Measured of(String prefix, DataRecipe.Rows rows) {
            boolean validated = !(rows.validation() instanceof DataRecipe.Held.None);
            Stream<String> usual = Stream.concat(validated ? Stream.of("validation") : Stream.of(), rows.also().keySet().stream());
            Stream<String> known = Stream.concat(TASKS.stream(), rows.also().keySet().stream());
            return new Measured(usual.map(prefix::concat).toList(), known.map(prefix::concat).toList(), !rows.also().isEmpty());
        }
    }

    private static List<String> tasks(Node node, List<String> known) {
        List<String> tasks = new ArrayList<>();
        for (Node item : node.items()) {
            String task = item.word(known);
            if (tasks.contains(task) && node.reading().sound(item.path())) {
                item.fail("is said twice: " + task);
            }
            tasks.add(task);
        }
        return tasks;
    }

    static StoppingRecipe stopping(Node node) {
        return node.isWord("none") ? new StoppingRecipe.None() : node.map(keys -> new StoppingRecipe.Patience(
                keys.count("patience", Range.countFrom(1)),
                keys.have("metric", "text", "loss", Node::text)));
    }

    static CheckpointRecipe checkpoint(Node node) {
        return node.map(keys -> new CheckpointRecipe(StrategyReader.every(keys), keys.count("keep", 2, Range.countFrom(1))));
    }

    static AverageRecipe average(Node node) {
        return node.isWord("none")
                ? new AverageRecipe.None()
                : node.map(keys -> new AverageRecipe.Exponential(keys.number("decay", Range.open(0, 1))));
    }

    static DeviceRecipe device(Node node) {
        return node.map("kind", keys -> new DeviceRecipe(
                keys.choice("kind", DeviceRecipe.Kind.CPU, DeviceRecipe.Kind.values()),
                keys.have("threads", "whole number or auto", "auto", RunReader::threads),
                keys.have("replicas", "whole number or auto", "auto", RunReader::threads),
                keys.choice("precision", DeviceRecipe.Precision.AUTO, DeviceRecipe.Precision.values()),
                keys.choice("memory_format", DeviceRecipe.MemoryFormat.AUTO, DeviceRecipe.MemoryFormat.values()),
                keys.flag("gradient_checkpointing", false)));
    }

    private static DeviceRecipe.Threads threads(Node node) {
        return node.isWord("auto")
                ? new DeviceRecipe.Threads.Auto()
                : new DeviceRecipe.Threads.Count((int) node.whole(Range.closedCount(1, 1024)));
    }

    static PrecomputeRecipe precompute(Node node) {
        return node.oneOf("auto", List.of(
                new Kind<>("auto", keys -> new PrecomputeRecipe.Auto(keep(keys))),
                new Kind<>("on", keys -> new PrecomputeRecipe.On(keep(keys))),
                new Kind<>("off", _ -> new PrecomputeRecipe.Off())));
    }

    private static PrecomputeRecipe.Keep keep(Keys keys) {
        return new PrecomputeRecipe.Keep(
                keys.text("folder", ""),
                keys.whole("megabytes", 4096, Range.wholeFrom(1)),
                keys.choice("storage", PrecomputeRecipe.Storage.EXACT, PrecomputeRecipe.Storage.values()));
    }

    static AuditRecipe audit(Node node) {
        return node.map("mode", keys -> new AuditRecipe(
                keys.choice("mode", AuditRecipe.Mode.WARN, AuditRecipe.Mode.values()),
                keys.number("truncated", 0.01, Range.closed(0, 1)),
                keys.number("unknown", 0.01, Range.closed(0, 1))));
    }

    static ReportRecipe report(Node node) {
        return node.map(keys -> new ReportRecipe(keys.flag("examples", false)));
    }
}
