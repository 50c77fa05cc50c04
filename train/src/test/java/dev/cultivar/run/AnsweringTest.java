package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Parts;
import dev.cultivar.data.QuestionExamples;
import dev.cultivar.data.RowKind;
import dev.cultivar.evaluate.AnswerScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.predict.Answer;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.QuestionAnswerer;
import dev.cultivar.predict.TokenTagger;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From questions in SQuAD's form to a model that points at answers, and the ways in which such files are bad.
class AnsweringTest {
    private static final List<String> ANIMALS = List.of("cat", "dog", "hen", "fox");
    private static final List<String> TOOLS = List.of("saw", "axe", "pen", "jar");
    private static final List<String> OTHERS = List.of("sees", "the", "under", "red", "and", "holds");

    private static final String RECIPE = """
            seed: 3
            backbone: {kind: bert, layers: 2, width: 32, heads: 2, positions: 32, dropout: 0}
            tokenizer: {kind: wordpiece, vocabulary: 90}
            data:
              validation: {fraction: 0.2, by: document}
              columns: {text: question, pair: context, label: answers}
            objective: {kind: question_answering, stride: 4, max_answer: 3, no_answer: {threshold: 0}}
            optimizer: {kind: adamw, learning_rate: 1e-2}
            horizon: {epochs: 10}
            batching: {rows: 32, max_length: 24}
            evaluate: {every: {epochs: 10}}
            checkpoint: {every: {epochs: 10}}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    @TempDir
    static Path folder;

    private static Path squad;
    private static TrainingRun.Result trained;

    /// A long text with an animal, or none, and the question for it.
    private static Map<String, Object> paragraph(Random random, int number) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 28; i++) {
            words.add(OTHERS.get(random.nextInt(OTHERS.size())));
        }
        words.set(random.nextInt(14), TOOLS.get(random.nextInt(4)));
        boolean there = random.nextInt(4) > 0;
        int at = 14 + random.nextInt(14);
        words.set(at, there ? ANIMALS.get(random.nextInt(4)) : "the");
        String context = "\uD83D\uDE00 " + String.join(" ", words);
        long start = 2 + String.join(" ", words.subList(0, at)).length() + 1; // counted as Python does
        Map<String, Object> answer = Map.of("text", words.get(at), "answer_start", start);
        Map<String, Object> question = there
                ? Map.of("id", "q" + number, "question", "the animal", "answers", List.of(answer), "is_impossible", false)
                : Map.of("id", "q" + number, "question", "the animal", "answers", List.of(), "is_impossible", true);
        return Map.of("context", context, "qas", List.of(question));
    }

    private static Path squad(String name, List<Map<String, Object>> paragraphs, int each) throws IOException {
        List<Object> articles = new ArrayList<>();
        for (int i = 0; i < paragraphs.size(); i += each) {
            articles.add(Map.of("title", "article-" + i, "paragraphs", paragraphs.subList(i, Math.min(paragraphs.size(), i + each))));
        }
        return Files.writeString(folder.resolve(name), JsonFiles.line(Map.of("version", "v2.0", "data", articles)));
    }

    @BeforeAll
    static void train() throws IOException {
        var random = new Random(7);
        List<Map<String, Object>> paragraphs = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            paragraphs.add(paragraph(random, i));
        }
        squad = squad("train.json", paragraphs, 20);
        trained = run("trained", Tiny.recipe(RECIPE, squad));
    }

    private static TrainingRun.Result run(String name, Recipe recipe) {
        return TrainingRun.run(recipe, TrainingRun.Request.to(folder.resolve(name)));
    }

    private static double metric(List<Metric> metrics, String name) {
        return metrics.stream().filter(one -> one.name().equals(name)).mapToDouble(Metric::value).findFirst().orElseThrow();
    }

    @Test
    void answersAreLearnedAndTransformersCanOpenThem() {
        List<Metric> metrics = trained.best().get("validation");
        assertThat(metric(metrics, "exact_match")).isGreaterThan(0.9);
        assertThat(metric(metrics, "f1")).isGreaterThanOrEqualTo(metric(metrics, "exact_match"));
        assertThat(metrics).extracting(Metric::name).contains("answerable_f1", "unanswerable_exact_match", "loss");
        Map<String, Object> config = JsonFiles.read(ModelPlace.find(trained.folder().toString()).resolve("config.json"));
        assertThat(config.get("architectures")).isEqualTo(List.of("BertForQuestionAnswering"));
        assertThat(AnswerKind.of(trained.folder().toString())).isEqualTo(AnswerKind.SPANS);
        assertThatThrownBy(() -> TokenTagger.open(trained.folder())).isInstanceOf(CheckpointException.class).hasMessageContaining("BertForQuestionAnswering");
    }

    /// Row by row both ways, windows and all: the scores of evaluation are those of the answers that a service gets.
    @Test
    void whatIsMeasuredIsWhatIsAnswered() throws IOException {
        Recipe recipe = Measured.recipe(trained.folder());
        List<Metric> measured;
        try (var run = Measured.openRowByRow(trained.folder(), recipe, Files.createTempDirectory(folder, "rows"), 1, Extensions.NONE)) {
            measured = run.each((objective, model) -> objective.measurement(model)).get("validation").metrics();
        }
        Parts parts = Parts.open((DataRecipe.Rows) recipe.data(), recipe.seed(), RowKind.ANSWERS);
        List<Example> held = new QuestionExamples(parts.validation().orElseThrow(), true, false).list();
        assertThat(held.stream().map(Example::document).collect(Collectors.toSet())).hasSize(2)
                .doesNotContainAnyElementsOf(parts.train().list().stream().map(Example::document).toList());
        try (var answerer = QuestionAnswerer.open(trained.folder())) {
            assertThat(answerer.mayRefuse()).isTrue();
            List<Answer> answers = answerer.answer(held.stream().map(each -> new QuestionAnswerer.Question(each.text(), each.pair())).toList());
            List<List<String>> gold = held.stream()
                    .map(each -> dev.cultivar.data.GoldAnswer.of(each.label()).stream().map(dev.cultivar.data.GoldAnswer::text).toList())
                    .toList();
            assertThat(measured).containsAll(AnswerScores.of(answers.stream().map(Answer::text).toList(), gold).metrics());
            for (int i = 0; i < answers.size(); i++) {
                Answer answer = answers.get(i);
                if (answer.isThere()) {
                    assertThat(held.get(i).pair().substring(answer.start(), answer.end())).isEqualTo(answer.text());
                }
                assertThat(answer.noAnswer() + answer.best().stream().mapToDouble(Answer.Span::score).sum()).isCloseTo(1, within(1e-9));
            }
            assertThat(answerer.answer("the animal", held.getFirst().pair())).isEqualTo(answers.getFirst());
            assertThat(answerer.answer("the animal", "").isThere()).isFalse();
            assertThat(answerer.answer("the animal ".repeat(30), "the fox").best()).isNotEmpty();
        }
        for (int i = 0; i < measured.size(); i++) {
            assertThat(measured.get(i).value()).isCloseTo(trained.best().get("validation").get(i).value(), within(1e-4));
        }
    }

    @Test
    void tablesWithAnswersAndTheirStartsAreTheSameQuestions() throws IOException {
        String text = "the big \uD83D\uDE00 fox sees";
        Path csv = Files.writeString(folder.resolve("rows.csv"), "question,context,answer,at\nwho,%1$s,fox,10\nwhen,%1$s,,\n".formatted(text));
        Path json = Files.writeString(folder.resolve("rows.jsonl"), """
                {"question": "who", "context": "%1$s", "answers": {"text": ["fox"], "answer_start": [10]}}
                {"question": "when", "context": "%1$s", "answers": {"text": [], "answer_start": []}}
                """.formatted(text));
        Path parquet = folder.resolve("rows.parquet");
        try (var duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:"); var statement = duckdb.createStatement()) {
            statement.execute("copy (select * from read_json('" + json + "')) to '" + parquet + "' (format parquet)");
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
        List<Example> expected = questions(csv, new DataRecipe.Columns("question", "context", "", "answer", "at"));
        assertThat(expected).hasSize(2);
        assertThat(dev.cultivar.data.GoldAnswer.of(expected.getFirst().label())).containsExactly(new dev.cultivar.data.GoldAnswer("fox", 11));
        var columns = new DataRecipe.Columns("question", "context", "answers");
        assertThat(questions(json, columns)).isEqualTo(expected);
        assertThat(questions(parquet, columns)).isEqualTo(expected);
        assertThatThrownBy(() -> questions(csv, new DataRecipe.Columns("question", "context", "answer"))).isInstanceOf(DataException.class)
                .hasMessageContaining("rows.csv:2").hasMessageContaining("data.columns.start");
    }

    private static List<Example> questions(Path file, DataRecipe.Columns columns) {
        var source = new DataRecipe.Source.Table(file, "");
        return new QuestionExamples(dev.cultivar.data.RowReader.open(source, columns, RowKind.ANSWERS), true, false).list();
    }

    @Test
    void answersThatAreNotWhereTheyAreSaidToBeAreRefusedOrLeftOut() throws IOException {
        String good = question("good", "fox", 4, false);
        refused(paragraph("the fox", question("late", "fox", 5, false)), "question late: the answer 'fox' would go from character 5 to 8");
        refused(paragraph("the fox", question("other", "the", 4, false)), "question other: at character 4 of the text stands 'fox', not the answer 'the', "
                + "which starts at 0");
        refused(paragraph("the fox", question("nowhere", "hen", 4, false)), "which the text has nowhere");
        refused(paragraph("the fox", question("before", "the", -1, false)), "outside");
        refused(paragraph("the fox", good, good), "question good: the id is there twice");
        refused(paragraph("the fox", question("none", "", 0, true)), "no_answer is none");
        refused("{\"data\": [{\"title\": \"x\"}]}", "data[0]: its list 'paragraphs' is missing");
        refused("{\"data\": [{\"paragraphs\": [{\"qas\": []}]}]}", "data[0].paragraphs[0]: its text 'context' is missing");
        refused("{\"data\": [", "bad.json");
        Path half = Files.writeString(folder.resolve("half.json"), paragraph("the fox", good, question("late", "fox", 5, false)));
        Recipe dropping = Tiny.recipe(RECIPE, half, "data.validation=none", "evaluate.tasks=[]", "objective.spans=drop", "horizon={steps: 1}",
                "checkpoint={every: {steps: 1}}");
        assertThat(run("half", dropping).progress().step()).isEqualTo(1);
        assertThat(Audits.of(dropping, folder.resolve("audit")).rows().orElseThrow()).satisfies(audit -> {
            assertThat(audit.parts().getFirst().rows()).isEqualTo(1);
            assertThat(audit.findings()).anySatisfy(finding -> assertThat(finding.message()).contains("1 questions were left out").contains("question late"));
        });
        assertThatThrownBy(() -> Tiny.recipe(RECIPE, squad, "objective.stride=9")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("objective.stride 9 needs rows of at least 34 tokens");
        assertThatThrownBy(() -> Tiny.recipe(RECIPE, squad, "data.columns={text: question}")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("data.columns.pair");
        assertThatThrownBy(() -> run("columns", Tiny.recipe(RECIPE, squad, "data.columns={text: q, pair: c, label: a}")))
                .isInstanceOf(DataException.class).hasMessageContaining("{text: question, pair: context, label: answers}");
    }

    private static String question(String id, String text, int start, boolean impossible) {
        return "{\"id\": \"%s\", \"question\": \"who\", \"answers\": [{\"text\": \"%s\", \"answer_start\": %d}], \"is_impossible\": %s}"
                .formatted(id, text, start, impossible);
    }

    private static String paragraph(String context, String... questions) {
        return "{\"data\": [{\"title\": \"x\", \"paragraphs\": [{\"context\": \"%s\", \"qas\": [%s]}]}]}".formatted(context, String.join(", ", questions));
    }

    private static void refused(String json, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), json);
        Recipe recipe = Tiny.recipe(RECIPE, file, "data.validation=none", "evaluate.tasks=[]", "objective.no_answer=none");
        assertThatThrownBy(() -> run("bad", recipe)).isInstanceOf(DataException.class).hasMessageContaining(message);
    }
}
