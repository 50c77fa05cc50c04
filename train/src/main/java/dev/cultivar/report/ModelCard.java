package dev.cultivar.report;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Fact;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What somebody who finds the model has to know about it; written as the `README.md` of a Hugging Face folder.
///
/// @param name      the model's
/// @param summary   what it does, in a sentence or two
/// @param license   an identifier as the hub knows them, `apache-2.0`; `unknown` unless given
/// @param baseModel what it was trained from: a hub name or anything else; empty where it started from nothing
/// @param languages as `en`
/// @param task      the hub's word for it: `text-classification`, `fill-mask`
/// @param tags      more words to be found by
/// @param dataset   what the data are called
/// @param metrics   as measured on `dataset`
/// @param data      where the data come from, how many rows, how they were split
/// @param strategy  which parameters moved, and how
/// @param limits    what it cannot do
/// @param cost      what the training cost
/// @param usage     a command or program that uses it, or empty
public record ModelCard(
        String name,
        String summary,
        Optional<String> license,
        Optional<String> baseModel,
        List<String> languages,
        String task,
        List<String> tags,
        String dataset,
        List<Metric> metrics,
        List<Fact> data,
        List<Fact> strategy,
        List<String> limits,
        List<Fact> cost,
        String usage) {
    private static final Pattern HUB_NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");

    public ModelCard {
        languages = List.copyOf(languages);
        tags = List.copyOf(tags);
        metrics = List.copyOf(metrics);
        data = List.copyOf(data);
        strategy = List.copyOf(strategy);
        limits = List.copyOf(limits);
        cost = List.copyOf(cost);
    }

    /// The card's text: YAML between two lines of dashes, then Markdown.
    public String markdown() {
        var out = new StringBuilder("---\n");
        frontMatter(out);
        out.append("---\n\n# ").append(Markdown.escape(name)).append("\n\n").append(Markdown.escape(summary)).append("\n\n");
        baseModel.ifPresent(base -> out.append("Trained from ").append(Markdown.escape(base)).append(".\n\n"));
        if (!usage.isBlank()) {
            out.append("## Use\n\n").append(Markdown.fenced("", usage)).append("\n\n");
        }
        facts(out, "Data", data);
        facts(out, "Strategy", strategy);
        if (!metrics.isEmpty()) {
            out.append("## Metrics\n\nMeasured on ").append(Markdown.escape(dataset)).append("; intervals hold 95 %.\n\n");
            out.append(Markdown.table(List.of(Column.left("metric"), Column.right("value"), Column.left("better is")),
                    metrics.stream().map(metric -> List.of(Cell.of(metric.name()), Cell.metric(metric, 4),
                            Cell.of(metric.direction().name().toLowerCase(Locale.ROOT)))).toList())).append('\n');
        }
        if (!limits.isEmpty()) {
            out.append("## Limits\n\n");
            limits.forEach(limit -> out.append("- ").append(Markdown.escape(limit)).append('\n'));
            out.append('\n');
        }
        facts(out, "Cost", cost);
        return out.toString();
    }

    private static void facts(StringBuilder out, String heading, List<Fact> facts) {
        if (!facts.isEmpty()) {
            out.append("## ").append(heading).append("\n\n");
            facts.forEach(fact -> out.append(Markdown.fact(fact)).append('\n'));
            out.append('\n');
        }
    }

    private void frontMatter(StringBuilder out) {
        out.append("license: ").append(quoted(license.orElse("unknown"))).append('\n');
        list(out, "language", languages);
        out.append("library_name: transformers\n");
        out.append("pipeline_tag: ").append(quoted(task)).append('\n');
        // The hub refuses a card whose base model is no name of its own.
        baseModel.filter(base -> HUB_NAME.matcher(base).matches())
                .ifPresent(base -> out.append("base_model: ").append(quoted(base)).append('\n'));
        list(out, "tags", tags);
        if (metrics.isEmpty()) {
            return;
        }
        list(out, "metrics", metrics.stream().map(metric -> hubMetric(metric.name())).distinct().toList());
        out.append("model-index:\n- name: ").append(quoted(name)).append("\n  results:\n");
        out.append("  - task:\n      type: ").append(quoted(task)).append('\n');
        out.append("    dataset:\n      name: ").append(quoted(dataset)).append("\n      type: ").append(quoted(dataset)).append('\n');
        out.append("    metrics:\n");
        for (Metric metric : metrics) {
            if (Double.isFinite(metric.value())) {
                out.append("    - type: ").append(quoted(hubMetric(metric.name()))).append("\n      name: ").append(quoted(metric.name()))
                        .append("\n      value: ").append(metric.value()).append('\n');
            }
        }
    }

    private static String hubMetric(String name) {
        return name.endsWith("_f1") ? "f1" : name;
    }

    private static void list(StringBuilder out, String key, List<String> values) {
        if (!values.isEmpty()) {
            out.append(key).append(":\n");
            values.forEach(value -> out.append("- ").append(quoted(value)).append('\n'));
        }
    }

    /// A double-quoted YAML scalar on one line; a plain one where it cannot be mistaken for anything else.
    private static String quoted(String text) {
        String line = Glyphs.oneLine(text);
        boolean plain = line.matches("[A-Za-z][A-Za-z0-9./_-]*") && !line.matches("(?i)y|n|yes|no|on|off|true|false|null");
        return plain ? line : '"' + line.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
