package dev.cultivar.run;

import dev.cultivar.image.PictureReader;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.nn.Backbones;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.AttentionMap;
import dev.cultivar.predict.AttentionMaps;
import dev.cultivar.predict.PictureAttention;
import dev.cultivar.predict.PictureAttentionMaps;
import dev.cultivar.predict.TextAttention;
import dev.cultivar.predict.TextPair;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The part of a report that shows what a model attends to in a text or a picture.
public final class AttentionReport {
    /// Rows of more tokens are cut: their maps would be too fine to read.
    private static final int LONGEST = 64;
    private static final int QUOTED = 200;
    private static final String CAUTION = "Attention says where layers look, which need not be why a model decides as it does (Jain and Wallace, 2019).";
    private static final String ROLLOUT = "Attention rollout (Abnar and Zuidema, 2020): each layer takes half of a token from itself and half from what the"
            + " mean of its heads attends to; the layers are multiplied. ";

    private AttentionReport() {}

    /// @param model a run folder, a checkpoint or a Hugging Face folder
    /// @param shown a text; for a model that looks at pictures, a picture's file
    /// @param pair  a second text that is read with it
    /// @throws RecipeException if the model does not attend, or reads other things than what is given
    public static List<Block> of(String model, String shown, Optional<String> pair) {
        if (shown.isBlank()) {
            throw new RecipeException("--attention: the text is empty; give one with a word in it, or the file of a picture");
        }
        if (AnswerKind.readsPictures(model)) {
            return picture(model, shown, pair);
        }
        if (file(shown).isPresent()) {
            throw new RecipeException("--attention: this model reads texts, and " + shown + " is a file; give the text itself, or a model that looks at pictures");
        }
        return text(model, new TextPair(shown, pair.orElse("")));
    }

    private static Optional<Path> file(String name) {
        try {
            return Optional.of(Path.of(name)).filter(Files::isRegularFile);
        } catch (InvalidPathException text) {
            return Optional.empty();
        }
    }

    /// What a model refuses to show is a mistake of who asked.
    private static <A> A asked(Supplier<A> ask) {
        try {
            return ask.get();
        } catch (IllegalArgumentException refused) {
            throw new RecipeException("--attention: " + refused.getMessage());
        }
    }

    private static List<Block> text(String model, TextPair text) {
        try (var maps = AttentionMaps.open(model, Backbones.Custom.NONE)) {
            return blocks(text, asked(() -> maps.of(text, LONGEST)));
        }
    }

    private static List<Block> blocks(TextPair text, TextAttention shown) {
        AttentionMap map = shown.map();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(2, "Attention"));
        blocks.add(new Block.Facts("", facts(text, shown)));
        blocks.add(new Block.Paragraph(CAUTION));
        int prefix = map.keys() - map.tokens();
        float[] rollout = shown.rollout();
        List<Block.Share> shares = new ArrayList<>();
        for (int i = 0; i < rollout.length; i++) {
            shares.add(new Block.Share(shown.pieces().get(i), rollout[i]));
        }
        boolean one = shown.read().size() == 1;
        String read = one ? "the " + (shown.read().getFirst() == 0 ? "first" : "last") + " token, " + shown.pieces().get(prefix + shown.read().getFirst()) : "all tokens alike";
        blocks.add(new Block.ShadedText("Where what the model reads of the last layer came from", shares, ROLLOUT + "From " + read + "."));
        List<String> asking = shown.pieces().subList(prefix, map.keys());
        for (int layer = 0; layer < map.layers(); layer++) {
            List<Block.Part> heads = new ArrayList<>();
            for (int head = 0; head < map.heads(); head++) {
                heads.add(new Block.Part("head " + (head + 1), map.values().get(layer)[head]));
            }
            blocks.add(new Block.HeatMap(
                    "Layer " + (layer + 1) + " of " + map.layers() + ", the mean of its " + map.heads() + " heads, and each of them",
                    "from", asking, "attends to", shown.pieces(), map.mean(layer), heads, ""));
        }
        return blocks;
    }

    private static List<Block.Fact> facts(TextPair text, TextAttention shown) {
        List<Block.Fact> facts = new ArrayList<>(List.of(new Block.Fact("text", shortened(text.text()))));
        if (!text.pair().isEmpty()) {
            facts.add(new Block.Fact("second text", shortened(text.pair())));
        }
        facts.add(new Block.Fact("pieces", shown.pieces().size() + (shown.cut() == 0 ? ", none left out" : "; " + shown.cut() + " more were left out, as the text is too long")));
        return facts;
    }

    private static String shortened(String text) {
        int points = text.codePointCount(0, text.length());
        return points <= QUOTED ? text : text.substring(0, text.offsetByCodePoints(0, QUOTED - 1)) + "…";
    }

    private static List<Block> picture(String model, String shown, Optional<String> pair) {
        if (pair.isPresent()) {
            throw new RecipeException("--pair: this model looks at one picture, and at no text beside it; leave --pair out");
        }
        Path file = file(shown).orElseThrow(() -> new RecipeException(
                "--attention: this model looks at pictures, and there is no file " + shown + "; give the file of a picture"));
        try (var maps = asked(() -> PictureAttentionMaps.open(model, Backbones.Custom.NONE))) {
            return blocks(file, maps.of(PictureReader.read(file)));
        }
    }

    private static List<Block> blocks(Path file, PictureAttention shown) {
        AttentionMap map = shown.map();
        int last = map.layers() - 1;
        var overlay = new AttentionOverlay(shown.seen(), shown.down(), shown.across());
        float[] rollout = shown.rollout();
        List<Block.Frame> heads = new ArrayList<>();
        for (int head = 0; head < map.heads(); head++) {
            float[] shares = shown.seenBy(last, head);
            heads.add(new Block.Frame(
                    "head " + (head + 1) + ", " + AttentionOverlay.range(shares), PictureWriter.png(overlay.over(shares)), "what head " + (head + 1) + " attends to"));
        }
        String scale = "Dark is the patch with the least, yellow the one with the most; above each picture stand both shares.";
        return List.of(
                new Block.Heading(2, "Attention"),
                new Block.Paragraph("What the model attends to in " + file.getFileName() + ", cut into " + shown.down() + " x " + shown.across() + " patches. " + CAUTION),
                new Block.Gallery(
                        "Where what the model reads of the last layer, its class token, came from",
                        List.of(new Block.Frame("as the model sees it", PictureWriter.png(overlay.plain()), "the picture"),
                                new Block.Frame("rollout, " + AttentionOverlay.range(rollout), PictureWriter.png(overlay.over(rollout)), "the picture under its rollout")),
                        ROLLOUT + scale),
                new Block.Gallery("What each head of the last layer, " + (last + 1) + " of " + map.layers() + ", attends to from the class token", heads, scale));
    }
}
