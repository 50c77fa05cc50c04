package dev.cultivar.report;

import dev.cultivar.report.Block.Align;
import dev.cultivar.report.Block.Bars;
import dev.cultivar.report.Block.Card;
import dev.cultivar.report.Block.Cards;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Code;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.ConfusionMatrix;
import dev.cultivar.report.Block.Fact;
import dev.cultivar.report.Block.Facts;
import dev.cultivar.report.Block.Frame;
import dev.cultivar.report.Block.Gallery;
import dev.cultivar.report.Block.Heading;
import dev.cultivar.report.Block.HeatMap;
import dev.cultivar.report.Block.Image;
import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Paragraph;
import dev.cultivar.report.Block.Part;
import dev.cultivar.report.Block.ShadedText;
import dev.cultivar.report.Block.Share;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.Block.View;
import java.util.Base64;
import java.util.List;

/// Writes a document as one HTML page that needs nothing else: style and pictures inside, no script, no font, no address.
///
/// The page's own content security policy forbids whatever it does not need, so even a hole in the escaping could not
/// load or run anything.
public final class Html {
    private static final String POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    private static final int LONG_TABLE = 25;
    private static final int LISTED_MISTAKES = 10;

    private final Markup page = new Markup();
    private int figures;
    private int tables;
    private int sections;
    private int ids;

    private Html() {}

    /// The whole page.
    public static String render(Document document) {
        return new Html().page(document);
    }

    private String page(Document document) {
        page.constant("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", document.title()).newline();
        page.open("style").constant("\n" + Style.SHEET).close("style").close("head").newline();
        page.open("body").open("main").newline().open("header").element("h1", document.title());
        if (!document.subtitle().isBlank()) {
            page.element("p", document.subtitle(), "class", "subtitle");
        }
        page.close("header").newline();
        contents(document.blocks());
        document.blocks().forEach(this::block);
        page.open("footer").text("Written by Cultivar.").close("footer").close("main").close("body").close("html").newline();
        return page.toString();
    }

    private void contents(List<Block> blocks) {
        List<String> names = blocks.stream()
                .filter(block -> block instanceof Heading heading && heading.level() == 2)
                .map(block -> ((Heading) block).text()).toList();
        if (names.size() < 3) {
            return;
        }
        page.open("nav", "aria-label", "Contents");
        for (int k = 0; k < names.size(); k++) {
            page.element("a", names.get(k), "href", "#section-" + (k + 1));
        }
        page.close("nav").newline();
    }

    private void block(Block block) {
        switch (block) {
            case Heading(int level, String text) when level == 2 -> page.element("h2", text, "id", "section-" + ++sections);
            case Heading(int _, String text) -> page.element("h3", text);
            case Paragraph(String text) -> page.element("p", text);
            case Table table -> table(table);
            case LineChart chart -> figure(chart.title(), chart.note(), id -> {
                LineDrawing.draw(page, chart, id, true);
                LineDrawing.draw(page, chart, id + "n", false);
            });
            case Bars bars -> figure(bars.title(), bars.note(), id -> {
                BarDrawing.draw(page, bars, id, true);
                BarDrawing.draw(page, bars, id + "n", false);
            });
            case ConfusionMatrix matrix -> confusion(matrix);
            case Image image -> figure(image.title(), image.note(), id -> image(id, "pixels", image.png(), image.alt()));
            case Gallery gallery -> figure(gallery.title(), gallery.note(), id -> gallery(gallery, id));
            case HeatMap map -> figure(map.title(), map.note(), id -> heatMap(map, id));
            case ShadedText text -> figure(text.title(), text.note(), id -> shaded(text));
            case Cards cards -> figure(cards.title(), cards.note(), _ -> cards.cards().forEach(this::card));
            case Code code -> code(code);
            case Facts facts -> facts(facts);
        }
        page.newline();
    }

