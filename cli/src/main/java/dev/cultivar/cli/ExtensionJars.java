package dev.cultivar.cli;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.run.Extensions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/// Extensions that come in jars: the command line has no other way to be given code, so this is the one place that looks
/// classes up by name. A jar names its [Extensions.Provider] in `META-INF/services`.
///
/// @param extensions what the jars provide
/// @param hashes     SHA-256 by file name, for provenance
/// @param loader     that holds the jars open
record ExtensionJars(Extensions extensions, Map<String, String> hashes, URLClassLoader loader) implements AutoCloseable {

    static ExtensionJars open(List<Path> jars) {
        Map<String, String> hashes = new LinkedHashMap<>();
        URL[] places = new URL[jars.size()];
        try {
            for (int i = 0; i < places.length; i++) {
                Path jar = jars.get(i);
                if (!Files.isRegularFile(jar)) {
                    throw new RecipeException("--extensions " + jar + ": no such file; expected a jar");
                }
                hashes.put(jar.getFileName().toString(), sha256(jar));
                places[i] = jar.toUri().toURL();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var loader = new URLClassLoader("cultivar-extensions", places, ExtensionJars.class.getClassLoader());
        Extensions found = Extensions.NONE;
        int providers = 0;
        try {
            for (Extensions.Provider provider : ServiceLoader.load(Extensions.Provider.class, loader)) {
                found = found.and(provider.extensions());
                providers++;
            }
        } catch (ServiceConfigurationError wrong) {
            throw new RecipeException("--extensions: " + wrong.getMessage() + "; META-INF/services/" + Extensions.Provider.class.getName()
                    + " must name a public class with a public constructor without parameters");
        }
        if (!jars.isEmpty() && providers == 0) {
            throw new RecipeException("--extensions " + jars + ": no extension in it; META-INF/services/" + Extensions.Provider.class.getName()
                    + " must name its provider");
        }
        return new ExtensionJars(found, hashes, loader);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
