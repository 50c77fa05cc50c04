package dev.cultivar.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// Cultivar's version, as its jar states it.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"cultivar " + current() + " on JDK " + Runtime.version()};
    }

    static String current() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("(not packaged)");
    }
}
