package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe.Step;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.text.Pieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// The documents of a recipe's sources, cleaned and parted; read from their files again whenever they are asked for, so that a corpus
/// larger than memory costs no more of it than a small one.
///
/// Opening reads everything once, through the cleaning steps: a document is compared with those before it in all sources. Then each
/// source is parted by place, its last characters being held out, and decontamination goes over what is learned from.
public final class Corpus implements AutoCloseable {
    private final CorpusRecipe recipe;
    private final List<Survey> surveys = new ArrayList<>();
    private final List<Span[]> spans = new ArrayList<>();
    private final Progress progress;

    /// What documents are for.
    public enum Part { TRAIN, VALIDATION, TEST }

    private Corpus(CorpusRecipe recipe, Progress progress) {
        this.recipe = recipe;
        this.progress = progress;
    }

    /// Reads and cleans.
    ///
    /// @param validation share of each source's characters to choose by, 0 for none
    /// @param test       share to report on, 0 for none
    /// @param apart      what else is measured on, to decontaminate against
    /// @param scratch    a folder for small files that are gone when the corpus is closed
    public static Corpus open(CorpusRecipe recipe, double validation, double test, List<Documents> apart, Path scratch, Progress progress) {
        return open(recipe, validation, test, apart, scratch, false, progress);
    }

    /// The same; what reading found is kept, so that files that have not changed are not read again (see `SurveyCache`).
    ///
    /// @param cache a folder that stays
    public static Corpus openKept(CorpusRecipe recipe, double validation, double test, List<Documents> apart, Path cache, Progress progress) {
        return open(recipe, validation, test, apart, cache, true, progress);
    }

    private static Corpus open(
            CorpusRecipe recipe, double validation, double test, List<Documents> apart, Path scratch, boolean kept, Progress progress) {
        if (validation < 0 || test < 0 || validation + test >= 1) {
            throw new DataException("validation and test take " + validation + " + " + test + " of a corpus, which leaves nothing to learn from");
        }
        Corpus corpus = new Corpus(recipe, progress);
        boolean done = false;
        try {
            List<SourceDocuments> sources = recipe.sources().stream().map(source -> SourceDocuments.open(source).strict()).toList();
            Optional<SurveyCache> cache =
                    kept ? SurveyCache.of(recipe, validation, test, sources, corpus.compared(apart), scratch) : Optional.empty();
            Optional<SurveyCache.Found> found = cache.flatMap(each -> each.read(sources, scratch, progress));
            if (found.isPresent()) {
                corpus.surveys.addAll(found.get().surveys());
                corpus.spans.addAll(found.get().spans());
            } else {
                corpus.read(sources, validation, test, apart, scratch);
                cache.ifPresent(each -> each.write(new SurveyCache.Found(corpus.surveys, corpus.spans)));
            }
            done = true;
            return corpus;
        } finally {
            if (!done) {
                corpus.close();
            }
        }
    }

    /// The corpus that a recipe is trained on; nothing where it is trained on other data.
    ///
    /// @param scratch for small files that nobody has to delete
    public static Optional<Corpus> of(DataRecipe data, Path scratch, Progress progress) {
        if (!(data instanceof DataRecipe.Rows rows) || !(rows.train() instanceof DataRecipe.Source.Corpus(CorpusRecipe recipe))) {
            return Optional.empty();
        }
        boolean compared = recipe.clean().stream().anyMatch(step -> step instanceof Step.Decontamination);
        List<Documents> apart = compared
                ? Stream.concat(Stream.of(rows.validation(), rows.test()), rows.also().values().stream().map(DataRecipe.Held.Apart::new))
                        .flatMap(held -> apart(held, rows.columns().text()).stream())
                        .toList()
                : List.of();
        return Optional.of(open(recipe, fraction(rows.validation()), fraction(rows.test()), apart, scratch, progress));
    }

    private static double fraction(DataRecipe.Held held) {
        return held instanceof DataRecipe.Held.Fraction part ? part.fraction() : 0;
    }

    private static List<Documents> apart(DataRecipe.Held held, String column) {
        return switch (held) {
            case DataRecipe.Held.Fraction _, DataRecipe.Held.None _ -> List.of();
            case DataRecipe.Held.Apart(DataRecipe.Source source) -> switch (source) {
                case DataRecipe.Source.Table table -> List.of(measured(CorpusRecipe.Place.Files.of(table.path().toString()), column));
                case DataRecipe.Source.Sql(String query) -> List.of(measured(new CorpusRecipe.Place.Sql(query), column));
                case DataRecipe.Source.Corpus(CorpusRecipe recipe) -> recipe.sources().stream().<Documents>map(SourceDocuments::open).toList();
                case DataRecipe.Source.Zoo zoo -> throw new DataException("data.train.clean: decontamination cannot compare with zoo " + zoo.name()
                        + "; leave the step out, or hold out a fraction or files");
            };
        };
    }

    private static SourceDocuments measured(CorpusRecipe.Place place, String column) {
        return SourceDocuments.open(new CorpusRecipe.Source(place, 1, CorpusRecipe.Document.PARAGRAPH, column,
                CorpusRecipe.Invalid.REFUSE, CorpusRecipe.Nul.REFUSE));
    }

    /// What decides, beside the sources, which documents stay.
    private List<Documents> compared(List<Documents> apart) {
        List<Documents> compared = new ArrayList<>();
        for (Step step : recipe.clean()) {
            if (step instanceof Step.Decontamination decontamination) {
                compared.addAll(apart);
                if (!decontamination.files().isEmpty()) {
                    compared.add(measured(decontamination.files()));
                }
            }
        }
        return compared;
    }

