package dev.cultivar.run;

import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.TokenizerRecipe;
import dev.cultivar.text.BytePairTrainer;
import dev.cultivar.text.CharacterTrainer;
import dev.cultivar.text.Texts;
import dev.cultivar.text.Ties;
import dev.cultivar.text.Trained;
import dev.cultivar.text.WordPieceTrainer;
import dev.cultivar.text.WordTrainer;

/// Trains the tokenizer that a recipe describes.
public final class TokenizerTraining {
    private TokenizerTraining() {}

    /// @param texts to train on, read once
    /// @throws RecipeException if the vocabulary cannot hold the alphabet of the texts
    public static Trained train(TokenizerRecipe.Learned recipe, Texts texts) {
        try {
            return switch (recipe) {
                case TokenizerRecipe.WordPiece(int vocabulary, int minFrequency, boolean lowercase) ->
                    WordPieceTrainer.train(texts, new WordPieceTrainer.Options(vocabulary, minFrequency, lowercase));
                case TokenizerRecipe.BytePair bytes -> BytePairTrainer.train(
                        texts, new BytePairTrainer.Options(bytes.vocabulary(), bytes.minFrequency(), bytes.whole(), ties(bytes.ties())));
                case TokenizerRecipe.Characters characters ->
                    CharacterTrainer.train(texts, new CharacterTrainer.Options(characters.unknown(), characters.special()));
                case TokenizerRecipe.Words(int vocabulary, int minFrequency, boolean lowercase) ->
                    WordTrainer.train(texts, new WordTrainer.Options(vocabulary, minFrequency, lowercase));
            };
        } catch (IllegalArgumentException small) {
            throw new RecipeException("tokenizer: " + small.getMessage());
        }
    }

    private static Ties ties(TokenizerRecipe.Ties ties) {
        return switch (ties) {
            case TEXT -> Ties.TEXT;
            case IDS -> Ties.IDS;
        };
    }

    /// The texts of rows; lines of a text with the line ends that they were read without.
    static Texts texts(Examples rows) {
        if (!rows.plainText()) {
            return to -> rows.each((Example example) -> {
                to.accept(example.text());
                to.accept(example.pair());
            });
        }
        return to -> rows.each(new Examples.Sink() {
            @Override
            public void row(Example example) {
                to.accept(example.text() + "\n");
            }

            @Override
            public void endOfDocument() {
                to.accept("\n");
            }
        });
    }
}
