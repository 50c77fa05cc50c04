package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Options arrive in the work as they were given.
class VerbTest {

    @Test
    void train() {
        assertThat(work(
                        "train", "r.yaml", "seed=3", "horizon={steps: 20}", "--dry-run", "--out", "runs/a", "--resume",
                        "--extensions", "x.jar", "--extensions", "y.jar"))
                .isEqualTo(new TrainWork(
                        Path.of("r.yaml"), List.of("seed=3", "horizon={steps: 20}"), true, Optional.of(Path.of("runs/a")), true,
                        List.of(Path.of("x.jar"), Path.of("y.jar"))));
        assertThat(work("train", "r.yaml", "--out", "runs/a", "seed=3"))
                .isEqualTo(new TrainWork(
                        Path.of("r.yaml"), List.of("seed=3"), false, Optional.of(Path.of("runs/a")), false, List.of()));
    }

    @Test
    void quickstart() {
        assertThat(work("quickstart"))
                .isEqualTo(new QuickstartChoice("words", List.of(), Optional.empty(), Optional.empty(), List.of("cnn"), 1, Optional.empty()));
        assertThat(work("quickstart", "--labels", "2000", "--minutes", "1.5", "--out", "q")).isEqualTo(new QuickstartChoice(
                "words", List.of(2000), Optional.of(1.5), Optional.empty(), List.of("cnn"), 1, Optional.of(Path.of("q"))));
        assertThat(work("quickstart", "--task", "digits", "--labels", "100,1000", "--data", "mnist", "--networks", "mlp,vit", "--seeds", "3"))
                .isEqualTo(new QuickstartChoice(
                        "digits", List.of(100, 1000), Optional.empty(), Optional.of(Path.of("mnist")), List.of("mlp", "vit"), 3, Optional.empty()));
    }

    @Test
    void study() {
        assertThat(work("study", "digits"))
                .isEqualTo(new StudyChoice("digits", List.of(), Optional.empty(), List.of(), List.of(), 1, Optional.empty()));
        assertThat(work("study", "digits", "digits-pretrain:horizon={epochs: 1}", "--data", "mnist", "--labels", "100,8000", "--networks", "cnn,vit",
                        "--seeds", "3", "--out", "s", "batching.rows=16"))
                .isEqualTo(new StudyChoice("digits", List.of("digits-pretrain:horizon={epochs: 1}", "batching.rows=16"), Optional.of(Path.of("mnist")),
                        List.of(100, 8000), List.of("cnn", "vit"), 3, Optional.of(Path.of("s"))));
    }