    private static SourceDocuments measured(List<String> patterns) {
        return measured(new CorpusRecipe.Place.Files(patterns, List.of(), List.of()), "text");
    }

    private void read(List<SourceDocuments> sources, double validation, double test, List<Documents> apart, Path scratch) {
        survey(sources, scratch);
        for (Survey survey : surveys) {
            survey.refuseEmpty(recipe.clean());
            spans.add(Span.split(survey.verdicts(), survey.characters(), validation, test));
        }
        decontaminate(apart);
        surveys.forEach(survey -> survey.refuseEmpty(recipe.clean()));
        refuseEmptyParts(validation, test);
    }

    private void survey(List<SourceDocuments> sources, Path scratch) {
        Map<Integer, Filter> filters = new LinkedHashMap<>();
        try {
            for (int step = 0; step < recipe.clean().size(); step++) {
                int number = step;
                Filters.of(recipe.clean().get(step)).ifPresent(filter -> filters.put(number, filter));
            }
            for (SourceDocuments source : sources) {
                surveys.add(Survey.of(source, filters, scratch, progress));
            }
        } finally {
            filters.values().forEach(Filter::close);
        }
    }

    private void decontaminate(List<Documents> apart) {
        for (int number = 0; number < recipe.clean().size(); number++) {
            if (recipe.clean().get(number) instanceof Step.Decontamination step) {
                Contamination contamination = new Contamination(step);
                apart.forEach(documents -> documents.each(document -> contamination.add(document.text())));
                documents(Part.VALIDATION).each(document -> contamination.add(document.text()));
                documents(Part.TEST).each(document -> contamination.add(document.text()));
                if (!step.files().isEmpty()) {
                    measured(step.files()).each(document -> contamination.add(document.text()));
                }
                documents(Part.TRAIN).each(document -> contamination.count(document.text()));
                for (int source = 0; source < surveys.size(); source++) {
                    Survey survey = surveys.get(source);
                    int order = number;
                    part(source, Part.TRAIN).numbered((at, document) -> {
                        if (contamination.touches(document.text())) {
                            survey.drop(at, order, "shares " + step.words() + " words in a row with what is measured on", document.place());
                        }
                    });
                }
            }
        }
    }

    private void refuseEmptyParts(double validation, double test) {
        for (Part part : Part.values()) {
            boolean wanted = part == Part.TRAIN || (part == Part.VALIDATION ? validation : test) > 0;
            for (int source = 0; wanted && source < surveys.size(); source++) {
                if (characters(source, part) == 0) {
                    throw new DataException("source " + name(source) + " has too little text for its fractions: none is left for "
                            + part.name().toLowerCase(java.util.Locale.ROOT) + ". Give more text, other fractions, or a part of its own"
                            + String.join("\n", CorpusReport.lines(surveys.get(source).report(recipe.clean()))));
                }
            }
        }
    }

    private long characters(int source, Part part) {
        Span span = spans.get(source)[part.ordinal()];
        Verdicts verdicts = surveys.get(source).verdicts();
        long characters = -(verdicts.documents() > span.document() && verdicts.isKept(span.document()) ? span.character() : 0);
        for (long document = span.document(); document < span.toDocument(); document++) {
            characters += verdicts.characters(document);
        }
        return characters + (span.toCharacter() > 0 && verdicts.isKept(span.toDocument()) ? span.toCharacter() : 0);
    }

    /// What there is, and what was left out.
    public CorpusReport report() {
        return new CorpusReport(surveys.stream().map(survey -> survey.report(recipe.clean())).toList());
    }

    /// How many sources there are.
    public int sources() {
        return surveys.size();
    }

    /// What messages call a source.
    public String name(int source) {
        return surveys.get(source).documents().name();
    }

    /// How often an epoch sees each document of a source.
    public double weight(int source) {
        return recipe.sources().get(source).weight();
    }

    private PartDocuments part(int source, Part part) {
        return new PartDocuments(surveys.get(source), spans.get(source)[part.ordinal()], progress);
    }

    /// The documents of one source that lie in a part.
    public Documents documents(int source, Part part) {
        return part(source, part);
    }

    /// The documents of a part, source after source, each once.
    public Documents documents(Part part) {
        return new Documents() {
            @Override
            public String name() {
                return part.name().toLowerCase(java.util.Locale.ROOT) + " part of the corpus";
            }

            @Override
            public Optional<String> stamp() {
                TextDigest stamp = new TextDigest();
                for (int source = 0; source < sources(); source++) {
                    stamp.add(documents(source, part).fingerprint());
                }
                return Optional.of(stamp.hex());
            }

            @Override
            public void each(Sink sink) {
                for (int source = 0; source < sources(); source++) {
                    if (characters(source, part) > 0) {
                        documents(source, part).each(sink);
                    }
                }
            }
        };
    }

    /// The tokens of a part, a stream for each source; found in the cache, or written there, from where a run before it stopped.
    ///
    /// @param end follows each document where it is given
    public List<TokenStream> tokens(Part part, Pieces pieces, OptionalInt end, Path cache) {
        List<TokenStream> streams = new ArrayList<>();
        boolean done = false;
        try {
            for (int source = 0; source < sources(); source++) {
                streams.add(Tokenisation.of(documents(source, part), pieces, end, cache));
            }
            done = true;
            return List.copyOf(streams);
        } finally {
            if (!done) {
                streams.forEach(TokenStream::close);
            }
        }
    }

    @Override
    public void close() {
        surveys.forEach(Survey::close);
    }
}
