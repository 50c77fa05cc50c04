package dev.cultivar.text;

import dev.cultivar.format.CheckpointException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pieces and their ids, read from a parsed `tokenizer.json`.
final class Vocabulary {
    private static final List<String> MODELS = List.of("WordPiece", "BPE", "WordLevel", "Unigram");

    /// More than any vocabulary has; keeps a damaged id from asking for gigabytes.
    private static final int LARGEST_ID = 1 << 24;

    private final String name;
    private final Map<String, Integer> ids = new HashMap<>();
    private final @Nullable String[] pieces;

    private Vocabulary(String name, ObjectNode root) {
        this.name = name;
        var model = root.path("model");
        if (!model.isObject()) {
            throw new CheckpointException(name + ": expected an object under 'model', but got " + TokenizerFile.kind(model)
                    + ". This is not a tokenizer.json of the tokenizers library.");
        }
        var type = model.path("type").asString("");
        if (model.has("type") && !MODELS.contains(type)) {
            throw new CheckpointException(
                    name + ": model.type is '" + type + "', which is not a known model; known are " + String.join(", ", MODELS) + ".");
        }
        readModel(model);
        var unk = model.path("unk_token").asString("");
        if (type.equals("WordPiece") && !ids.containsKey(unk)) {
            throw new CheckpointException(name + ": model.unk_token is '" + unk + "', which is not among the " + ids.size()
                    + " pieces of model.vocab; a text with an unknown word could not be encoded.");
        }
        readAdded(root.path("added_tokens"));
        pieces = new String[ids.values().stream().mapToInt(id -> id + 1).max().orElse(0)];
        ids.forEach(this::place);
    }

    static Vocabulary of(TokenizerFile file) {
        return new Vocabulary(file.name(), file.root());
    }

    private void readModel(JsonNode model) {
        var vocabulary = model.path("vocab");
        if (vocabulary.isArray()) { // Unigram: [piece, score], the place is the id
            for (int id = 0; id < vocabulary.size(); id++) {
                var piece = vocabulary.path(id).path(0);
                if (!piece.isString()) {
                    throw new CheckpointException(
                            name + ": expected [piece, score] as entry " + id + " of model.vocab, but got " + vocabulary.path(id) + ".");
                }
                ids.putIfAbsent(piece.asString(), id);
            }
            return;
        }
        if (!vocabulary.isObject()) {
            throw new CheckpointException(name + ": expected pieces and ids under model.vocab, but got "
                    + TokenizerFile.kind(vocabulary) + ".");
        }
        vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), id(entry.getKey(), entry.getValue())));
    }

    private void readAdded(JsonNode added) {
        for (var token : added) {
            var content = token.path("content");
            if (!content.isString()) {
                throw new CheckpointException(name + ": an entry of added_tokens has no 'content': " + token + ".");
            }
            int id = id(content.asString(), token.path("id"));
            var other = ids.putIfAbsent(content.asString(), id);
            if (other != null && other != id) {
                throw new CheckpointException(name + ": '" + content.asString() + "' has id " + other + " in model.vocab, but " + id
                        + " in added_tokens.");
            }
        }
    }

    private int id(String piece, JsonNode node) {
        if (!node.isInt() || node.asInt() < 0 || node.asInt() >= LARGEST_ID) {
            throw new CheckpointException(name + ": expected an id from 0 to " + (LARGEST_ID - 1) + " for the piece '" + piece
                    + "', but got " + (node.isMissingNode() ? "nothing" : node) + ".");
        }
        return node.asInt();
    }

    private void place(String piece, int id) {
        var other = pieces[id];
        if (other != null) {
            throw new CheckpointException(name + ": the pieces '" + other + "' and '" + piece + "' have the same id " + id + ".");
        }
        pieces[id] = piece;
    }

    int size() {
        return pieces.length;
    }

    OptionalInt parting(Vocabulary other) {
        return IntStream.range(0, Math.min(pieces.length, other.pieces.length))
                .filter(id -> pieces[id] != null && other.pieces[id] != null && !Objects.equals(pieces[id], other.pieces[id]))
                .findFirst();
    }

    OptionalInt id(String piece) {
        var id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    String piece(int id) {
        var piece = id < 0 || id >= pieces.length ? null : pieces[id];
        if (piece == null) {
            throw new IllegalArgumentException(name + ": no piece has id " + id + "; ids go from 0 to " + (pieces.length - 1) + ".");
        }
        return piece;
    }

    /// The special pieces, named in the tokenizer's configuration, else in the `tokenizer.json`, else by what they are
    /// always called.
    Special special(TokenizerFile file) {
        var root = file.root();
        var unk = root.path("model").path("unk_token").asString("");
        var pad = root.path("padding").path("pad_token").asString("");
        var cls = root.path("post_processor").path("cls").path(0).asString("");
        var sep = root.path("post_processor").path("sep").path(0).asString("");
        var config = file.config();
        return new Special(
                first(configured(config, "pad_token"), pad, WordPieceJson.PAD, "<pad>"),
                first(configured(config, "unk_token"), unk, WordPieceJson.UNK, "<unk>"),
                first(configured(config, "cls_token"), cls, WordPieceJson.CLS),
                first(configured(config, "sep_token"), sep, WordPieceJson.SEP),
                first(configured(config, "mask_token"), WordPieceJson.MASK, "<mask>"),
                first(configured(config, "bos_token"), "<s>", BytePairTrainer.END_OF_TEXT),
                first(configured(config, "eos_token"), "</s>", BytePairTrainer.END_OF_TEXT));
    }

    private static String configured(ObjectNode config, String role) {
        var token = config.path(role);
        return token.path("content").asString(token.asString(""));
    }

    private OptionalInt first(String... candidates) {
        for (var candidate : candidates) {
            if (!candidate.isEmpty() && ids.containsKey(candidate)) {
                return id(candidate);
            }
        }
        return OptionalInt.empty();
    }
}
