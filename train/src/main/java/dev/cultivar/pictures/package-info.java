/// Pictures on their way to a model: read from files or drawn, brought into one form once and kept as bytes in a mapped file, parted, and
/// put into batches by loader threads, changed anew in each epoch where a recipe says so.
///
/// Start with [dev.cultivar.pictures.PictureParts], which opens a recipe's pictures, and [dev.cultivar.pictures.PictureBatches].
@NullMarked
package dev.cultivar.pictures;

import org.jspecify.annotations.NullMarked;
