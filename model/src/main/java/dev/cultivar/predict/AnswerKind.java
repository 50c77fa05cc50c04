package dev.cultivar.predict;

import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.EmbeddingLayout;
import dev.cultivar.nn.ModelFolder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What a model in a folder answers, and with it which class of this package opens it.
public enum AnswerKind {
    /// Labels of texts: [Classifier].
    LABELS("classification", "ForSequenceClassification", "ForImageClassification"),
    /// Numbers for texts: [Regressor].
    VALUES("regression", "ForSequenceClassification"),
    /// Tags of words: [TokenTagger].
    TAGS("token_classification", "ForTokenClassification"),
    /// Stretches of a text: [QuestionAnswerer].
    SPANS("question_answering", "ForQuestionAnswering"),
    /// Texts that are written from others: [Summarizer].
    TEXTS("seq2seq", "ForConditionalGeneration"),
    /// Vectors of texts: [Embedder].
    VECTORS("embedding"),
    /// How relevant documents are to a query: [Ranker].
    RELEVANCE("ranking"),
    /// Nothing that this package knows: a pretraining model, or one of another kind.
    NONE("");

    private final String task;
    private final List<String> suffixes;

    /// @param suffixes of transformers' classes
    AnswerKind(String task, String... suffixes) {
        this.task = task;
        this.suffixes = List.of(suffixes);
    }

    /// What `config.json` calls it in `cultivar.task`; recipes call their objectives the same.
    public String task() {
        return task;
    }

    /// What the model of a run folder, a checkpoint or a Hugging Face folder answers; loads no weights.
    public static AnswerKind of(String run) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            Opened.requireOneHead(run, folder);
            return of(folder);
        }
    }

    /// Whether the model looks at pictures and not at texts: [PictureClassifier], [PictureRegressor] or [PictureEmbedder] then opens it.
    public static boolean readsPictures(String run) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            return PictureForm.isOf(folder);
        }
    }

    /// By `cultivar.task`. Where the folder is somebody else's, by what sentence-transformers leaves in it, then by `architectures`, and where
    /// neither tells by the classifier that there is.
    static AnswerKind of(ModelFolder folder) {
        Object said = folder.extra().get("task");
        if (said != null) {
            return Arrays.stream(values()).filter(kind -> said.equals(kind.task)).findFirst().orElse(NONE);
        }
        if (folder.classes() == 1) {
            return folder.config().values().containsKey("sentence_transformers") ? RELEVANCE : VALUES;
        }
        if (EmbeddingLayout.isIn(folder.folder())) {
            return VECTORS;
        }
        Object classes = folder.config().values().get("architectures");
        return Stream.of(LABELS, TAGS, SPANS, TEXTS)
                .filter(kind -> classes instanceof List<?> list && list.stream().anyMatch(name -> kind.suffixes.stream().anyMatch(String.valueOf(name)::endsWith)))
                .findFirst()
                .orElse(folder.hasClassifier() ? LABELS : NONE);
    }
}
