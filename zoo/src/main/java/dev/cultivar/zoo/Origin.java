package dev.cultivar.zoo;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.Said;
import dev.cultivar.format.Sha256;
import dev.cultivar.format.ShardIndex;
import dev.cultivar.hub.HubName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a model's name meant when it was resolved: names and branches move on, hashes do not.
///
/// @param model  as the user wrote it
/// @param commit of the hub's repository; empty where the model is not of a hub
/// @param sha256 of the weights' bytes: `model.safetensors`, or its shards one after the other
public record Origin(String model, Optional<String> commit, String sha256) {

    /// Looks at the model, which is fetched first where need be.
    public static Origin of(String model) {
        Path folder = Models.find(model);
        Optional<String> commit = model.startsWith(HubName.SCHEME) ? Optional.of(folder.getFileName().toString()) : Optional.empty();
        try {
            return new Origin(model, commit, Sha256.of(weights(folder)));
        } catch (IOException failure) {
            throw new CheckpointException(folder + ": the weights cannot be read: " + Said.reason(failure), failure);
        }
    }

    private static List<Path> weights(Path folder) {
        Path index = folder.resolve(ShardIndex.NAME);
        if (Files.exists(folder.resolve("model.safetensors")) || !Files.exists(index)) {
            return List.of(folder.resolve("model.safetensors"));
        }
        List<Path> shards = new ArrayList<>();
        ShardIndex.read(index).shards().forEach(shard -> shards.add(folder.resolve(shard)));
        return shards;
    }

    /// For a run's provenance.
    public SequencedMap<String, Object> facts() {
        SequencedMap<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model);
        commit.ifPresent(id -> facts.put("commit", id));
        facts.put("sha256", sha256);
        return facts;
    }
}
