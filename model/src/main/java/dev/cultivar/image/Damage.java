package dev.cultivar.image;

import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;

/// Hears what a decoder warns of and keeps the first warning that means wrong pixels.
///
/// libjpeg fills what it cannot decode and only warns, once a picture. Needless bytes behind the last scan, before the marker 0xD9, cost no pixel;
/// before another marker they may hide what is wrong behind them.
final class Damage implements IIOReadWarningListener {
    private @Nullable String told;

    @Override
    public void warningOccurred(ImageReader source, @Nullable String warning) {
        boolean wrong = warning != null && (warning.startsWith("Corrupt JPEG data") || warning.startsWith("Premature end"))
                && !(warning.contains("extraneous bytes") && warning.endsWith("0xd9"));
        if (told == null && wrong) {
            told = warning;
        }
    }

    Optional<String> told() {
        return Optional.ofNullable(told);
    }
}
