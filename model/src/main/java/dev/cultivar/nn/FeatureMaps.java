package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// A backbone over pictures whose layers keep places apart up to some depth: the last of these maps can be looked at, and what stands above them
/// goes on from there.
public interface FeatureMaps extends ImageBackbone {

    @Override
    default Optional<FeatureMaps> featureMaps() {
        return Optional.of(this);
    }

    /// The last maps behind their activation, before whatever pools or flattens them: (B, C, h, w). Of a backbone whose last layer does neither they are
    /// its output.
    default Tensor maps(Inputs inputs, Mode mode) {
        return forward(inputs, mode).states();
    }

    /// Where the layers above go on, once [#maps] are known: see [Inputs#from].
    default Inputs.Start above(Tensor maps) {
        return new Inputs.Start(layers(), maps);
    }
}
