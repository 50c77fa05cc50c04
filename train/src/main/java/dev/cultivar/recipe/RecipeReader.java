package dev.cultivar.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Reads a recipe from YAML and refuses whatever it does not understand, all of it at once.
///
/// Unknown, missing, mistyped and out-of-range values are each told with file and line, or with the override that they are
/// in. What a recipe leaves out has the default that the table in `recipes/README.md` shows, which a test holds against this
/// reader.
public final class RecipeReader {
    static final String NAME_DESCRIBED = "letters, digits, -, _ and .; at most 100";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
    private static final long SEED = 17;
    private static final String BUILT_IN =
            "the backbone's where that is pretrained, none where the data are images or custom, else required";

    private RecipeReader() {}

    /// Reads a file.
    ///
    /// @param overrides `key=value`: a dotted path, and YAML that replaces the whole node there
    /// @throws RecipeException with every mistake in the file and the overrides
    public static Recipe read(Path file, List<String> overrides) {
        return read(textOf(file), file.toString(), overrides);
    }

    /// Reads a text.
    ///
    /// @param nameForMessages what the text is called in messages, as a file's name; its stem is the default for the
    ///                        recipe's name
    /// @param overrides       `key=value`: a dotted path, and YAML that replaces the whole node there
    /// @throws RecipeException with every mistake in the text and the overrides
    public static Recipe read(String yaml, String nameForMessages, List<String> overrides) {
        Reading reading = Reading.ofRecipe();
        Place source = Place.file(nameForMessages);
        Yaml said = YamlParser.parse(yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml, source, reading);
        if (said instanceof Yaml.Scalar nothing && nothing.isNothing()) {
            reading.mistake(source, "",
                    "is empty; a recipe has at least backbone, data, objective, optimizer, horizon and batching");
        } else if (!(said instanceof Yaml.Mapping) && !(said instanceof Yaml.Absent)) {
            reading.mistake(said.place(), "", "a recipe is a map of keys, got " + said.described());
        }
        if (!(said instanceof Yaml.Mapping mapping)) {
            throw reading.exception();
        }
        // What is missing at the top is missing in the file, not in the line of its first key.
        Yaml tree = Overrides.apply(new Yaml.Mapping(mapping.entries(), source), overrides, reading);
        Node root = new Node(tree, "", "", reading);
        Recipe recipe = root.map(keys -> recipe(keys, stem(nameForMessages)));
        Agreement.check(recipe, root);
        if (reading.mistakes() > 0) {
            throw reading.exception();
        }
        return recipe;
    }

    /// Checks a recipe that was made in Java as strictly as one that was read.
    ///
    /// @return the recipe
    /// @throws RecipeException with every mistake; the lines are those of [RecipeWriter#write]
    public static Recipe checked(Recipe recipe) {
        return read(RecipeWriter.write(recipe), "resolved recipe", List.of());
    }

    /// Every key that there is, found by the code that reads them.
    static List<KnownKey> keys() {
        Reading survey = Reading.ofAllKeys();
        new Node(new Yaml.Absent(Place.file("")), "", "", survey).map(keys -> recipe(keys, "the file's stem"));
        return survey.keys();
    }

    private static Recipe recipe(Keys keys, String stem) {
        String name = keys.have("name", "text", NAME_DESCRIBED, stem, "the file's name", RecipeReader::name);
        long seed = keys.whole("seed", SEED, Range.ANY_LONG);
        BackboneRecipe backbone = keys.need("backbone", "map", "", "", BackboneReader::backbone);
        DataRecipe data = keys.need("data", "map", "", "; it says what to learn from, as data.train.file=FILE", DataReader::data);
        TokenizerRecipe tokenizer = tokenizer(keys, backbone, data);
        return new Recipe(
                name,
                seed,
                backbone,
                tokenizer,
                data,
                TurnReader.turns(keys),
                keys.have("strategy", "map", "{}", StrategyReader::strategy),
                keys.need("horizon", "map", "", "", RunReader::horizon),
                keys.need("batching", "map", "", "", RunReader::batching),
                keys.have("evaluate", "map", "{}", node -> RunReader.evaluate(node, data)),
                keys.have("stopping", "map or none", "none", RunReader::stopping),
                keys.have("checkpoint", "map", "{}", RunReader::checkpoint),
                keys.have("average", "map or none", "none", RunReader::average),
                keys.have("device", "map", "{}", RunReader::device),
                keys.have("precompute", "map", "{}", RunReader::precompute),
                keys.have("audit", "map", "{}", RunReader::audit),
                keys.have("report", "map", "{}", RunReader::report),
                keys.choice("resume", Recipe.Resume.EXACT, Recipe.Resume.values()));
    }

    private static TokenizerRecipe tokenizer(Keys keys, BackboneRecipe backbone, DataRecipe data) {
        Reading reading = keys.node().reading();
        String otherwise = data instanceof DataRecipe.Custom || data instanceof DataRecipe.Images ? "none"
                : backbone instanceof BackboneRecipe.Pretrained ? "backbone"
                : "";
        boolean needed = otherwise.isEmpty() && keys.has("backbone") && keys.has("data") && reading.sound("backbone", "data");
        if (needed && !keys.has("tokenizer")) {
            String hint = "; a new backbone needs one of kind wordpiece, bpe, chars, words or file";
            return keys.need("tokenizer", "map", "", hint, BackboneReader::tokenizer);
        }
        return keys.have("tokenizer", "map", otherwise.isEmpty() ? "none" : otherwise, BUILT_IN, BackboneReader::tokenizer);
    }

    /// A name that a folder and a series of figures can have.
    static String name(Node node) {
        String name = node.text();
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            node.fail("must be " + NAME_DESCRIBED + ", got " + node.yaml().described());
        }
        return name;
    }

    private static String stem(String file) {
        String last = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        String stem = last.replaceFirst("\\.ya?ml$", "").replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[-.]+", "");
        return stem.isEmpty() ? "recipe" : stem.substring(0, Math.min(100, stem.length()));
    }

    private static String textOf(Path file) {
        if (Files.isDirectory(file)) {
            throw new RecipeException(file + ": is a folder; a recipe is a YAML file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            // One byte more than the longest recipe has, so that a longer one is known without reading all of it.
            byte[] bytes = in.readNBytes(YamlParser.LONGEST + 1);
            if (bytes.length > YamlParser.LONGEST) {
                throw new RecipeException(file + ": has more than " + YamlParser.LONGEST + " bytes; is it a recipe?");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException absent) {
            throw new RecipeException(file + ": there is no such recipe");
        } catch (CharacterCodingException notText) {
            throw new RecipeException(file + ": is not text in UTF-8");
        } catch (IOException unreadable) {
            throw new RecipeException(file + ": cannot be read: " + unreadable.getMessage());
        }
    }
}
