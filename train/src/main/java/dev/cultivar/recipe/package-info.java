/// What a recipe file can say, as sealed records; reading them strictly from YAML, and writing them back.
///
/// Start with [Recipe][dev.cultivar.recipe.Recipe]: each of its components is a record or a sealed family of records in a
/// file of its own. Nothing here knows libtorch, so a recipe is read, checked and printed at once.
@NullMarked
package dev.cultivar.recipe;

import org.jspecify.annotations.NullMarked;
