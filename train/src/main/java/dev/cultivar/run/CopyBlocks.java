package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.CopyScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.report.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What a run's report says of copies.
final class CopyBlocks {
    private static final int POINTS = 100;

    private CopyBlocks() {}

    /// Nothing where a run was not audited.
    ///
    /// @param pairs whether training pictures may be shown
    static List<Block> of(RunFiles run, boolean pairs) {
        return CopyFile.read(run.copies()).map(audit -> blocks(run, audit, pairs)).orElse(List.of());
    }

    /// What a judge's metric says; nothing of another.
    ///
    /// @param judge that the recipe names; empty where it names none
    static String note(String metric, RunFiles run, String judge) {
        if (judge.isEmpty()) {
            return "";
        }
        return switch (metric) {
            case "frechet" -> "Distance of samples to held-out pictures by the features of " + judge + "; few pictures make it larger than it is."
                    + CopyFile.read(run.copies())
                            .flatMap(audit -> audit.floor().map(floor -> String.format(
                                    Locale.ROOT, " %d training pictures come to %.4g [%.4g, %.4g] from as many held-out ones, as near as pictures of the data are.",
                                    Math.min(audit.others(), audit.training()), floor.value(), floor.low(), floor.high())))
                            .orElse("");
            case "sample_precision" -> "Share of samples that lie among held-out pictures, by the features of " + judge + ".";
            case "sample_recall" -> "Share of held-out pictures that lie among the samples, by the features of " + judge + ".";
            case "class_agreement" -> "Share of samples that " + judge + " reads as the class that they were asked for.";
            default -> "";
        };
    }

    private static List<Block> blocks(RunFiles run, CopyAudit audit, boolean pairs) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(2, "Copies"));
        blocks.add(new Block.Paragraph(String.format(
                Locale.ROOT,
                "%d samples of %s, each beside the nearest of %,d training pictures%s; how near something new normally lies, %d %s say. What is nearer than"
                        + " 99 of 100 of these counts as near as a copy. A copy that was shifted or mirrored is far from its model in pixels.",
                audit.samples(), audit.checkpoint(), audit.training(), audit.of() > audit.training() ? String.format(Locale.ROOT, " (of %,d)", audit.of()) : "",
                audit.others(), others(audit))));
        for (CopyAudit.Space space : audit.spaces()) {
            blocks.add(new Block.Facts("In " + title(space), facts(audit, space)));
            blocks.add(new Block.Paragraph(verdict(space.scores())));
            blocks.add(new Block.LineChart(
                    "Distance to the nearest training picture, in " + title(space),
                    "distance",
                    "share that lies nearer",
                    List.of(shares("samples", space.scores().samples()), shares(others(audit), space.scores().others())),
                    false,
                    unit(space)));
            sheet(run, space, pairs, blocks);
        }
        return blocks;
    }

    private static String others(CopyAudit audit) {
        return audit.against().equals("train") ? "training pictures, each without itself," : audit.against() + " pictures";
    }

    private static String title(CopyAudit.Space space) {
        return space.name().equals(CopyAudit.PIXELS) ? "pixels" : "the judge's features";
    }

    private static String unit(CopyAudit.Space space) {
        return space.name().equals(CopyAudit.PIXELS)
                ? "Root mean square difference of pixels, whose values go from 0 to 1."
                : "Euclidean distance of what the judge makes of the pictures below its last layer.";
    }

    private static List<Block.Fact> facts(CopyAudit audit, CopyAudit.Space space) {
        CopyScores scores = space.scores();
        List<Block.Fact> facts = new ArrayList<>();
        facts.add(new Block.Fact("as near as a copy", share(scores.near(), scores.expected())));
        scores.nearer().ifPresent(nearer -> facts.add(new Block.Fact("nearer to a training picture than to any " + audit.against() + " picture, of equally many", share(nearer, 0.5))));
        facts.add(new Block.Fact("median distance of samples", String.format(Locale.ROOT, "%.4g", scores.median())));
        facts.add(new Block.Fact("median distance of " + others(audit).replaceFirst(",.*", ""), String.format(Locale.ROOT, "%.4g", scores.otherMedian())));
        facts.add(new Block.Fact("as near as a copy is below", String.format(Locale.ROOT, "%.4g", scores.threshold())));
        return facts;
    }

    private static String share(Metric metric, double expected) {
        return String.format(
                Locale.ROOT, "%.1f %% [%.1f, %.1f]; %.1f %% are expected where nothing is copied",
                100 * metric.value(), 100 * metric.low(), 100 * metric.high(), 100 * expected);
    }

    private static String verdict(CopyScores scores) {
        if (scores.near().low() <= scores.expected()) {
            return "No more samples are as near as a copy than chance explains.";
        }
        if (scores.nearer().filter(nearer -> nearer.low() <= 0.5).isPresent()) {
            return "More samples than chance explains lie very near to a training picture, but they lie as near to pictures that were held out: they are plainer than"
                    + " pictures of the data, as blurred ones are, and no sign of copies.";
        }
        return "More samples than chance explains are as near to a training picture as a copy. Look at the nearest of them.";
    }

    private static Block.Series shares(String name, List<Double> ascending) {
        int last = ascending.size() - 1;
        int points = Math.min(POINTS, last);
        return new Block.Series(name, IntStream.rangeClosed(0, points)
                .map(i -> points == 0 ? 0 : (int) Math.round((double) i * last / points))
                .mapToObj(place -> new Block.Point(ascending.get(place), (place + 1.0) / (last + 1)))
                .toList());
    }

    private static void sheet(RunFiles run, CopyAudit.Space space, boolean pairs, List<Block> blocks) {
        Path file = CopyAudit.sheet(run, space);
        if (!Files.exists(file)) {
            return;
        }
        try {
            blocks.add(new Block.Image(
                    pairs ? "The nearest pairs, in " + title(space) : "The samples nearest to a training picture, in " + title(space),
                    Files.readAllBytes(file),
                    pairs ? "samples, each beside its nearest training picture" : "samples of the model",
                    pairs
                            ? "Left the sample, right the training picture, below them their distance."
                            : "Below each its distance. The training pictures are rows of the data and are not shown; with report: {examples: true} in the recipe they"
                                    + " stand beside the samples. copies.json in the run's folder says which they are."));
        } catch (IOException failure) {
            throw new CheckpointException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }
}
