package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.recipe.RecipeException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
    private final Captured seen = new Captured();

    @Test
    void aRecipesMistakesAreBadUsage() {
        var problem = new RecipeException(List.of("a.yaml:3: x is not a key", "a.yaml:9: y is missing"));
        assertThat(tell(problem, false)).isEqualTo(Exit.USAGE);
        assertThat(seen.errLines()).containsExactly("a.yaml:3: x is not a key", "a.yaml:9: y is missing");
    }

    @Test
    void dataAndCheckpointsFail() {
        assertThat(tell(new DataException("t.csv:4: empty"), false)).isEqualTo(Exit.FAILED);
        assertThat(tell(new CheckpointException("runs/x: torn"), false)).isEqualTo(Exit.FAILED);
        assertThat(seen.errLines()).containsExactly("t.csv:4: empty", "runs/x: torn");
    }

    @Test
    void aMissingFileIsNamedAlsoWhenWrapped() {
        tell(new UncheckedIOException(new NoSuchFileException("gone.csv")), false);
        assertThat(seen.errLines()).containsExactly("gone.csv: there is no such file or folder.");
    }

    @Test
    void theUnexpectedIsOneLineAndAHint() {
        assertThat(tell(new IllegalStateException("broken\nat native frame 1"), false)).isEqualTo(Exit.FAILED);
        assertThat(seen.errLines()).containsExactly(
                "Unexpected IllegalStateException: broken", "Run it again with --stacktrace to see where this came from.");
    }

    @Test
    void aStackTraceComesWhenAskedFor() {
        tell(new IllegalStateException("broken"), true);
        assertThat(seen.err()).contains("at dev.cultivar.cli.FailureTest");
    }

    private Exit tell(Throwable problem, boolean stacktrace) {
        return Failure.tell(problem, seen.console(false), stacktrace);
    }
}
