package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// One source after all of it was read once: which of its documents stay, and a hash of what was read.
///
/// @param documents as they are read
/// @param verdicts  on each of them
/// @param digest    SHA-256 of all texts, those that do not stay too
/// @param tally     what was counted while reading
/// @param dropped   counts by step and reason
/// @param forget    called where the documents turn out to be others than those that were read
record Survey(SourceDocuments documents, Verdicts verdicts, String digest, Tally tally, Map<Reason, Count> dropped, Runnable forget)
        implements AutoCloseable {
    private static final int BATCH_DOCUMENTS = 1_024;
    private static final int BATCH_CHARACTERS = 1 << 21;

    /// Why documents were left out.
    record Reason(int step, String text) {}

    /// How many, and where the first one is.
    record Count(long documents, String example) {}

    /// Reads a source through the filters, which know the sources before it.
    ///
    /// @param filters by the number of their step
    static Survey of(SourceDocuments documents, Map<Integer, Filter> filters, Path folder, Progress progress) {
        Tally tally = new Tally(progress, "reading " + documents.name(), documents.sizeBytes());
        Pass pass = new Pass(filters, new Verdicts(folder));
        boolean done = false;
        try {
            documents.each(tally, pass::add);
            pass.flush();
            pass.verdicts.finish();
            done = true;
            return new Survey(documents, pass.verdicts, pass.digest.hex(), tally, pass.dropped, () -> {});
        } finally {
            if (!done) {
                pass.verdicts.close();
            }
        }
    }

    void drop(long document, int step, String reason, String place) {
        verdicts.revoke(document, step);
        count(dropped, step, reason, place);
    }

    private static void count(Map<Reason, Count> dropped, int step, String reason, String place) {
        dropped.merge(new Reason(step, reason), new Count(1, place), (a, b) -> new Count(a.documents + 1, a.example));
    }

    /// How many characters stay.
    long characters() {
        long characters = 0;
        for (long document = 0; document < verdicts.documents(); document++) {
            characters += verdicts.characters(document);
        }
        return characters;
    }

    CorpusReport.Source report(List<CorpusRecipe.Step> steps) {
        long kept = 0;
        for (long document = 0; document < verdicts.documents(); document++) {
            kept += verdicts.isKept(document) ? 1 : 0;
        }
        List<CorpusReport.Dropped> reasons = new ArrayList<>();
        for (int step = 0; step < steps.size(); step++) {
            for (Map.Entry<Reason, Count> entry : dropped.entrySet()) {
                if (entry.getKey().step() == step) {
                    reasons.add(new CorpusReport.Dropped(Filters.name(steps.get(step)), entry.getKey().text(), entry.getValue().documents(), entry.getValue().example()));
                }
            }
        }
        return new CorpusReport.Source(documents.name(), documents.source().weight(), tally.files, documents.sizeBytes(), verdicts.documents(),
                characters(), kept, OptionalLong.empty(), reasons, notes());
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        note(notes, tally.empty, "%,d files or rows without text: " + String.join(", ", tally.emptyNames) + (tally.empty > tally.emptyNames.size() ? ", ..." : ""));
        note(notes, tally.invalid, "%,d bytes that are no UTF-8 were "
                + (documents.source().invalid() == CorpusRecipe.Invalid.DROP ? "left out" : "replaced") + ", the first at " + tally.firstInvalid);
        note(notes, tally.nul, "%,d NUL characters were left out, the first at " + tally.firstNul);
        note(notes, tally.cut, "%,d documents are longer than " + String.format(Locale.ROOT, "%,d", Cut.DOCUMENT)
                + " characters and were filtered in parts; their tokens stay together");
        return notes;
    }

    private static void note(List<String> notes, long count, String text) {
        if (count > 0) {
            notes.add(String.format(Locale.ROOT, text.substring(0, 3), count) + text.substring(3));
        }
    }

    /// Refuses a source of which nothing is left.
    void refuseEmpty(List<CorpusRecipe.Step> steps) {
        CorpusReport.Source report = report(steps);
        if (report.kept() == 0) {
            throw new DataException("source " + documents.name() + " is empty: "
                    + (report.documents() == 0 ? "no file or row of it holds a text" : "none of its " + String.format(Locale.ROOT, "%,d", report.documents()) + " documents is left")
                    + ". Loosen what leaves them out, or leave the source out of the corpus" + String.join("\n", CorpusReport.lines(report)));
        }
    }

    @Override
    public void close() {
        verdicts.close();
    }

    /// Collects documents, so that all cores look at them; what is decided is decided in their order.
    private static final class Pass {
        private final Map<Integer, Filter> filters;
        private final Verdicts verdicts;
        private final TextDigest digest = new TextDigest();
        private final Map<Reason, Count> dropped = new LinkedHashMap<>();
        private final List<Document> batch = new ArrayList<>();
        private int characters;

        Pass(Map<Integer, Filter> filters, Verdicts verdicts) {
            this.filters = filters;
            this.verdicts = verdicts;
        }

        void add(Document document) {
            batch.add(document);
            characters += document.text().length();
            if (batch.size() == BATCH_DOCUMENTS || characters >= BATCH_CHARACTERS) {
                flush();
            }
        }

        void flush() {
            List<Map<Integer, Supplier<String>>> looks = IntStream.range(0, batch.size()).parallel().mapToObj(i -> look(batch.get(i))).toList();
            for (int i = 0; i < batch.size(); i++) {
                decide(batch.get(i), looks.get(i));
                digest.add(batch.get(i));
            }
            batch.clear();
            characters = 0;
        }

        private Map<Integer, Supplier<String>> look(Document document) {
            Map<Integer, Supplier<String>> looks = new LinkedHashMap<>();
            for (Map.Entry<Integer, Filter> entry : filters.entrySet()) {
                Supplier<String> look = entry.getValue().look(document);
                looks.put(entry.getKey(), look);
                if (entry.getValue().isStateless() && !look.get().isEmpty()) {
                    break; // the steps after it never see the document
                }
            }
            return looks;
        }

        private void decide(Document document, Map<Integer, Supplier<String>> looks) {
            for (Map.Entry<Integer, Supplier<String>> look : looks.entrySet()) {
                String reason = look.getValue().get();
                if (!reason.isEmpty()) {
                    verdicts.drop(look.getKey());
                    count(dropped, look.getKey(), reason, document.place());
                    return;
                }
            }
            verdicts.keep(document.text().length(), document.continued());
        }
    }
}
