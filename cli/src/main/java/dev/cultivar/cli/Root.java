package dev.cultivar.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The program's name, its verbs, and the options that each verb has.
@Command(
        name = "cultivar",
        description = "Pretrains a model on unlabelled data and post-trains it for a task.",
        versionProvider = Version.class,
        sortOptions = false,
        subcommands = {
            QuickstartVerb.class,
            StudyVerb.class,
            TrainVerb.class,
            AuditVerb.class,
            EvaluateVerb.class,
            PredictVerb.class,
            SearchVerb.class,
            DecideVerb.class,
            ExportVerb.class,
            GenerateVerb.class,
            VerifyVerb.class,
            InspectVerb.class,
            TokenizerVerb.class,
            ReportVerb.class,
            RunsVerb.class,
            ModelsVerb.class,
            DoctorVerb.class
        },
        footer = {
            "",
            "RUN is a run folder (its best checkpoint, else its last), a checkpoint, a Hugging Face folder, minilm, or hf:org/name.",
            "Exit codes: 0 done, 1 failed, 2 bad usage or recipe, 130 interrupted after a checkpoint was written.",
            "CULTIVAR_JAVA_OPTS holds more options for the JVM."
        })
final class Root {
    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Print this and stop.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Print the version and stop.")
    private boolean version;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON document on standard output, and all else on standard error.")
    private boolean json;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "When something fails, print where in the program it did.")
    private boolean stacktrace;

    boolean json() {
        return json;
    }

    boolean stacktrace() {
        return stacktrace;
    }
}
