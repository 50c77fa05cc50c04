package dev.cultivar.precompute;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A process of its own that fills a store: what a test kills, starves of room, or lets work beside another.
final class StoreChild {
    static final int BYTES = 4000;

    private StoreChild() {}

    /// Starts `FOLDER FIRST COUNT` under a shell's limits, for example `ulimit -f 64;`, or none.
    static Process start(String limits, Path folder, int first, int count) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", limits + " exec \"$@\"", "bash"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StoreChild.class.getName()));
        command.addAll(List.of(folder.toString(), String.valueOf(first), String.valueOf(count)));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    public static void main(String[] arguments) {
        int first = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        try (var store = FrozenStore.open(Path.of(arguments[0]), Long.MAX_VALUE, text -> System.out.println("said " + text))) {
            for (int i = first; i < first + count; i++) {
                store.add(List.of(entry(i)));
                System.out.println("added " + i);
                if (System.out.checkError()) {
                    System.exit(1); // nobody listens any more
                }
            }
        }
        System.out.println("done");
    }

    static Key key(int number) {
        return Key.digest().add(number).key();
    }

    static byte[] values(int number) {
        byte[] values = new byte[BYTES + number % 7];
        new Random(number).nextBytes(values);
        return values;
    }

    static FrozenStore.Entry entry(int number) {
        return new FrozenStore.Entry(key(number), MemorySegment.ofArray(values(number)));
    }

    /// Whether the store has the entry; it must then be right.
    static boolean has(FrozenStore store, int number) {
        byte[] expected = values(number);
        byte[] found = new byte[expected.length];
        boolean there = store.read(key(number), MemorySegment.ofArray(found));
        if (there && !Arrays.equals(found, expected)) {
            throw new AssertionError("entry " + number + " has other values");
        }
        return there;
    }
}
