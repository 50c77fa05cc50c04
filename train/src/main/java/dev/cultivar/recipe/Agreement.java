package dev.cultivar.recipe;

import dev.cultivar.text.QuestionRows;
import java.util.List;

/// Checks a recipe's parts against each other, each pair only where both could be read.
final class Agreement {
    private final Recipe recipe;
    private final Node root;
    private final String data;

    /// @param data the path of the rows: of a recipe's own, or of one of its tasks
    private Agreement(Recipe recipe, Node root, String data) {
        this.recipe = recipe;
        this.root = root;
        this.data = data;
    }

    static void check(Recipe recipe, Node root) {
        Agreement agreement = new Agreement(recipe, root, "data");
        agreement.lengths();
        agreement.layers();
        agreement.adapted();
        agreement.tokenizer();
        agreement.pictures();
        agreement.objectives();
        agreement.measuring();
    }

    private void lengths() {
        if (root.reading().sound("backbone", "batching")
                && recipe.backbone() instanceof BackboneRecipe.Transformer blocks
                && recipe.batching().maxLength() > blocks.positions()) {
            fail("batching.max_length", "batching.max_length must be at most backbone.positions, " + blocks.positions() + ", got "
                    + recipe.batching().maxLength());
        }
    }

    private void layers() {
        if (root.reading().sound("backbone", "strategy")
                && recipe.backbone() instanceof BackboneRecipe.Vision vision
                && recipe.strategy() instanceof StrategyRecipe.Partial partial
                && partial.trained() > vision.layers()) {
            fail("strategy.trained", "strategy.trained must be at most the backbone's layers, " + vision.layers() + ", got " + partial.trained());
        }
        if (root.reading().sound("backbone", "strategy")
                && recipe.backbone() instanceof BackboneRecipe.Transformer blocks
                && recipe.strategy() instanceof StrategyRecipe.Partial partial
                && partial.trained() > blocks.allLayers()) {
            fail("strategy.trained",
                    "strategy.trained must be at most backbone.layers" + (blocks.allLayers() > blocks.layers() ? " and decoder_layers" : "") + ", "
                            + blocks.allLayers() + ", got " + partial.trained());
        }
    }

    /// Which objectives read text, whatever the data.
    private static boolean readsText(ObjectiveRecipe objective) {
        return switch (objective) {
            case ObjectiveRecipe.MaskedLm _, ObjectiveRecipe.MaskedLmNextSentence _, ObjectiveRecipe.CausalLm _, ObjectiveRecipe.ReplacedToken _,
                    ObjectiveRecipe.TokenClassification _, ObjectiveRecipe.QuestionAnswering _, ObjectiveRecipe.SequenceToSequence _,
                    ObjectiveRecipe.SpanCorruption _, ObjectiveRecipe.Denoising _, ObjectiveRecipe.Embedding _, ObjectiveRecipe.Ranking _,
                    ObjectiveRecipe.Tasks _ -> true;
            case ObjectiveRecipe.OfRow _, PictureObjectiveRecipe _, ObjectiveRecipe.Custom _ -> false;
        };
    }

    /// An adapter's checkpoints hold no base, so there must be one to go back to.
    private void adapted() {
        String kind = adapter();
        if (!kind.isEmpty()
                && root.reading().sound("backbone", "strategy")
                && !(recipe.backbone() instanceof BackboneRecipe.Pretrained(String _, BackboneRecipe.Weights weights)
                        && weights == BackboneRecipe.Weights.PRETRAINED)) {
            fail("strategy", "strategy.kind " + kind + " adapts a trained model, and the backbone is new; "
                    + "give one as backbone={kind: pretrained, model: FOLDER}, or another strategy");
        }
    }

