package dev.cultivar.recipe;

import java.util.List;

/// Checks a recipe's parts against each other, each pair only where both could be read.
final class Agreement {
    private final Recipe recipe;
    private final Node root;

    private Agreement(Recipe recipe, Node root) {
        this.recipe = recipe;
        this.root = root;
    }

    static void check(Recipe recipe, Node root) {
        Agreement agreement = new Agreement(recipe, root);
        agreement.lengths();
        agreement.layers();
        agreement.tokenizer();
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
                && recipe.backbone() instanceof BackboneRecipe.Transformer blocks
                && recipe.strategy() instanceof StrategyRecipe.Partial partial
                && partial.trained() > blocks.layers()) {
            fail("strategy.trained",
                    "strategy.trained must be at most backbone.layers, " + blocks.layers() + ", got " + partial.trained());
        }
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

    private void objective(String path, ObjectiveRecipe objective) {
        String kind = switch (objective) {
            case ObjectiveRecipe.MaskedLm _ -> "masked_lm";
            case ObjectiveRecipe.MaskedLmNextSentence _ -> "mlm_nsp";
            case ObjectiveRecipe.CausalLm _ -> "causal_lm";
            case ObjectiveRecipe.ReplacedToken _ -> "replaced_token";
            case ObjectiveRecipe.Classification _ -> "classification";
            case ObjectiveRecipe.MultiLabel _ -> "multi_label";
            case ObjectiveRecipe.Ordinal _ -> "ordinal";
            case ObjectiveRecipe.Regression _ -> "regression";
            case ObjectiveRecipe.Custom custom -> custom.name();
        };
        boolean ofText = objective instanceof ObjectiveRecipe.MaskedLm
                || objective instanceof ObjectiveRecipe.MaskedLmNextSentence
                || objective instanceof ObjectiveRecipe.CausalLm
                || objective instanceof ObjectiveRecipe.ReplacedToken
                || objective instanceof ObjectiveRecipe.OfRow && recipe.data() instanceof DataRecipe.Rows;
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
            fail("data.columns", path + " " + kind + " needs data.columns.label, the column with the labels");
        }
        if (ofText && recipe.data() instanceof DataRecipe.Rows rows && rows.columns().text().isEmpty()) {
            fail("data.columns.text", "data.columns.text must name the column with the text, got \"\"");
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

    private void measuring() {
        if (root.reading().sound("evaluate") && recipe.evaluate().first() && recipe.evaluate().tasks().isEmpty()) {
            fail("evaluate.first", "evaluate.first needs something to measure on; name it in evaluate.tasks");
        }
        if (!root.reading().sound("data") || !(recipe.data() instanceof DataRecipe.Rows rows)) {
            return;
        }
        boolean validated = !(rows.validation() instanceof DataRecipe.Held.None);
        boolean tested = !(rows.test() instanceof DataRecipe.Held.None);
        if (root.reading().sound("stopping") && recipe.stopping() instanceof StoppingRecipe.Patience && !validated) {
            fail("stopping", "stopping needs data.validation to choose by; give it as data.validation={fraction: 0.1}");
        }
        if (!rows.also().isEmpty() && !validated) {
            fail("data.also", "data.also is measured beside data.validation, which the best checkpoint is chosen by, and there is none; "
                    + "give it as data.validation={fraction: 0.1}");
        }
        if (root.reading().sound("evaluate")) {
            for (String task : recipe.evaluate().tasks()) {
                if (!rows.also().containsKey(task) && (task.equals("test") ? !tested : !validated)) {
                    fail("evaluate.tasks", "evaluate.tasks has " + task + ", and there is no data." + task);
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
