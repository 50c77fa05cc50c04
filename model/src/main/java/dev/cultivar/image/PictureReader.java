package dev.cultivar.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.cultivar.batch.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.jspecify.annotations.Nullable;

/// Reads one picture from a file of any common format, upright, with 8 bits a channel, grey or RGB.
///
/// The format is told by the first bytes, not by the name: PNG, JPEG (CMYK too), GIF (the first frame), BMP and WebP. Depths of
/// 1 to 16 bits become 8; a palette becomes its colours, grey where all of them are; what is transparent shows black; EXIF's
/// orientation is applied. A file that is damaged, cut short or announces more than its bytes can hold is a [DataException]; so is one whose pixels
/// end early inside an intact frame, for which decoders would show black or grey.
public final class PictureReader {
    /// More pixels than this are refused: in RGB they take 805 MB.
    private static final long MOST_PIXELS = 1L << 28;
    private static final long MOST_BYTES = 1L << 30;
    private static final String READ = "PNG, JPEG, GIF, BMP or WebP";

    private PictureReader() {}

    /// The picture in a file.
    public static Picture read(Path file) {
        var named = new EncodedPicture(new byte[0], file.toString());
        try {
            long size = Files.size(file);
            if (size > MOST_BYTES) {
                throw named.refused("a file of " + size + " bytes", "a picture of at most " + MOST_BYTES, "leave it out");
            }
            return read(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw named.refused("not there", "a picture", "correct the path or bring the file", e);
        } catch (IOException e) {
            throw named.refused("unreadable (" + e.getMessage() + ")", "a picture", "see that it is a file and that you may read it", e);
        }
    }

    /// The picture that bytes hold; `place` names them in messages.
    public static Picture read(byte[] bytes, String place) {
        var file = new EncodedPicture(bytes, place);
        if (bytes.length == 0) {
            throw file.refused("empty", "a picture in " + READ, "copy or make the file again");
        }
        PictureFormat format = PictureFormat.of(file).orElseThrow(() -> file.refused(kind(file), READ, "convert it to one of these"));
        byte @Nullable [] exif = format.exif(file);
        try {
            Picture stored = stored(file, format);
            return exif == null ? stored : Orientation.of(exif).upright(stored);
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw file.refused("a " + format + " that cannot be decoded (" + e.getMessage() + ")", "an undamaged picture", "copy or make the file again", e);
        } catch (OutOfMemoryError e) {
            throw file.refused("a " + format + " that needs more memory than this JVM has", "a smaller picture", "scale it down or raise -Xmx", e);
        }
    }

    private static Picture stored(EncodedPicture file, PictureFormat format) throws IOException {
        if (format == PictureFormat.WEBP) {
            return webp(file);
        } else if (format == PictureFormat.GIF && GifRows.interlaced(file)) {
            return GifRows.ordered(decoded(file, format, new FiniteStream(GifRows.declaredInOrder(file).bytes())));
        }
        EncodedPicture clean = format == PictureFormat.JPEG ? JpegScans.withoutStrays(file) : file;
        return decoded(file, format, new FiniteStream(clean.bytes()));
    }

    private static Picture webp(EncodedPicture file) throws IOException {
        WebpFrame frame = WebpFrame.of(file);
        requireHonest(file, PictureFormat.WEBP, frame.width(), frame.height());
        frame.requireAll();
        FiniteStream alone = frame.alone();
        Picture picture = decoded(file, PictureFormat.WEBP, alone);
        for (int part = 0; part < alone.gaps(); part++) {
            if (alone.entered(part)) {
                throw file.refused("a WEBP whose lossy bits end before the last pixel (part " + (part + 1) + " of " + alone.gaps() + ")", "bits for all pixels",
                        "copy or make the file again");
            }
        }
        return picture;
    }

    /// Refuses a size that no picture has, and one that the bytes cannot hold.
    private static void requireHonest(EncodedPicture file, PictureFormat format, long width, long height) {
        if (width < 1 || height < 1 || width * height > MOST_PIXELS) {
            throw file.refused("a " + format + " of " + width + " x " + height + " pixels", "1 to " + MOST_PIXELS + " of them",
                    "scale it down or leave it out");
        }
        if (width * height / format.pixelsPerByte > file.length()) {
            throw file.refused("a " + format + " that announces " + width + " x " + height + " pixels in " + file.length() + " bytes",
                    "bytes enough for them", "copy or make the file again");
        }
    }

    private static Picture decoded(EncodedPicture file, PictureFormat format, FiniteStream bytes) throws IOException {
        ImageReader reader = reader(file, format);
        // A cache in memory whatever ImageIO was told to use: no file is written, and no setting of the process changed.
        try (var stream = bytes) {
            var damage = new Damage();
            reader.addIIOReadWarningListener(damage);
            // Metadata are left unread: a packed text or profile can be a bomb of its own.
            reader.setInput(stream, false, true);
            requireHonest(file, format, reader.getWidth(0), reader.getHeight(0));
            BufferedImage image = reader.read(0);
            Optional<String> told = damage.told();
            if (told.isPresent()) {
                throw file.refused("a damaged " + format + " (" + told.get() + ")", "undamaged bytes", "copy or make the file again");
            }
            return Samples.of(image);
        } finally {
            reader.dispose();
        }
    }

    /// The decoder that is meant, whatever else is on the class path: the JDK's, and TwelveMonkeys' for what the JDK cannot read.
    private static ImageReader reader(EncodedPicture file, PictureFormat format) {
        if (format == PictureFormat.WEBP) {
            return new WebPImageReaderSpi().createReaderInstance(null);
        }
        String maker = format == PictureFormat.JPEG ? "com.twelvemonkeys." : "com.sun.";
        for (Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.decoder); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith(maker)) {
                return reader;
            }
            reader.dispose();
        }
        throw file.refused("a " + format + ", for which ImageIO has no decoder of " + maker + "*", "java.desktop and imageio-jpeg on the class path",
                "add them");
    }

    /// What else the bytes seem to be.
    private static String kind(EncodedPicture file) {
        if (file.has(0, "II*\0") || file.has(0, "MM\0*")) {
            return "a TIFF";
        } else if (file.has(4, "ftyp")) {
            return "an AVIF, HEIC or film";
        } else if (file.has(0, "%PDF")) {
            return "a PDF";
        } else if (file.has(0, "<svg") || file.has(0, "<?xml")) {
            return "an SVG or other XML";
        } else if (file.has(0, new byte[] {0x1F, (byte) 0x8B}) || file.has(0, "PK")) {
            return "an archive";
        }
        return "no picture of a known format (it starts with 0x" + HexFormat.of().formatHex(file.bytes(), 0, Math.min(8, file.length())) + ")";
    }
}
