/// What a recipe file can say, as sealed records; reading them strictly from YAML, and writing them back.
///
/// Start with [Recipe][dev.cultivar.recipe.Recipe]: each of its components is a record or a sealed family of records in a
/// file of its own. Nothing here knows libtorch, so a recipe is read, checked and printed at once.
///
/// How a file becomes a recipe, in the order to read it:
///
/// 1. `YamlParser` makes a tree of values (`Yaml`), each with its `Place`, and refuses what no recipe needs.
/// 2. `Overrides` puts `key=value` into the tree, so that an override is read as strictly as the file.
/// 3. [RecipeReader][dev.cultivar.recipe.RecipeReader] and, for each family, one reader (`BackboneReader`, `DataReader`,
///    `TurnReader`, `OptimizerReader`, `StrategyReader`, `RunReader`) ask for their keys through two cursors: `Node`, a value,
///    and `Keys`, the keys of a map. The cursors note mistakes in a `Reading` and go on.
/// 4. `Agreement` holds the parts against each other.
///
/// The same readers, asked what they would read, give the list of all keys; a test holds `recipes/README.md` against it.
/// [RecipeWriter][dev.cultivar.recipe.RecipeWriter] goes the other way, from records to a tree to text.
@NullMarked
package dev.cultivar.recipe;

import org.jspecify.annotations.NullMarked;
