package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// A backbone over pictures whose layers keep places apart up to some depth: the last of these maps can be looked at, and what stands above them
/// goes on from there.
public interface FeatureMaps {

    /// The last maps behind their activation, before whatever pools or flattens them: (B, C, h, w).
    Tensor maps(Inputs inputs, Mode mode);

    /// Where the layers above go on, once [#maps] are known: see [Inputs#from].
    Inputs.Start above(Tensor maps);
}
