package dev.cultivar.cli;

import dev.cultivar.zoo.Models;
import java.nio.file.Path;
import java.util.Map;

/// Fetches a model.
record ModelsGetWork(String name) implements Work {

    @Override
    public Exit run(Console console) {
        return fetch(console, System.getenv());
    }

    Exit fetch(Console console, Map<String, String> environment) {
        Path folder = Models.with(environment, new Transfer(console)).newest(name);
        console.document(Map.of("name", name, "folder", folder.toString()));
        console.line(folder.toString());
        return Exit.DONE;
    }
}
