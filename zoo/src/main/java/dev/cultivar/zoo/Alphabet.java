package dev.cultivar.zoo;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Which characters are drawn, in the order of their labels.
///
/// Alone in a picture, `O` and `o` differ in their size only, `0` and `O` hardly, so letters are harder than digits for people too.
public enum Alphabet {
    DIGITS(range('0', '9')),
    LETTERS(Stream.concat(range('A', 'Z').stream(), range('a', 'z').stream()).toList()),
    CHARACTERS(Stream.concat(DIGITS.labels.stream(), LETTERS.labels.stream()).toList());

    private final List<String> labels;

    Alphabet(List<String> labels) {
        this.labels = labels;
    }

    /// What each label is called: the character itself.
    public List<String> labels() {
        return labels;
    }

    private static List<String> range(char first, char last) {
        return IntStream.rangeClosed(first, last).mapToObj(Character::toString).toList();
    }
}
