package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureReader;
import dev.cultivar.nn.Backbones;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.Embedder;
import dev.cultivar.predict.PictureEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A model that makes a vector of a row: of its text, or of the picture that its text names.
sealed interface SearchModel extends AutoCloseable {
    /// No vector.
    float[] NONE = {};

    /// Numbers of a vector.
    int width();

    /// How many rows are in memory at once.
    int atOnce();

    boolean readsPictures();

    /// The vectors of rows in their order, [#NONE] for one that cannot be read.
    ///
    /// @param of     whose rows they are, for messages
    /// @param wanted whether vectors are computed; else it is only seen what can be read
    /// @param unread takes a message for each row that cannot be
    List<float[]> vectors(List<Example> rows, Examples of, boolean wanted, List<String> unread);

    /// The vector of what is asked for, to the bit whatever else is asked.
    float[] asked(String query);

    @Override
    void close();

    static SearchModel open(String run, Backbones.Custom custom) {
        return AnswerKind.readsPictures(run) ? new Pictures(PictureEmbedder.open(run, custom)) : new Texts(Embedder.open(run, custom));
    }

    /// Of texts.
    record Texts(Embedder embedder) implements SearchModel {
        @Override
        public int width() {
            return embedder.width();
        }

        @Override
        public int atOnce() {
            return 2_048;
        }

        @Override
        public boolean readsPictures() {
            return false;
        }

        @Override
        public List<float[]> vectors(List<Example> rows, Examples of, boolean wanted, List<String> unread) {
            List<String> texts = new ArrayList<>();
            for (Example row : rows) {
                if (row.text().isBlank()) {
                    unread.add(of.place(row.row()) + ": has no text");
                } else {
                    texts.add(row.text());
                }
            }
            var computed = (wanted ? embedder.embed(texts) : List.<float[]>of()).iterator();
            return rows.stream().map(row -> row.text().isBlank() || !wanted ? NONE : computed.next()).toList();
        }

        @Override
        public float[] asked(String query) {
            return embedder.embed(query);
        }

        @Override
        public void close() {
            embedder.close();
        }
    }

    /// Of pictures.
    record Pictures(PictureEmbedder embedder) implements SearchModel {
        @Override
        public int width() {
            return embedder.width();
        }

        @Override
        public int atOnce() {
            return 8; // each may be large
        }

        @Override
        public boolean readsPictures() {
            return true;
        }

        private record Read(Optional<Picture> picture, String fault) {}

        @Override
        public List<float[]> vectors(List<Example> rows, Examples of, boolean wanted, List<String> unread) {
            List<Read> read = rows.parallelStream().map(row -> read(row.text())).toList();
            read.stream().map(Read::fault).filter(fault -> !fault.isEmpty()).forEach(unread::add);
            List<Picture> pictures = read.stream().flatMap(each -> each.picture().stream()).toList();
            var computed = (wanted ? embedder.embed(pictures) : List.<float[]>of()).iterator();
            return read.stream().map(each -> each.picture().isEmpty() || !wanted ? NONE : computed.next()).toList();
        }

        private static Read read(String file) {
            try {
                return new Read(Optional.of(PictureReader.read(Path.of(file))), "");
            } catch (DataException fault) {
                return new Read(Optional.empty(), String.valueOf(fault.getMessage()));
            }
        }

        @Override
        public float[] asked(String query) {
            return embedder.embed(PictureReader.read(Path.of(query)));
        }

        @Override
        public void close() {
            embedder.close();
        }
    }
}