    /// The strategy's kind where it puts an adapter on the backbone, else nothing.
    private String adapter() {
        return switch (recipe.strategy()) {
            case StrategyRecipe.Lora _ -> "lora";
            case StrategyRecipe.Ia3 _ -> "ia3";
            case StrategyRecipe.Prompt _ -> "prompt";
            case StrategyRecipe.Prefix _ -> "prefix";
            case StrategyRecipe.Full _, StrategyRecipe.FeatureExtraction _, StrategyRecipe.Partial _, StrategyRecipe.Gradual _,
                    StrategyRecipe.BitFit _, StrategyRecipe.Custom _ -> "";
        };
    }

    private void tokenizer() {
        if (root.reading().sound("backbone", "tokenizer")
                && recipe.tokenizer() instanceof TokenizerRecipe.OfBackbone
                && !(recipe.backbone() instanceof BackboneRecipe.Pretrained)) {
            fail("tokenizer", "tokenizer is that of a pretrained backbone, and the backbone is new; "
                    + "give one of kind wordpiece, bpe, chars, words or file");
        }
    }

    private void objectives() {
        for (int i = 0; i < recipe.turns().size(); i++) {
            boolean flat = !(root.yaml() instanceof Yaml.Mapping mapping && mapping.entries().containsKey("turns"));
            String path = flat ? "objective" : "turns." + i + ".objective";
            if (root.reading().sound(flat ? path : "turns", "data", "tokenizer")) {
                objective(path, recipe.turns().get(i).objective());
            }
        }
    }

    /// What tasks that share a backbone have to have in common, and each by itself.
    private void tasks(String path, ObjectiveRecipe.Tasks objective) {
        if (!(recipe.data() instanceof DataRecipe.Tasks(var rows, double _))) {
            fail(path, path + " tasks needs the rows of each task, and data are of another kind; give them as data={kind: tasks, tasks: {...}}");
            return;
        }
        if (!rows.keySet().equals(objective.tasks().keySet())) {
            fail(path + ".tasks", path + ".tasks must name the tasks of data.tasks, " + rows.keySet() + ", got " + objective.tasks().keySet());
            return;
        }
        if (rows.keySet().stream().allMatch(task -> objective.weight(task) == 0)) {
            fail(path + ".weights", path + ".weights leaves nothing to learn: at least one task's must be above 0");
        }
        if (recipe.turns().size() > 1) {
            fail(path, path + " tasks is the only objective of a recipe; several turns have one each");
        }
        boolean learned = !(recipe.tokenizer() instanceof TokenizerRecipe.OfBackbone || recipe.tokenizer() instanceof TokenizerRecipe.Stored);
        if (root.reading().sound("tokenizer") && learned) {
            fail("tokenizer", path + " tasks needs a tokenizer that is there already, the backbone's or one of kind file; train one with "
                    + "'cultivar tokenizer train'");
        }
        if (!adapter().isEmpty()) {
            fail("strategy", "strategy.kind " + adapter() + " and " + path + " tasks do not go together: an adapter holds one head, in PEFT's "
                    + "layout. Train an adapter for each task, which then share the backbone, or give another strategy");
        }
        recipe.evaluate().tasks().stream().findFirst().map(first -> first.replaceFirst("\\..*", "")).filter(first -> objective.weight(first) == 0).ifPresent(first ->
                fail("evaluate.tasks", "the best checkpoint goes by the first of evaluate.tasks, which must be of a task that is trained; " + first
                        + " has weight 0, so name another first"));
        rows.keySet().forEach(task -> {
            Recipe own = recipe.ofTask(task);
            new Agreement(own, root, "data.tasks." + task).objective(path + ".tasks." + task, own.turns().getLast().objective());
        });
    }

