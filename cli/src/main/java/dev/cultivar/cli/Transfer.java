package dev.cultivar.cli;

import dev.cultivar.hub.Hub;
import dev.cultivar.zoo.Models;
import java.nio.file.Path;
import java.time.Duration;

/// Shows how far the transfer of a large file is; small ones are there before anybody has read of them.
final class Transfer implements Hub.Listener {
    private static final long SMALL_BYTES = 4_000_000;
    private static final double MEGABYTE = 1e6;

    private final Console console;
    private String file = "";
    private long began;
    private long had;

    Transfer(Console console) {
        this.console = console;
    }

    /// Where a model lies, fetched first where need be.
    static Path find(String model, Console console) {
        return Models.with(System.getenv(), new Transfer(console)).folder(model);
    }

    @Override
    public void came(String name, long bytes, long of) {
        if (of < SMALL_BYTES) {
            return;
        }
        long now = System.nanoTime();
        if (!name.equals(file)) {
            file = name;
            began = now;
            had = bytes;
        }
        double seconds = Math.max(1e-3, (now - began) / 1e9);
        double perSecond = (bytes - had) / seconds;
        var left = Duration.ofSeconds(perSecond < 1 ? 0 : (long) ((of - bytes) / perSecond));
        console.progress(new Progress(name, Math.round(bytes / MEGABYTE), Math.round(of / MEGABYTE), perSecond / MEGABYTE, "MB", Double.NaN, left));
    }
}
