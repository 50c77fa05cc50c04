package dev.cultivar.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Where `./cultivar` enters: finds the verb, runs it, and answers with an exit code.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its code.
    public static void main(String[] words) {
        System.exit(run(words, Console.ofProcess()).code());
    }

    static Exit run(String[] words, Console console) {
        var root = new Root();
        var line = new CommandLine(root)
                .setExpandAtFiles(false) // a text to predict may begin with @
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        ParseResult parsed;
        try {
            parsed = line.parseArgs(words);
        } catch (ParameterException mistake) {
            return misused(mistake, console);
        }
        // Help that was asked for is a result and goes to standard output; usage that answers a mistake does not.
        if (CommandLine.executeHelpRequest(parsed) != null) {
            return Exit.DONE;
        }
        CommandLine chosen = parsed.asCommandLineList().getLast();
        if (!(chosen.getCommandSpec().userObject() instanceof Verb verb)) {
            chosen.usage(console.err());
            return Exit.USAGE;
        }
        Console answering = root.json() ? console.forJson() : console;
        try {
            return verb.work().run(answering);
        } catch (Throwable problem) { // also Errors: natives that do not load, memory that does not suffice
            return Failure.tell(problem, answering, root.stacktrace());
        } finally {
            answering.endProgress();
        }
    }

    private static Exit misused(ParameterException mistake, Console console) {
        PrintStream err = console.err();
        CommandLine where = mistake.getCommandLine();
        err.println(mistake.getMessage());
        List<String> near = mistake instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!near.isEmpty()) {
            err.println("Did you mean " + near.getFirst() + "?");
        }
        String name = where.getCommandSpec().qualifiedName();
        err.println("Usage: " + firstLine(where.getHelp().synopsis(0)) + "; `" + name + " --help` says more.");
        return Exit.USAGE;
    }

    private static String firstLine(String synopsis) {
        return String.join(" ", Arrays.stream(synopsis.strip().split("\\R")).map(String::strip).toList());
    }
}