    private void objective(String path, ObjectiveRecipe objective) {
        if (objective instanceof ObjectiveRecipe.Tasks tasks) {
            tasks(path, tasks);
            return;
        }
        if (recipe.data() instanceof DataRecipe.Tasks) {
            fail(path, "data of kind tasks need an objective of kind tasks, with the same names, got another in " + path);
            return;
        }
        if (objective instanceof PictureObjectiveRecipe pictures) {
            new PictureAgreement(recipe, path, pictures).check(this::fail);
            longer(path, pictures.kind(), pictures);
            return;
        }
        String kind = switch (objective) {
            case ObjectiveRecipe.MaskedLm _ -> "masked_lm";
            case ObjectiveRecipe.MaskedLmNextSentence _ -> "mlm_nsp";
            case ObjectiveRecipe.CausalLm _ -> "causal_lm";
            case ObjectiveRecipe.ReplacedToken _ -> "replaced_token";
            case ObjectiveRecipe.Classification _ -> "classification";
            case ObjectiveRecipe.MultiLabel _ -> "multi_label";
            case ObjectiveRecipe.Ordinal _ -> "ordinal";
            case ObjectiveRecipe.Regression _ -> "regression";
            case ObjectiveRecipe.TokenClassification _ -> "token_classification";
            case ObjectiveRecipe.QuestionAnswering _ -> "question_answering";
            case ObjectiveRecipe.SequenceToSequence _ -> "seq2seq";
            case ObjectiveRecipe.SpanCorruption _ -> "span_corruption";
            case ObjectiveRecipe.Denoising _ -> "denoising";
            case ObjectiveRecipe.Embedding _ -> "embedding";
            case ObjectiveRecipe.Ranking _ -> "ranking";
            case ObjectiveRecipe.Tasks _ -> "tasks";
            case PictureObjectiveRecipe pictures -> pictures.kind();
            case ObjectiveRecipe.Custom custom -> custom.name();
        };
        if (readsText(objective) && recipe.data() instanceof DataRecipe.Images) {
            fail(path, path + " " + kind + " reads text, and the data are pictures");
            return;
        }
        if (recipe.data() instanceof DataRecipe.Images
                && objective instanceof ObjectiveRecipe.OfRow row
                && row.pooling() == ObjectiveRecipe.Pooling.MEAN) {
            fail(path + ".pooling", path + ".pooling mean is over a text's tokens; a backbone of pictures makes one vector of each itself, so leave pooling out");
        }
        boolean ofText = objective instanceof ObjectiveRecipe.MaskedLm
                || objective instanceof ObjectiveRecipe.MaskedLmNextSentence
                || objective instanceof ObjectiveRecipe.CausalLm
                || objective instanceof ObjectiveRecipe.ReplacedToken
                || objective instanceof ObjectiveRecipe.Embedding
                || objective instanceof ObjectiveRecipe.Ranking
                || objective instanceof ObjectiveRecipe.SequenceToSequence
                || objective instanceof ObjectiveRecipe.SpanCorruption
                || objective instanceof ObjectiveRecipe.Denoising
                || recipe.data() instanceof DataRecipe.Rows
                        && (objective instanceof ObjectiveRecipe.OfRow
                                || objective instanceof ObjectiveRecipe.TokenClassification
                                || objective instanceof ObjectiveRecipe.QuestionAnswering);
        if (ofText && recipe.tokenizer() instanceof TokenizerRecipe.None) {
            fail("tokenizer", path + " " + kind + " needs a tokenizer, got none");
        }
        if (objective instanceof ObjectiveRecipe.CausalLm causal
                && root.reading().sound("batching")
                && causal.overlap() >= recipe.batching().maxLength()) {
            fail(path + ".overlap", path + ".overlap must be below batching.max_length, " + recipe.batching().maxLength() + ", got "
                    + causal.overlap());
        }
        boolean masked = objective instanceof ObjectiveRecipe.MaskedLm || objective instanceof ObjectiveRecipe.MaskedLmNextSentence
                || objective instanceof ObjectiveRecipe.ReplacedToken;
        if (masked && !mayMask(recipe.tokenizer())) {
            fail("tokenizer", path + " " + kind + " hides pieces behind [MASK], in rows between [CLS] and [SEP], and this tokenizer has none of"
                    + " that name; give tokenizer.kind: wordpiece or words, or name them in tokenizer.special");
        }
        if (objective instanceof ObjectiveRecipe.OfRow
                && recipe.data() instanceof DataRecipe.Rows rows
                && rows.columns().label().isEmpty()) {
            fail(data + ".columns", path + " " + kind + " needs " + data + ".columns.label, the column with the labels");
        }
        boolean ofGroups = objective instanceof ObjectiveRecipe.Embedding || objective instanceof ObjectiveRecipe.Ranking;
        if (ofGroups && recipe.turns().size() > 1) {
            fail(path, path + " " + kind + " reads groups of texts, which no other turn can read; give it as the only objective");
        }
        if (recipe.data() instanceof DataRecipe.Rows rows) {
            columns(path, objective, rows.columns());
            texts(path, kind, objective, rows);
            new GroupAgreement(path, objective, rows.columns()).check(this::fail);
        } else if (ofGroups) {
            fail(data, path + " " + kind + " needs rows of text, and the data are custom");
        }
        if (objective instanceof ObjectiveRecipe.QuestionAnswering answering && root.reading().sound("batching")) {
            int shortest = QuestionRows.shortest(answering.stride());
            if (recipe.batching().maxLength() < shortest) {
                fail(path + ".stride", path + ".stride " + answering.stride() + " needs rows of at least " + shortest
                        + " tokens, so that a window goes on with the text; batching.max_length is " + recipe.batching().maxLength());
            }
        }
        longer(path, kind, objective);
        if (ofText && recipe.data() instanceof DataRecipe.Rows rows && rows.columns().text().isEmpty()) {
            fail(data + ".columns.text", data + ".columns.text must name the column with the text, got \"\"");
        }
    }

