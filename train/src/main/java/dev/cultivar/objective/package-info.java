/// What is minimised. An [Objective][dev.cultivar.objective.Objective] turns a model and a batch into a
/// [Loss][dev.cultivar.objective.Loss]: a list of terms that are sums, each with a denominator of its own that is known from
/// the batches alone. So a step means the same however it is cut into micro-batches.
///
/// Objectives over pictures are built by `PictureObjectives`: they read `pixel_values`, as a backbone does, and `pixels`, the same in [0, 1]; where they change or
/// draw pictures, `Normalizing` makes them into what a backbone reads. A GAN is two of them in two turns, which find each other's networks by name.
@NullMarked
package dev.cultivar.objective;

import org.jspecify.annotations.NullMarked;
