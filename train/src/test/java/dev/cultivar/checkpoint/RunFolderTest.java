package dev.cultivar.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.CheckpointFolder.Check;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path temporary;

    private Path root() {
        return temporary.resolve("runs/x");
    }

    private static CheckpointFolder publish(RunFolder run, long step) {
        return run.publish(step, folder -> {
            var out = new StateWriter();
            out.whole("step", step);
            out.write(folder);
            Files.createDirectory(folder.resolve("tokenizer"));
            Files.writeString(folder.resolve("tokenizer/tokenizer.json"), "{\"step\": " + step + "}");
        });
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatIsPublishedOpens() throws IOException {
        try (var run = RunFolder.create(root())) {
            assertThat(run.files().last()).isEmpty();
            CheckpointFolder published = publish(run, 120);
            CheckpointFolder opened = CheckpointFolder.open(run.files().last().orElseThrow());
            assertThat(opened).isEqualTo(published);
            assertThat(opened.step()).isEqualTo(120);
            assertThat(opened.files().keySet()).containsExactly("progress.json", "state.safetensors", "tokenizer/tokenizer.json");
            assertThat(opened.file("tokenizer/tokenizer.json")).hasContent("{\"step\": 120}");
            try (StateReader in = opened.state()) {
                assertThat(in.whole("step")).isEqualTo(120);
            }
            assertThatThrownBy(() -> opened.file("model.safetensors"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("has no file 'model.safetensors'; it has 'progress.json'");
            assertThatThrownBy(() -> publish(run, 120)).isInstanceOf(IllegalStateException.class);
            assertThat(names(run.files().checkpointsFolder())).containsExactly("last", "step-000120");
            assertThat(Files.readSymbolicLink(run.files().checkpointsFolder().resolve("last"))).isEqualTo(Path.of("step-000120"));
        }
    }

    @Test
    void theNewestTheBestAndTheLastAreKept() throws IOException {
        try (var run = RunFolder.create(root())) {
            for (long step = 1; step <= 6; step++) {
                publish(run, step * 300_000);
                if (step == 2) {
                    run.markBest(step * 300_000);
                }
            }
            run.retain(2);
            assertThat(run.files().checkpoints().keySet()).containsExactly(600_000L, 1_500_000L, 1_800_000L);
            assertThat(names(run.files().checkpointsFolder()))
                    .containsExactly("best", "last", "step-1500000", "step-1800000", "step-600000");
            CheckpointFolder best = CheckpointFolder.open(run.files().checkpointsFolder().resolve("best"));
            assertThat(best.step()).isEqualTo(600_000);
            assertThat(run.files().bestOrLast()).hasValue(run.files().checkpoint(600_000));
            run.markBest(1_800_000);
            run.retain(1);
            assertThat(run.files().checkpoints().keySet()).containsExactly(1_800_000L);
            assertThat(CheckpointFolder.open(best.path().resolveSibling("best")).step()).isEqualTo(1_800_000);
            assertThatThrownBy(() -> run.markBest(7)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void damageIsNamed() throws IOException {
        try (var run = RunFolder.create(root())) {
            Path folder = publish(run, 1).path();
            Path tokenizer = folder.resolve("tokenizer/tokenizer.json");
            Files.writeString(tokenizer, "{\"step\": 2}"); // the same length
            assertThat(CheckpointFolder.open(folder, Check.SIZES).step()).isEqualTo(1);
            refused(folder, "1 of 3 files are not as they were written: tokenizer/tokenizer.json has other content");
            Files.writeString(tokenizer, "{\"step\"");
            refused(folder, "tokenizer/tokenizer.json has 7 bytes, expected 11");
            Files.delete(folder.resolve("progress.json"));
            refused(folder, "2 of 3 files are not as they were written: progress.json is missing; tokenizer/tokenizer.json has 7");
            String seal = Files.readString(folder.resolve("checkpoint.json"));
            Files.writeString(folder.resolve("checkpoint.json"), seal.substring(0, 40));
            refused(folder, "checkpoint.json:");
            Files.writeString(folder.resolve("checkpoint.json"), seal.replace("\"progress.json\"", "\"../../../x\""));
            refused(folder, "the file '../../../x' lies outside the folder");
            Files.writeString(folder.resolve("checkpoint.json"), seal.replace("\"format\" : 1", "\"format\" : 2"));
            refused(folder, "has format 2; this version reads format 1");
            Files.delete(folder.resolve("checkpoint.json"));
            refused(folder, "is not a complete checkpoint: it has no checkpoint.json");
            assertThat(run.files().checkpoints()).isEmpty();
            assertThatThrownBy(() -> publish(run, 1)).isInstanceOf(CheckpointException.class).hasMessageContaining("is in the way");
        }
    }

    private static void refused(Path folder, String message) {
        assertThatThrownBy(() -> CheckpointFolder.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(message);
    }

    @Test
    void aFailedPublicationLeavesTheOneBefore() throws IOException {
        try (var run = RunFolder.create(root())) {
            RunFolder.Filling full = folder -> {
                Files.writeString(folder.resolve("half"), "123");
                throw new IOException("No space left on device");
            };
            assertThatThrownBy(() -> run.publish(1, full))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("step-000001: was not written: No space left on device; the disk has ")
                    .hasMessageContaining("There is no checkpoint before it");
            publish(run, 1);
            assertThatThrownBy(() -> run.publish(2, full))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("step-000001 (")
                    .hasMessageContaining("still opens");
            assertThatThrownBy(() -> run.publish(2, _ -> {
                        throw new UncheckedIOException(new IOException("gone"));
                    }))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("gone");
            assertThatThrownBy(() -> run.publish(2, _ -> {
                        throw new ArithmeticException("a mistake");
                    }))
                    .isInstanceOf(ArithmeticException.class);
            assertThat(names(run.files().checkpointsFolder())).containsExactly("last", "step-000001");
            assertThat(CheckpointFolder.open(run.files().last().orElseThrow()).step()).isEqualTo(1);
            publish(run, 2);
            assertThat(CheckpointFolder.open(run.files().last().orElseThrow()).step()).isEqualTo(2);
        }
    }

    @Test
    void openingTidiesWhatAKillLeft() throws IOException {
        Path checkpoints;
        try (var run = RunFolder.create(root())) {
            publish(run, 1);
            publish(run, 2);
            checkpoints = run.files().checkpointsFolder();
        }
        Files.createDirectories(checkpoints.resolve(".step-000003.writing/deep"));
        Files.writeString(checkpoints.resolve(".step-000003.writing/deep/model.safetensors"), "half");
        Files.createDirectories(checkpoints.resolve(".step-000000.removing"));
        Files.createSymbolicLink(checkpoints.resolve(".last.linking"), Path.of("step-000002"));
        Files.delete(checkpoints.resolve("last"));
        Files.createSymbolicLink(checkpoints.resolve("last"), Path.of("step-000001"));
        Files.createDirectory(checkpoints.resolve("step-000009"));
        Files.writeString(checkpoints.resolve("notes.txt"), "mine");
        try (var run = RunFolder.open(root())) {
            assertThat(run.files().last()).hasValue(run.files().checkpoint(2));
            assertThat(names(checkpoints)).containsExactly("last", "notes.txt", "step-000001", "step-000002", "step-000009");
            assertThat(Files.readSymbolicLink(checkpoints.resolve("last"))).isEqualTo(Path.of("step-000002"));
        }
    }

    @Test
    void aBestThatIsGoneIsNotSilentlyReplaced() throws IOException {
        try (var run = RunFolder.create(root())) {
            publish(run, 1);
            assertThat(run.files().bestOrLast()).hasValue(run.files().checkpoint(1));
            Files.createSymbolicLink(run.files().checkpointsFolder().resolve("best"), Path.of("step-000007"));
            assertThatThrownBy(() -> run.files().bestOrLast())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("points at step-000007, which is not a complete checkpoint");
        }
    }

    @Test
    void onlyAFolderOfARunIsOpenedAndOnlyAnEmptyOneIsMadeOne() throws IOException {
        assertThatThrownBy(() -> RunFolder.open(root())).isInstanceOf(RecipeException.class).hasMessageContaining("is not there");
        Files.createDirectories(root());
        RunFolder.create(root()).close();
        assertThatThrownBy(() -> RunFolder.create(root()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("exists and is not empty; expected a new folder. Add --resume");
        RunFolder.open(root()).close();
        assertThat(names(root())).containsExactly(".lock", "checkpoints");
        Path other = Files.createDirectory(temporary.resolve("other"));
        Files.writeString(other.resolve("thesis.doc"), "x");
        assertThatThrownBy(() -> RunFolder.create(other)).isInstanceOf(RecipeException.class).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> RunFolder.open(other)).isInstanceOf(RecipeException.class).hasMessageContaining("is not the folder of a run");
        assertThat(names(other)).containsExactly("thesis.doc");
        assertThatThrownBy(() -> RunFolder.create(other.resolve("thesis.doc")))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("is a file");
    }
}