    private void columns(String path, ObjectiveRecipe objective, DataRecipe.Columns columns) {
        boolean asks = objective instanceof ObjectiveRecipe.QuestionAnswering;
        if (objective instanceof ObjectiveRecipe.TokenClassification && columns.label().isEmpty()) {
            fail(data + ".columns", path + " token_classification needs " + data + ".columns.label, the column with the tags; in a CoNLL file "
                    + "the columns are called tokens and tags");
        }
        if (objective instanceof ObjectiveRecipe.TokenClassification && !columns.pair().isEmpty()) {
            fail(data + ".columns.pair", path + " token_classification reads one text a row; leave " + data + ".columns.pair out");
        }
        if (asks && (columns.pair().isEmpty() || columns.label().isEmpty())) {
            fail(data + ".columns", path + " question_answering needs " + data + ".columns.pair and " + data + ".columns.label, the columns with the text that "
                    + "is asked about and with the answer; in a SQuAD file the columns are called question, context and answers");
        }
        if (!asks && !columns.start().isEmpty()) {
            fail(data + ".columns.start", data + ".columns.start says where an answer starts, which only the objective question_answering reads");
        }
    }

    private void longer(String path, String kind, ObjectiveRecipe objective) {
        if (!root.reading().sound("batching") || recipe.batching().longer() instanceof BatchingRecipe.Longer.Truncate) {
            return;
        }
        if (!(objective instanceof ObjectiveRecipe.Classification) || recipe.turns().size() > 1 || !(recipe.data() instanceof DataRecipe.Rows)) {
            fail("batching.long", "batching.long other than truncate is for rows of the one objective classification, got " + path + " " + kind);
        }
        if (recipe.batching().longer() instanceof BatchingRecipe.Longer.Chunk(int stride) && 2 * stride >= recipe.batching().maxLength()) {
            fail("batching.long.stride", "batching.long.stride must be below half of batching.max_length, " + recipe.batching().maxLength()
                    + ", got " + stride);
        }
    }

    /// What objectives of encoder-decoders need of the rows.
    private void texts(String path, String kind, ObjectiveRecipe objective, DataRecipe.Rows rows) {
        boolean spans = objective instanceof ObjectiveRecipe.SpanCorruption || objective instanceof ObjectiveRecipe.Denoising;
        if (objective instanceof ObjectiveRecipe.SequenceToSequence && rows.columns().pair().isEmpty()) {
            fail(data + ".columns", path + " seq2seq needs data.columns.pair, the column with the text to write");
        }
        if (spans && !rows.columns().pair().isEmpty()) {
            fail(data + ".columns.pair", path + " " + kind + " reads one text a row, got data.columns.pair " + rows.columns().pair());
        }
        if (objective instanceof ObjectiveRecipe.SequenceToSequence texts
                && root.reading().sound("backbone")
                && recipe.backbone() instanceof BackboneRecipe.Transformer blocks
                && texts.maxTargetLength() > blocks.positions()) {
            fail(path + ".max_target_length", path + ".max_target_length must be at most backbone.positions, " + blocks.positions() + ", got "
                    + texts.maxTargetLength());
        }
    }

