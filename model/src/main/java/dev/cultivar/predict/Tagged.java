package dev.cultivar.predict;

import java.util.List;

/// A text with the tags of its words and the entities that they spell out.
///
/// @param text     that characters are counted in; of words that were given as a list, these with a space between two
/// @param words    with their tags
/// @param entities in their order
public record Tagged(String text, List<Word> words, List<Entity> entities) {
    public Tagged {
        words = List.copyOf(words);
        entities = List.copyOf(entities);
    }

    /// A word with its tag.
    ///
    /// @param start its first character
    /// @param end   the character after its last
    /// @param tag   `O`, `B-TYPE` or `I-TYPE`
    /// @param score the tag's probability; 0 for a word that the tokenizer has no piece of, which is `O`
    public record Word(String text, int start, int end, String tag, double score) {}

    /// A stretch of words of one type.
    ///
    /// @param type      as the tags have it
    /// @param text      as it stands in the text
    /// @param start     its first character
    /// @param end       the character after its last
    /// @param firstWord of it, from 0
    /// @param lastWord  of it, which counts
    /// @param score     the mean probability of its words' tags
    public record Entity(String type, String text, int start, int end, int firstWord, int lastWord, double score) {}
}
