package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import dev.cultivar.recipe.DataRecipe.Source;
import dev.cultivar.zoo.Synset;
import dev.cultivar.zoo.WordNet;
import java.util.List;

/// Rows of the embedded dictionary.
///
/// @param part for messages
record ZooExamples(String part, List<Synset> synsets, Columns columns) implements Examples {
    private static final List<String> COLUMNS = List.of("definition", "example", "lexname", "synset");

    static ZooExamples open(Source.Zoo source, Columns columns) {
        if (!source.name().equals("wordnet")) {
            throw new DataException("the zoo has no data called '" + source.name() + "'; it has 'wordnet'");
        }
        String name = "zoo wordnet/" + source.part();
        if (columns.text().isEmpty()) {
            throw new DataException(name + ": data.columns.text names no column; there are " + COLUMNS);
        }
        for (String column : Header.names(columns)) {
            if (!COLUMNS.contains(column)) {
                throw new DataException(name + ": no column '" + column + "'; there are " + COLUMNS + "."
                        + Nearest.hint(column, COLUMNS));
            }
        }
        try {
            return new ZooExamples(name, WordNet.parts().rows(source.part(), source.rows()), columns);
        } catch (IllegalArgumentException e) {
            throw new DataException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String name() {
        return part;
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        EmptyCells noText = new EmptyCells(columns.text());
        EmptyCells noLabel = new EmptyCells(columns.label());
        for (int i = 0; i < synsets.size(); i++) {
            Synset synset = synsets.get(i);
            Example example = new Example(i + 1, cell(synset, columns.text()), cell(synset, columns.pair()), cell(synset, columns.label()));
            noText.see(example.text().isEmpty(), i + 1);
            noLabel.see(!columns.label().isEmpty() && example.label().isEmpty(), i + 1);
            sink.row(example);
        }
        noText.refuse(this, "Choose a column that every row has.");
        noLabel.refuse(this, "Choose a column that every row has.");
    }

    private static String cell(Synset synset, String column) {
        return switch (column) {
            case "definition" -> synset.definition();
            case "example" -> synset.example();
            case "lexname" -> synset.lexname();
            case "synset" -> synset.id();
            default -> "";
        };
    }
}