    /// What a stored one can do is seen when it is opened.
    private static boolean mayMask(TokenizerRecipe tokenizer) {
        List<String> needed = List.of("[MASK]", "[CLS]", "[SEP]");
        return switch (tokenizer) {
            case TokenizerRecipe.BytePair bytes -> bytes.special().containsAll(needed);
            case TokenizerRecipe.Characters characters -> characters.special().containsAll(needed);
            case TokenizerRecipe.WordPiece _, TokenizerRecipe.Words _, TokenizerRecipe.OfBackbone _, TokenizerRecipe.Stored _,
                    TokenizerRecipe.None _ -> true;
        };
    }

    /// What looks at pictures needs pictures, and what reads text needs text.
    private void pictures() {
        if (!root.reading().sound("backbone", "data", "batching")) {
            return;
        }
        boolean images = recipe.data() instanceof DataRecipe.Images;
        if (recipe.backbone() instanceof BackboneRecipe.Vision && recipe.data() instanceof DataRecipe.Rows) {
            fail("data", "this backbone looks at pictures, and the data are rows of text; give data.kind: images");
        }
        if (recipe.backbone() instanceof BackboneRecipe.Transformer && images) {
            fail("backbone", "this backbone reads text, and the data are pictures; give one that looks at them, as backbone={kind: cnn}");
        }
        if (images && !(recipe.tokenizer() instanceof TokenizerRecipe.None) && !(recipe.tokenizer() instanceof TokenizerRecipe.OfBackbone)) {
            fail("tokenizer", "pictures have no words to cut into pieces; leave tokenizer out");
        }
        if (images && recipe.batching().budget() instanceof BatchingRecipe.Budget.Tokens) {
            fail("batching.tokens", "pictures are not made of tokens; give batching.rows instead");
        }
        if (recipe.data() instanceof DataRecipe.Images of) {
            PicturesRecipe.Augmentation how = of.augmentation();
            boolean mixes = how.mixup() > 0 || how.cutmix() > 0;
            boolean one = recipe.turns().size() == 1 && recipe.turns().getFirst().objective() instanceof ObjectiveRecipe.Classification;
            if (mixes && !one) {
                fail("data.augment", "data.augment.mixup and cutmix mix labels, which only the objective classification can learn from");
            }
            if (mixes && how.views() > 0) {
                fail("data.augment.views", "data.augment.views keeps a picture's views, and mixup and cutmix mix it with others anew in each epoch; "
                        + "give one or the other");
            }
            if (how.views() > 0 && how.equals(new PicturesRecipe.Augmentation(0, 0, 0, 0, 0, 0, 0, 0, how.mixup(), how.cutmix(), how.views()))) {
                fail("data.augment.views", "data.augment.views needs something that tells views apart, as data.augment.shift");
            }
        }
    }

