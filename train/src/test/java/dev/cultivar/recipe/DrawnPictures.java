package dev.cultivar.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Recipes of pictures, drawn at random.
record DrawnPictures(Random random) {

    /// The same recipe for pictures: data, backbone and objective of their own.
    Recipe of(Recipe plain) {
        var objective = new ObjectiveRecipe.Classification(ObjectiveRecipe.Pooling.CLS, 0, ObjectiveRecipe.Head.AUTO);
        TurnRecipe turn = plain.turns().getFirst();
        return new Recipe(
                plain.name(), plain.seed(), backbone(), new TokenizerRecipe.None(), images(),
                List.of(new TurnRecipe(TurnRecipe.MAIN, 1, List.of(), objective, turn.optimizer(), turn.schedule(), turn.clipping())),
                new StrategyRecipe.Partial(1, random.nextBoolean(), 1), plain.horizon(),
                new BatchingRecipe(new BatchingRecipe.Budget.Rows(count()), 128, 1, 1),
                new EvaluateRecipe(plain.evaluate().every(), List.of("test"), random.nextBoolean()),
                new StoppingRecipe.None(), plain.checkpoint(), plain.average(), plain.device(), plain.precompute(), plain.audit(),
                plain.report(), plain.resume());
    }

    private int count() {
        return 1 + random.nextInt(60);
    }

    private double share() {
        return random.nextDouble(0.01, 0.99);
    }

    private <E> E one(List<E> of) {
        return of.get(random.nextInt(of.size()));
    }

    private <E> E one(E[] of) {
        return of[random.nextInt(of.length)];
    }

    private BackboneRecipe backbone() {
        return one(List.of(
                new BackboneRecipe.Mlp(List.of(count(), count()), one(BackboneRecipe.Bend.values()), share()),
                new BackboneRecipe.Cnn(List.of(count(), count(), count()), 2 * (count() % 15) + 1, count(), one(BackboneRecipe.Pools.values())),
                new BackboneRecipe.LeNet(),
                new BackboneRecipe.ResNet(one(List.of(18, 34, 50)), count(), one(BackboneRecipe.Stem.values())),
                new BackboneRecipe.Vgg(List.of(count(), count(), count(), count(), count()), count(), share()),
                new BackboneRecipe.Vit(count(), 4 * count(), 4, count(), count(), share(), share(), share()),
                new BackboneRecipe.ConvEncoder(List.of(count()))));
    }

    private DataRecipe.Images images() {
        int channels = one(List.of(1, 3));
        var normalization = one(List.of(
                new PicturesRecipe.Normalization.OfData(),
                new PicturesRecipe.Normalization.OfBackbone(),
                new PicturesRecipe.Normalization.None(),
                new PicturesRecipe.Normalization.Given(numbers(channels), numbers(channels))));
        var augmentation = random.nextBoolean()
                ? PicturesRecipe.Augmentation.NONE
                : new PicturesRecipe.Augmentation(
                        share(), 90 * share(), share(), 60 * share(), share(), share(), share(), share(), share(), random.nextBoolean() ? share() : 0, 0);
        return new DataRecipe.Images(
                source(), held(), new PicturesRecipe.Held.Apart(source()), random.nextInt(3) * count(),
                new PicturesRecipe.Shape(count(), count(), channels, one(PicturesRecipe.Fit.values())), normalization, augmentation,
                random.nextBoolean() ? List.of() : List.of(source(), source()),
                random.nextBoolean() ? List.of() : List.of("a class: 1", "3"));
    }

    private List<Double> numbers(int many) {
        return random.doubles(many, 0.01, 1).boxed().toList();
    }

    private PicturesRecipe.Held held() {
        return one(List.of(new PicturesRecipe.Held.None(), new PicturesRecipe.Held.Fraction(share()), new PicturesRecipe.Held.Apart(source())));
    }

    private PicturesRecipe.Source source() {
        return one(List.of(
                new PicturesRecipe.Source.Folder(Path.of("pets of mine")),
                new PicturesRecipe.Source.Table(Path.of("a.csv"), "x = 'y: {z}'", "file: name", ""),
                new PicturesRecipe.Source.Idx(Path.of("a.gz"), Path.of("")),
                new PicturesRecipe.Source.Pixels(Path.of("p.csv"), "", "digit", count(), count(), one(List.of(1, 3))),
                new PicturesRecipe.Source.Glyphs(one(PicturesRecipe.Alphabet.values()), count(), random.nextLong()),
                new PicturesRecipe.Source.Generator("runs/gan #1", count(), random.nextLong())));
    }
}
