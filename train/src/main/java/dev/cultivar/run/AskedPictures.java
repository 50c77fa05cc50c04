package dev.cultivar.run;

import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureReader;
import dev.cultivar.nn.Backbones;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.predict.Saliency;
import dev.cultivar.report.Block;
import dev.cultivar.report.Block.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What a picture classifier says of pictures that somebody shows it, and what in them speaks for it: a section of a report.
public final class AskedPictures {
    private static final int RUNNERS_UP = 3;

    private AskedPictures() {}

    /// Asks about each file; files that are no pictures are refused.
    ///
    /// @param run    a run folder, a checkpoint or a Hugging Face folder
    /// @param custom backbones that an extension builds
    public static List<Block> blocks(String run, List<Path> files, Backbones.Custom custom) {
        List<Picture> pictures = files.stream().map(PictureReader::read).toList();
        List<Block.Card> cards = new ArrayList<>();
        try (var classifier = PictureClassifier.open(run, custom)) {
            List<Prediction> said = classifier.predict(pictures);
            Saliency.Method method = Saliency.Method.INPUT_GRADIENT;
            for (int i = 0; i < files.size(); i++) {
                Picture seen = classifier.seen(pictures.get(i));
                Saliency map = classifier.saliency(seen, said.get(i).label());
                method = map.method();
                cards.add(new Block.Card(List.of(Overlay.picture(seen), Overlay.map(seen, map, Overlay.Colour.RIGHT)), facts(files.get(i), said.get(i))));
            }
            return List.of(new Block.Heading(2, "Pictures that were asked about"), new Block.Cards("What the model says of them", cards, Overlay.note(method)));
        }
    }

    private static List<Fact> facts(Path file, Prediction said) {
        String others = said.scores().entrySet().stream()
                .filter(each -> !each.getKey().equals(said.label()))
                .limit(RUNNERS_UP)
                .map(AskedPictures::scored)
                .collect(Collectors.joining(", "));
        return List.of(
                new Fact("picture", String.valueOf(file.getFileName())),
                new Fact("label", label(said)),
                new Fact("probability", String.format(Locale.ROOT, "%.3f", said.score())),
                new Fact("then", others));
    }

    private static String scored(Map.Entry<String, Double> label) {
        return label.getKey() + String.format(Locale.ROOT, " %.3f", label.getValue());
    }

    private static String label(Prediction said) {
        return switch (said.verdict()) {
            case ANSWERED -> said.labels().isEmpty() ? "none (" + said.label() + " first)" : String.join(", ", said.labels());
            case UNSURE -> "unsure (" + said.label() + ")";
            case OUT_OF_SCOPE -> "out of scope (" + said.label() + ")";
        };
    }
}