    private void measuring() {
        if (root.reading().sound("evaluate") && recipe.evaluate().first() && recipe.evaluate().tasks().isEmpty()) {
            fail("evaluate.first", "evaluate.first needs something to measure on; name it in evaluate.tasks");
        }
        if (root.reading().sound("evaluate") && !recipe.evaluate().judge().isEmpty()) {
            if (!recipe.draws()) {
                fail("evaluate.judge", "evaluate.judge judges what a model draws, and this one draws nothing; it is for the objectives vae and gan_generator");
            } else if (recipe.evaluate().tasks().isEmpty()) {
                fail("evaluate.judge", "evaluate.judge compares what is drawn with pictures that were held out; give data.validation, and name it in evaluate.tasks");
            }
        }
        if (!root.reading().sound("data")) {
            return;
        }
        switch (recipe.data()) {
            case DataRecipe.Rows rows -> measuring(rows, recipe.evaluate().tasks(), true);
            case DataRecipe.Tasks tasks -> tasks.tasks().forEach((name, rows) -> {
                boolean decides = recipe.evaluate().tasks().stream().findFirst().filter(first -> first.startsWith(name + ".")).isPresent();
                new Agreement(recipe, root, "data.tasks." + name).measuring(rows, recipe.evaluate().ofTask(name).tasks(), decides);
            });
            case DataRecipe.Images images -> measuring(images);
            case DataRecipe.Custom _ -> {}
        }
    }

    private void measuring(DataRecipe.Images images) {
        boolean validated = !(images.validation() instanceof PicturesRecipe.Held.None);
        boolean tested = !(images.test() instanceof PicturesRecipe.Held.None);
        if (root.reading().sound("stopping") && recipe.stopping() instanceof StoppingRecipe.Patience && !validated) {
            fail("stopping", "stopping needs data.validation to choose by; give it as data.validation={fraction: 0.1}");
        }
        for (String task : root.reading().sound("evaluate") ? recipe.evaluate().tasks() : List.<String>of()) {
            if (task.equals("test") ? !tested : !validated) {
                fail("evaluate.tasks", "evaluate.tasks has " + task + ", and there is no data." + task);
            }
        }
    }

    /// @param measured parts of the rows that the recipe measures on
    /// @param decides  whether the best checkpoint goes by these rows
    private void measuring(DataRecipe.Rows rows, List<String> measured, boolean decides) {
        if (rows.validation() instanceof DataRecipe.Held.Fraction validation
                && rows.test() instanceof DataRecipe.Held.Fraction test
                && validation.by() != test.by()) {
            fail(data + ".test.by", data + ".test.by must be that of " + data + ".validation, " + Keys.word(validation.by()) + ", got " + Keys.word(test.by()));
        }
        boolean running = rows.train() instanceof DataRecipe.Source.Corpus
                || recipe.turns().stream().anyMatch(turn -> turn.objective() instanceof ObjectiveRecipe.CausalLm);
        for (DataRecipe.Held held : List.of(rows.validation(), rows.test())) {
            if (running && held instanceof DataRecipe.Held.Fraction part && part.by() == DataRecipe.By.DOCUMENT) {
                fail(data, "by: document is for tables, SQuAD and CoNLL files; of running text whole documents are held out anyway, leave it out");
            }
        }
        boolean validated = !(rows.validation() instanceof DataRecipe.Held.None);
        boolean tested = !(rows.test() instanceof DataRecipe.Held.None);
        if (decides && root.reading().sound("stopping") && recipe.stopping() instanceof StoppingRecipe.Patience && !validated) {
            fail("stopping", "stopping needs " + data + ".validation to choose by; give it as " + data + ".validation={fraction: 0.1}");
        }
        if (!rows.also().isEmpty() && !validated) {
            fail(data + ".also", data + ".also is measured beside " + data + ".validation, which the best checkpoint is chosen by, and there is none; "
                    + "give it as " + data + ".validation={fraction: 0.1}");
        }
        if (root.reading().sound("evaluate")) {
            for (String task : measured) {
                if (!rows.also().containsKey(task) && (task.equals("test") ? !tested : !validated)) {
                    fail("evaluate.tasks", "evaluate.tasks has " + task + ", and there is no " + data + "." + task);
                }
            }
        }
    }

    /// Notes a mistake at the deepest part of a dotted path that the recipe has.
    private void fail(String path, String message) {
        Yaml yaml = root.yaml();
        for (String step : path.split("\\.")) {
            if (!(yaml instanceof Yaml.Mapping mapping) || !mapping.entries().containsKey(step)) {
                break;
            }
            yaml = mapping.entries().get(step);
        }
        root.reading().mistake(yaml.place(), path, message);
    }
}