    private static String data(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    private void card(Card card) {
        page.open("div", "class", "card");
        if (!card.views().isEmpty()) {
            page.open("div", "class", "views");
            for (View view : card.views()) {
                page.open("div", "class", "view");
                page.empty("img", "class", view.pixels() ? "pixels" : "smooth", "alt", view.alt(), "src", data(view.png()));
                page.element("p", view.alt(), "class", "note").close("div");
            }
            page.close("div");
        }
        facts(card.facts());
        page.close("div").newline();
    }

    private interface Drawing {
        void draw(String id);
    }

    private void figure(String title, String note, Drawing drawing) {
        page.open("figure");
        caption("figcaption", "Figure " + ++figures + ".", title);
        drawing.draw("f" + ++ids);
        note(note);
        page.close("figure");
    }

    private void caption(String element, String number, String title) {
        page.open(element, "class", "caption").element("b", number).text(title).close(element).newline();
    }

    private void note(String note) {
        if (!note.isBlank()) {
            page.element("p", note, "class", "note");
        }
    }

    private void openScroll(String title) {
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", title.isBlank() ? "Table" : title).newline();
    }

    private void confusion(ConfusionMatrix matrix) {
        if (matrix.confusion().labels().size() <= ConfusionDrawing.MOST_CLASSES) {
            figure(matrix.title(), matrix.note(), id -> {
                openScroll(matrix.title());
                ConfusionDrawing.draw(page, matrix, id);
                page.close("div");
            });
        }
        Table mistakes = Charts.mistakes(matrix.confusion(), LISTED_MISTAKES);
        if (matrix.confusion().labels().size() > ConfusionDrawing.COUNTED_CLASSES && !mistakes.rows().isEmpty()) {
            table(mistakes);
        }
    }

    private void image(String id, String style, byte[] png, String alt) {
        page.empty("img", "id", id, "class", style, "alt", alt, "src", data(png));
    }

    private void gallery(Gallery gallery, String id) {
        page.open("div", "class", "beside");
        int shown = 0;
        for (Frame frame : gallery.frames()) {
            page.open("div").element("p", frame.name(), "class", "note");
            image(id + "-" + ++shown, "framed", frame.png(), frame.alt());
            page.close("div").newline();
        }
        page.close("div");
    }

    private void heatMap(HeatMap map, String id) {
        openScroll(map.title());
        HeatDrawing.draw(page, map, id);
        page.close("div");
        if (!map.parts().isEmpty()) {
            page.open("div", "class", "beside");
            for (Part part : map.parts()) {
                page.open("div").element("p", part.name(), "class", "note");
                HeatDrawing.small(page, map, part);
                page.close("div").newline();
            }
            page.close("div");
        }
    }

    private void shaded(ShadedText text) {
        double most = text.pieces().stream().mapToDouble(Share::share).max().orElse(1);
        page.open("p", "class", "shaded");
        for (Share piece : text.pieces()) {
            page.open("span", "style", "--share: " + Markup.number(100 * Math.sqrt(piece.share() / Math.max(most, Double.MIN_NORMAL))) + "%");
            page.text(piece.text()).element("small", Charts.share(piece.share())).close("span").newline();
        }
        page.close("p");
    }

    private void table(Table table) {
        page.open("figure", "class", table.rows().size() > LONG_TABLE ? "long" : "short");
        caption("figcaption", "Table " + ++tables + ".", table.title());
        openScroll(table.title());
        page.open("table").open("thead").open("tr");
        for (Column column : table.columns()) {
            page.element("th", column.name(), "scope", "col", "class", column.align() == Align.RIGHT ? "number" : "words");
        }
        page.close("tr").close("thead").newline().open("tbody");
        for (List<Cell> row : table.rows()) {
            page.open("tr");
            for (int k = 0; k < row.size(); k++) {
                cell(row.get(k), table.columns().get(k).align());
            }
            page.close("tr").newline();
        }
        page.close("tbody").close("table").close("div");
        note(table.note());
        page.close("figure");
    }

    private void cell(Cell cell, Align align) {
        page.open("td", "class", (align == Align.RIGHT ? "number" : "words") + (cell.best() ? " best" : "")).text(cell.text());
        if (!cell.detail().isBlank()) {
            page.constant(" ").element("span", cell.detail(), "class", "detail");
        }
        page.close("td");
    }

    private void code(Code code) {
        if (code.folded()) {
            page.open("details").element("summary", code.title());
        } else {
            page.open("div", "class", "code");
            if (!code.title().isBlank()) {
                page.element("p", code.title(), "class", "caption");
            }
        }
        page.open("pre", "tabindex", "0").element("code", code.text(), "class", "language-" + code.language()).close("pre");
        page.close(code.folded() ? "details" : "div");
    }

    private void facts(Facts facts) {
        page.open("figure");
        if (!facts.title().isBlank()) {
            page.element("figcaption", facts.title());
        }
        facts(facts.facts());
        page.close("figure");
    }

    private void facts(List<Fact> facts) {
        page.open("dl");
        for (Fact fact : facts) {
            page.element("dt", fact.key()).element("dd", fact.value());
        }
        page.close("dl");
    }
}
