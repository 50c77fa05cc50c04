/// Frozen work, done once: what layers that do not learn make of a row is a function of their weights and the row, so it is kept on disk
/// and read again by every epoch, strategy, head and learning rate that asks for the same.
///
/// [Precompute][dev.cultivar.precompute.Precompute] stands where batches enter the model. It asks the
/// [FrozenStore][dev.cultivar.precompute.FrozenStore] for each row, under a `Key` made of all that the values depend on, has
/// `FrozenLayers` compute what is missing in canonical batches, and hands the model a batch that starts above the cut
/// ([Inputs.Start][dev.cultivar.nn.Inputs.Start]). [Form][dev.cultivar.precompute.Form] says how little of the last layer is enough,
/// [Probing][dev.cultivar.precompute.Probing] whether a backbone can be parted at all.
@NullMarked
package dev.cultivar.precompute;

import org.jspecify.annotations.NullMarked;
