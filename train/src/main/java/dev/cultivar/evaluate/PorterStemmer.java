package dev.cultivar.evaluate;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Cuts English words to stems (Porter, 1980, "An algorithm for suffix stripping"), with the departures that ROUGE's usual implementation has.
final class PorterStemmer {
    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("skies", "sky"), Map.entry("sky", "sky"), Map.entry("dying", "die"), Map.entry("lying", "lie"),
            Map.entry("tying", "tie"), Map.entry("news", "news"), Map.entry("innings", "inning"), Map.entry("inning", "inning"),
            Map.entry("outings", "outing"), Map.entry("outing", "outing"), Map.entry("cannings", "canning"), Map.entry("canning", "canning"),
            Map.entry("howe", "howe"), Map.entry("proceed", "proceed"), Map.entry("exceed", "exceed"), Map.entry("succeed", "succeed"));

    private static final List<String> SECOND = List.of(
            "ational", "ate", "tional", "tion", "enci", "ence", "anci", "ance", "izer", "ize", "bli", "ble", "alli", "al", "entli", "ent",
            "eli", "e", "ousli", "ous", "ization", "ize", "ation", "ate", "ator", "ate", "alism", "al", "iveness", "ive", "fulness", "ful",
            "ousness", "ous", "aliti", "al", "iviti", "ive", "biliti", "ble", "fulli", "ful");
    private static final List<String> THIRD = List.of(
            "icate", "ic", "ative", "", "alize", "al", "iciti", "ic", "ical", "ic", "ful", "", "ness", "");
    private static final List<String> FOURTH = List.of(
            "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize");

    private PorterStemmer() {}

    /// The stem of a word in lower case.
    static String stem(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null || word.length() <= 2) {
            return irregular != null ? irregular : word;
        }
        return last(fourth(replaced(second(yToI(pastAndGoing(plural(word)))), THIRD)));
    }

    private static String plural(String word) {
        if (word.endsWith("ies")) {
            return word.substring(0, word.length() - (word.length() == 4 ? 1 : 2));
        }
        return word.endsWith("sses") ? cut(word, 2) : word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
    }

    private static String pastAndGoing(String word) {
        if (word.endsWith("ied")) {
            return cut(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("eed")) {
            return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        }
        String stem = word.endsWith("ed") ? cut(word, 2) : word.endsWith("ing") ? cut(word, 3) : "";
        if (!hasVowel(stem)) {
            return word;
        }
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        char end = stem.charAt(stem.length() - 1);
        if (stem.length() > 1 && stem.charAt(stem.length() - 2) == end && consonant(stem, stem.length() - 1)) {
            return end == 'l' || end == 's' || end == 'z' ? stem : cut(stem, 1);
        }
        return measure(stem) == 1 && endsShort(stem) ? stem + "e" : stem;
    }

    private static String yToI(String word) {
        return word.endsWith("y") && word.length() > 2 && consonant(word, word.length() - 2) ? cut(word, 1) + "i" : word;
    }

    private static String second(String word) {
        if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
            return second(cut(word, 2));
        }
        if (word.endsWith("logi")) {
            return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        }
        return replaced(word, SECOND);
    }

    /// Suffixes and what stands in place of each; the first that fits decides.
    private static String replaced(String word, List<String> rules) {
        for (int i = 0; i < rules.size(); i += 2) {
            if (word.endsWith(rules.get(i))) {
                String stem = cut(word, rules.get(i).length());
                return measure(stem) > 0 ? stem + rules.get(i + 1) : word;
            }
        }
        return word;
    }

    private static String fourth(String word) {
        for (String suffix : FOURTH) {
            if (word.endsWith(suffix)) {
                String stem = cut(word, suffix.length());
                Predicate<String> fits = rest -> !suffix.equals("ion") || rest.endsWith("s") || rest.endsWith("t");
                return measure(stem) > 1 && fits.test(stem) ? stem : word;
            }
        }
        return word;
    }

    private static String last(String word) {
        String shorter = word;
        if (word.endsWith("e")) {
            String stem = cut(word, 1);
            shorter = measure(stem) > 1 || measure(stem) == 1 && !endsShort(stem) ? stem : word;
        }
        return shorter.endsWith("ll") && measure(cut(shorter, 1)) > 1 ? cut(shorter, 1) : shorter;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    /// A y is a consonant where the letter before it is none.
    private static boolean consonant(String word, int at) {
        boolean consonant = true;
        for (int i = 0; i <= at; i++) {
            char letter = word.charAt(i);
            consonant = letter == 'y' ? i == 0 || !consonant : "aeiou".indexOf(letter) < 0;
        }
        return consonant;
    }

    /// How often vowels are followed by consonants.
    private static int measure(String stem) {
        int measure = 0;
        boolean before = true;
        for (int i = 0; i < stem.length(); i++) {
            char letter = stem.charAt(i);
            boolean consonant = letter == 'y' ? i == 0 || !before : "aeiou".indexOf(letter) < 0;
            measure += i > 0 && consonant && !before ? 1 : 0;
            before = consonant;
        }
        return measure;
    }

    private static boolean hasVowel(String stem) {
        for (int i = 0; i < stem.length(); i++) {
            if (!consonant(stem, i)) {
                return true;
            }
        }
        return false;
    }

    /// A consonant, a vowel and a consonant that is not w, x or y; or a vowel and a consonant that are all.
    private static boolean endsShort(String stem) {
        int end = stem.length() - 1;
        if (stem.length() == 2) {
            return !consonant(stem, 0) && consonant(stem, 1);
        }
        return stem.length() > 2
                && consonant(stem, end - 2)
                && !consonant(stem, end - 1)
                && consonant(stem, end)
                && "wxy".indexOf(stem.charAt(end)) < 0;
    }
}