    @Test
    void predictTakesTextsAsTheyAre() {
        assertThat(work("predict", "run", "@home and away", "--", "--json is a text"))
                .isEqualTo(new PredictWork(
                        "run", List.of("@home and away", "--json is a text"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of()));
        assertThat(work("predict", "run", "--input", "a.csv", "--output", "b.jsonl", "--set-aside", "c.jsonl"))
                .isEqualTo(new PredictWork(
                        "run", List.of(), Optional.empty(), Optional.of(Path.of("a.csv")), Optional.of(Path.of("b.jsonl")), Optional.of(Path.of("c.jsonl")), List.of()));
    }

    @Test
    void search() {
        assertThat(work("search", "run", "a text", "another", "--among", "t.csv", "--column", "body", "--top", "9", "--index", "i", "--leave-out"))
                .isEqualTo(new SearchWork(
                        "run", List.of("a text", "another"), Path.of("t.csv"), Optional.of("body"), 9, Optional.of(Path.of("i")), true, List.of()));
        assertThat(work("search", "run", "q", "--among", "pets")).isEqualTo(new SearchWork(
                "run", List.of("q"), Path.of("pets"), Optional.empty(), 5, Optional.empty(), false, List.of()));
    }

    @Test
    void decideAndExport() {
        assertThat(work("decide", "run", "--cost", "spam=1:10", "--coverage", "0.9"))
                .isEqualTo(new DecideWork(
                        Path.of("run"), "validation", true, Optional.of("spam=1:10"), Optional.empty(), Optional.of(0.9), Optional.empty(), List.of()));
        assertThat(work("export", "run", "--format", "adapter", "--out", "a"))
                .isEqualTo(new ExportWork("run", "adapter", false, Path.of("a"), List.of()));
    }

    @Test
    void generate() {
        assertThat(work("generate", "run", "--prompt", "Once", "--prompt", "-", "--tokens", "7", "--temperature", "0.5", "--top-k", "3",
                        "--top-p", "0.9", "--min-p", "0.1", "--repetition-penalty", "1.2", "--seed", "4", "--slide"))
                .isEqualTo(texts(new GenerateWork("run", List.of("Once", "-"), Optional.of(7), new GenerateWork.Choice(
                        false, 1.2, Optional.of(0.5), Optional.of(3), Optional.of(0.9), Optional.of(0.1), 4), true, List.of()), true));
        assertThat(work("generate", "run", "--prompt", "x", "--greedy"))
                .isEqualTo(texts(new GenerateWork("run", List.of("x"), Optional.empty(), new GenerateWork.Choice(
                        true, 1, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0), false, List.of()), true));
        assertThat(work("generate", "run", "--count", "3", "--label", "7", "--out", "d", "--seed", "5"))
                .isEqualTo(new GenerateChoice(
                        new GenerateWork("run", List.of(), Optional.empty(), new GenerateWork.Choice(
                                false, 1, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 5), false, List.of()),
                        false, Optional.of(3), Optional.of("7"), Optional.of(Path.of("d"))));
    }

    private static GenerateChoice texts(GenerateWork work, boolean words) {
        return new GenerateChoice(work, words, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void others() {
        assertThat(work("audit", "r.yaml", "a=b")).isEqualTo(new AuditWork(Path.of("r.yaml"), List.of("a=b")));
        assertThat(work("evaluate", "run", "--task", "test"))
                .isEqualTo(new EvaluateWork("run", List.of("test"), Optional.empty(), List.of()));
        assertThat(work("verify", "a", "b")).isEqualTo(new VerifyWork(List.of(Path.of("a"), Path.of("b"))));
        assertThat(work("inspect", "run")).isEqualTo(new InspectWork("run"));
        assertThat(work("report", "run")).isEqualTo(new ReportWork(Path.of("run"), Optional.empty(), false, List.of(), List.of()));
        assertThat(work("report", "run", "--examples", "--picture", "a.png", "--picture", "b.png", "--extensions", "x.jar")).isEqualTo(new ReportWork(
                Path.of("run"), Optional.empty(), true, List.of(new PicturesExhibit(List.of(Path.of("a.png"), Path.of("b.png")))), List.of(Path.of("x.jar"))));
        assertThat(work("report", "run", "--attention", "a text", "--pair", "another", "--out", "a.html")).isEqualTo(new ReportWork(
                Path.of("run"), Optional.of(Path.of("a.html")), false, List.of(new AttentionExhibit(Optional.of("a text"), Optional.of("another"))), List.of()));
        assertThat(work("runs")).isEqualTo(new RunsWork(Path.of("runs")));
        assertThat(work("models")).isEqualTo(new ModelsWork());
        assertThat(work("models", "get", "hf:org/name")).isEqualTo(new ModelsGetWork("hf:org/name"));
        assertThat(work("doctor")).isEqualTo(new DoctorWork());
        assertThat(work("tokenizer", "train", "a.txt", "b.txt", "--out", "t.json", "--vocabulary", "500", "--cased"))
                .isEqualTo(new TokenizerTrainWork(List.of(Path.of("a.txt"), Path.of("b.txt")), Path.of("t.json"), new TokenizerTrainWork.Asked(
                        "wordpiece", Optional.of(500), Optional.empty(), true, List.of(), Optional.empty(), false)));
    }

    private static Work work(String... words) {
        var parsed = new CommandLine(new Root()).setExpandAtFiles(false).parseArgs(words);
        return ((Verb) parsed.asCommandLineList().getLast().getCommandSpec().userObject()).work();
    }
}
