package dev.cultivar.predict;

import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.ModelFolder;
import java.util.List;

/// What a model in a folder answers, and with it which class of this package opens it.
public enum AnswerKind {
    /// Labels of texts: [Classifier].
    LABELS("classification", "ForSequenceClassification"),
    /// Numbers for texts: [Regressor].
    VALUES("regression", "ForSequenceClassification"),
    /// Tags of words: [TokenTagger].
    TAGS("token_classification", "ForTokenClassification"),
    /// Stretches of a text: [QuestionAnswerer].
    SPANS("question_answering", "ForQuestionAnswering"),
    /// Texts that are written from others: [Summarizer].
    TEXTS("seq2seq", "ForConditionalGeneration"),
    /// Nothing that this package knows: a pretraining model, or one of another kind.
    NONE("", "");

    private final String task;
    private final String suffix;

    AnswerKind(String task, String suffix) {
        this.task = task;
        this.suffix = suffix;
    }

    /// What `config.json` calls it in `cultivar.task`; recipes call their objectives the same.
    public String task() {
        return task;
    }

    /// What the model of a run folder, a checkpoint or a Hugging Face folder answers; loads no weights.
    public static AnswerKind of(String run) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            return of(folder);
        }
    }

    /// By `cultivar.task`; where the folder is somebody else's by `architectures`, and where neither tells by the classifier that there is.
    static AnswerKind of(ModelFolder folder) {
        Object said = folder.extra().get("task");
        Object classes = folder.config().values().get("architectures");
        if (said == null && folder.classes() == 1) {
            return VALUES;
        }
        for (AnswerKind kind : List.of(LABELS, VALUES, TAGS, SPANS, TEXTS)) {
            if (said != null ? said.equals(kind.task) : classes instanceof List<?> list
                    && list.stream().anyMatch(name -> String.valueOf(name).endsWith(kind.suffix))) {
                return kind;
            }
        }
        return said == null && folder.hasClassifier() ? LABELS : NONE;
    }
}
