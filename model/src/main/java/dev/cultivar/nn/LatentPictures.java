package dev.cultivar.nn;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.format.CheckpointException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The half of a VAE or of a GAN that draws: noise, joined with what stands for a class where it can be asked for one, to a picture.
public final class LatentPictures implements PictureSource {
    /// The key of `config.json`, in Cultivar's own part, that says how the network is built again.
    public static final String KEY = "generates";

    private final Weights weights;
    private final Settings settings;
    private final PictureDecoder decoder;

    /// Where the network comes from, and with it what its parameters' names begin with.
    public enum Kind {
        GAN("generator"),
        VAE("decoder");

        private final String network;

        Kind(String network) {
            this.network = network;
        }

        /// The name of the network, and what its parameters' names begin with.
        public String network() {
            return network;
        }

        /// Whether a parameter or a buffer is the network's.
        public boolean owns(String parameter) {
            return parameter.startsWith(network + ".");
        }

        private String labels() {
            return network + ".labels.weight";
        }
    }

    /// @param kind    a GAN learns a vector of Z numbers for each class (Mirza and Osindero, 2014); a VAE is given a one for the class and zeros
    ///                for the others (Kingma et al., 2014)
    /// @param latent  Z
    /// @param classes K, 0 where it cannot be asked for one
    /// @param drawing what draws
    /// @param shape   of a picture
    /// @param bounded whether values are brought into [0, 1]
    public record Settings(Kind kind, int latent, int classes, PictureDrawing drawing, PictureShape shape, boolean bounded) {

        /// Numbers that the drawing network reads.
        int code() {
            return classes == 0 ? latent : switch (kind) {
                case GAN -> 2 * latent;
                case VAE -> latent + classes;
            };
        }

        /// What `config.json` says of it, in Cultivar's own part.
        public Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("kind", kind.name().toLowerCase(java.util.Locale.ROOT));
            json.put("latent", latent);
            json.put("conditional", classes > 0);
            json.put("classes", classes);
            json.put("generator", drawing.json());
            json.putAll(shape.json());
            return json;
        }

        /// What a folder's `config.json` says of it.
        public static Settings of(ConfigFile config) {
            Object extra = config.values().get("cultivar") instanceof Map<?, ?> own ? own.get(KEY) : null;
            if (!(extra instanceof Map<?, ?> json)) {
                throw new CheckpointException(config.place() + ": this model does not make pictures; open one that was trained with an objective"
                        + " of kind vae or gan_generator");
            }
            try {
                Kind kind = Kind.valueOf(String.valueOf(json.get("kind")).toUpperCase(java.util.Locale.ROOT));
                int latent = json.get("latent") instanceof Number number ? number.intValue() : 0;
                int classes = json.get("classes") instanceof Number number ? number.intValue() : 0;
                if (latent < 1 || classes < 0) {
                    throw new IllegalArgumentException("latent must be above 0 and classes at least 0, got " + latent + " and " + classes);
                }
                return new Settings(kind, latent, classes, PictureDrawing.of(json.get("generator")), PictureShape.of(json), true);
            } catch (IllegalArgumentException unfit) {
                throw new CheckpointException(
                        config.place() + ": cultivar." + KEY + ": " + unfit.getMessage() + ". Correct it, or copy the file again.", unfit);
            }
        }
    }

    /// Declares the network's parameters.
    public LatentPictures(Weights weights, Settings settings) {
        this.weights = weights;
        this.settings = settings;
        if (settings.kind() == Kind.GAN && settings.classes() > 0) {
            weights.parameter(settings.kind().labels(), new Initial.Normal(1), settings.classes(), settings.latent());
        }
        decoder = settings.drawing().declare(weights, settings.kind().network(), settings.code(), settings.shape());
    }

    /// The network of the model, built on first use.
    public static LatentPictures of(Model model, Settings settings) {
        return model.network(settings.kind().network(), LatentPictures.class, weights -> new LatentPictures(weights, settings));
    }

    /// A network that another objective of the same model builds.
    ///
    /// @param otherwise what to say where none has
    public static LatentPictures built(Model model, Kind kind, String otherwise) {
        return model.network(kind.network(), LatentPictures.class, weights -> {
            throw new IllegalStateException(otherwise);
        });
    }

    public Settings settings() {
        return settings;
    }

    @Override
    public int latent() {
        return settings.latent();
    }

    @Override
    public int classes() {
        return settings.classes();
    }

    @Override
    public PictureShape shape() {
        return settings.shape();
    }

    /// Whether a picture depends on the others that are drawn with it in training.
    public boolean dependsOnBatch() {
        return decoder.dependsOnBatch();
    }

    /// Floating point operations for one picture.
    public double flops() {
        return decoder.flops();
    }

    /// (B, Z) and (B) -> (B, C, H, W), before values are brought into [0, 1]; in float32, whatever the arithmetic
    public Tensor logits(Tensor noise, Optional<Tensor> labels, Mode mode) {
        if (labels.isPresent() != settings.classes() > 0) {
            throw new IllegalArgumentException(labels.isPresent()
                    ? "the network knows no classes, and is asked for some"
                    : "the network must be asked for a class of " + settings.classes());
        }
        Tensor code = labels.map(classes -> torch.cat(new TensorVector(noise, joined(classes)), 1)).orElse(noise); // (B, Z) -> (B, Z + K or Z)
        return decoder.logits(code, mode).to(torch.ScalarType.Float);
    }

    /// (B) -> (B, K) or (B, Z)
    private Tensor joined(Tensor labels) {
        return switch (settings.kind()) {
            case GAN -> weights.get(settings.kind().labels()).index_select(0, labels).to(torch.ScalarType.Float);
            case VAE -> torch.one_hot(labels, settings.classes()).to(torch.ScalarType.Float);
        };
    }

    @Override
    public Tensor pictures(Tensor noise, Optional<Tensor> labels, Mode mode) {
        Tensor logits = logits(noise, labels, mode);
        return settings.bounded() ? torch.sigmoid(logits) : logits;
    }
}
