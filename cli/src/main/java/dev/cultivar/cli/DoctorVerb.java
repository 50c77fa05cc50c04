package dev.cultivar.cli;

import picocli.CommandLine.Command;

/// The options of `doctor`.
@Command(name = "doctor", description = "Shows what this machine offers: Java, libtorch, vectors, threads, memory, and its measured speed.", sortOptions = false)
final class DoctorVerb implements Verb {
    @Override
    public Work work() {
        return new DoctorWork();
    }
}
