package dev.cultivar.recipe;

/// A key that recipes may have, as the table in `recipes/README.md` shows it.
///
/// @param path      dotted; an item of a list is `*`
/// @param kind      the kind that has this key, empty where it does not depend on one
/// @param type      what its value is
/// @param otherwise what holds where the recipe is silent, `required` where it may not be
/// @param bounds    which values are allowed, empty for all of the type
record KnownKey(String path, String kind, String type, String otherwise, String bounds) {}
