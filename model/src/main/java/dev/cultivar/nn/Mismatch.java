package dev.cultivar.nn;

import dev.cultivar.format.Said;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Guesses why a checkpoint's tensors are not those that a model asks for.
///
/// @param missing    names that the model asks for and the checkpoint lacks
/// @param unexpected names that the checkpoint has and nobody asks for
/// @param misshaped  tensors of another shape
/// @param fitting    how many tensors fit
/// @param names      of the head over labels
record Mismatch(List<String> missing, List<String> unexpected, List<Misshaped> misshaped, int fitting, HeadNames names) {
    private static final Pattern TABLE = Pattern.compile(".*(word_embeddings|embed_tokens|embed_in|embed_out|tok_embeddings|wte|shared|lm_head)\\.(weight|bias)"
            + "|.*(decoder|lm_head|generator_lm_head|predictions)\\.(weight|bias)");
    private static final Pattern HEAD = Pattern.compile("(?:[a-z]+\\.)?(cls|classifier|pre_classifier|qa_outputs|lm_head|score|head|pooler|decoder"
            + "|vocab_transform|vocab_projector|vocab_layer_norm|discriminator_predictions|generator_predictions|classification_head|final_logits_bias)\\b.*");
    private static final Pattern LAYER = Pattern.compile("(?:.*\\.)?(?:layer|layers|h|block)\\.(\\d+)\\..*");

    /// A tensor that is there in another shape than the model asks for.
    record Misshaped(String name, long[] stored, long[] expected) {
        private boolean otherRows() {
            return stored.length == expected.length
                    && stored.length > 0
                    && stored[0] != expected[0]
                    && Arrays.equals(Arrays.copyOfRange(stored, 1, stored.length), Arrays.copyOfRange(expected, 1, expected.length));
        }
    }

    /// A sentence, with what to do.
    String reason() {
        List<Misshaped> tables = misshaped.stream().filter(each -> TABLE.matcher(each.name()).matches() && each.otherRows()).toList();
        if (!tables.isEmpty() && tables.size() == misshaped.size()) {
            Misshaped table = tables.getFirst();
            return "The vocabulary was resized: the table has " + table.stored()[0] + " rows and config.json says " + table.expected()[0]
                    + ". Set vocab_size there to " + table.stored()[0] + " if the tokenizer is of that size too, or take the model's own files.";
        }
        if (!missing.isEmpty() && !unexpected.isEmpty() && fitting == 0) {
            return "Another architecture wrote them, as its names tell: the file's begin as " + start(unexpected) + ", config.json asks for "
                    + start(missing) + ". Take both from one model.";
        }
        OptionalInt stored = layers(unexpected);
        OptionalInt asked = layers(missing);
        if (misshaped.isEmpty() && asked.isPresent() && unexpected.isEmpty() && allLayers(missing)) {
            return "config.json says more layers than the file has: layers up to " + asked.getAsInt() + " are asked for. Correct its number of layers.";
        }
        if (misshaped.isEmpty() && stored.isPresent() && missing.isEmpty() && allLayers(unexpected)) {
            return "The file has more layers than config.json says: up to layer " + stored.getAsInt() + ". Correct its number of layers.";
        }
        if (misshaped.isEmpty() && Stream.concat(missing.stream(), unexpected.stream()).allMatch(this::isHead)) {
            return "The backbone fits, but the head is another task's. Open it as the task that it was trained for, or train a new head.";
        }
        if (missing.isEmpty() && unexpected.isEmpty()) {
            return "config.json is of a model of another size: config.json and the weights do not belong together.";
        }
        return "The weights do not fit config.json, or another kind of model wrote them.";
    }

    /// Where heads over labels have a number among the layers (`classifier.6`), it tells them apart.
    private boolean isHead(String name) {
        return names.isNumbered() ? names.owns(name) : HEAD.matcher(name).matches();
    }

    private static boolean allLayers(Collection<String> names) {
        return names.stream().allMatch(name -> LAYER.matcher(name).matches());
    }

    private static OptionalInt layers(Collection<String> names) {
        return names.stream()
                .map(LAYER::matcher)
                .filter(Matcher::matches)
                .mapToInt(match -> match.group(1).length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(match.group(1)))
                .max();
    }

    private static String start(List<String> names) {
        return Said.name(names.getFirst());
    }
}
