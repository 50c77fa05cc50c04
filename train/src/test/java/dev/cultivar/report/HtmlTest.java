package dev.cultivar.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.evaluate.Confusion;
import dev.cultivar.report.Block.Bar;
import dev.cultivar.report.Block.Bars;
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
import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Paragraph;
import dev.cultivar.report.Block.Part;
import dev.cultivar.report.Block.Point;
import dev.cultivar.report.Block.Series;
import dev.cultivar.report.Block.ShadedText;
import dev.cultivar.report.Block.Share;
import dev.cultivar.report.Block.Table;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

class HtmlTest {

    @Test
    void theSampleIsOnePageThatNeedsNothingElse() throws Exception {
        String html = Html.render(SampleReport.document());
        Path kept = Path.of("target", "sample-report.html"); // to be looked at in a browser
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, html);

        assertThat(html).startsWith("<!DOCTYPE html>").contains("<svg", "Cultivar quickstart", "noun.animal");
        assertThat(html).doesNotContainPattern("(?i)<script|<link|<img|<iframe|@import|@font-face|url\\(|https?:|//[a-z]+\\.");
        assertThat(references(parsed(html))).allMatch(value -> value.startsWith("#section-"));
        assertThat(html.length()).isLessThan(700_000);
    }

    @Test
    void aPictureIsPartOfThePage() throws Exception {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G'};
        String html = Html.render(new Document("a", "", List.of(new Block.Image("seven", png, "a \"7\"", "drawn"))));
        assertThat(references(parsed(html))).containsExactly("data:image/png;base64,iVBORw==");
        assertThat(html).contains("alt=\"a &quot;7&quot;\"").contains("img-src data:");
        assertThat(Markdown.render(new Document("a", "", List.of(new Block.Image("seven", png, "a picture", ""))))).contains("seven: a picture, in the report's HTML form");
    }

    @Test
    void picturesStandBesideEachOther() throws Exception {
        var gallery = new Gallery("two", List.of(new Frame("a", new byte[] {1}, "one of them"), new Frame("b", new byte[] {2}, "the other")), "");
        String html = Html.render(new Document("t", "", List.of(gallery)));
        assertThat(references(parsed(html))).containsExactly("data:image/png;base64,AQ==", "data:image/png;base64,Ag==");
        List<String> ids = new ArrayList<>();
        ids(parsed(html), ids);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(Markdown.render(new Document("t", "", List.of(gallery)))).contains("two: one of them; the other, in the report's HTML form");
    }

    @Test
    void aHeatMapNamesItsCellsAndDrawsItsParts() throws Exception {
        float[] shares = {0.25f, 0.75f, 0, 1, 0.5f, 0.5f};
        var map = new HeatMap("who sees whom", "from", List.of("a", "b", "c"), "to", List.of("x", "y"), shares,
                List.of(new Part("head 1", new float[] {1, 0, 1, 0, 0, 1}), new Part("head 2", new float[] {0, 0, 0, 1, 1, 1})), "");
        Element page = parsed(Html.render(new Document("t", "", List.of(map))));
        List<String> cells = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        each(page, element -> {
            if (element.getTagName().equals("title") && ((Element) element.getParentNode()).getTagName().equals("rect")) {
                cells.add(element.getTextContent() + " at " + ((Element) element.getParentNode()).getAttribute("x") + " " + ((Element) element.getParentNode()).getAttribute("y"));
            }
            if (element.getTagName().equals("path")) {
                paths.add(element.getAttribute("d"));
            }
        });
        assertThat(cells).containsExactly("a \u2192 x: 0.250 at 0 0", "a \u2192 y: 0.750 at 1 0", "b \u2192 y: 1.000 at 1 1", "c \u2192 x: 0.500 at 0 2",
                "c \u2192 y: 0.500 at 1 2");
        assertThat(paths).containsExactly("M0 0h1v1h-1zM0 1h1v1h-1zM1 2h1v1h-1z", "M1 1h1v1h-1zM0 2h2v1h-2z"); // a path a shade, neighbours as one
        assertThat(Markdown.render(new Document("t", "", List.of(map)))).contains("| a | y 75 %, x 25 % |", "| b | y 100 % |");
        assertThatThrownBy(() -> new HeatMap("m", "", List.of("a"), "", List.of("x"), new float[2], List.of(), "")).hasMessageContaining("1 rows and 1 columns");
        assertThatThrownBy(() -> new HeatMap("m", "", List.of("a"), "", List.of("x"), new float[1], List.of(new Part("p", new float[2])), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTextIsShadedByTheRootOfItsShares() throws Exception {
        var text = new ShadedText("a text", List.of(new Share("one", 0.64), new Share("two", 0.04), new Share("three", 0)), "");
        List<String> spans = new ArrayList<>();
        each(parsed(Html.render(new Document("t", "", List.of(text)))), element -> {
            if (element.hasAttribute("style")) {
                spans.add(element.getAttribute("style") + " " + element.getTextContent());
            }
        });
        assertThat(spans).containsExactly("--share: 100% one64 %", "--share: 25% two4.0 %", "--share: 0% three0.0 %");
        assertThat(Markdown.render(new Document("t", "", List.of(text)))).contains("| two | 4.0 % |");
    }

    @Test
    void picturesStandTogetherWithWhatIsSaidOfThem() throws Exception {
        String attack = "\"><script>alert(1)</script>";
        var views = List.of(new Block.View(new byte[] {1}, "seen", true), new Block.View(new byte[] {2}, attack, false));
        var cards = new Block.Cards("misread", List.of(new Block.Card(views, List.of(new Fact("class", attack), new Fact("where", "a.csv:3")))), "note");
        String html = Html.render(new Document("a", "", List.of(cards)));
        assertThat(references(parsed(html))).containsExactly("data:image/png;base64,AQ==", "data:image/png;base64,Ag==");
        assertThat(html).contains("class=\"pixels\"", "class=\"smooth\"", "a.csv:3").doesNotContain("<script>");
        assertThat(Markdown.render(new Document("a", "", List.of(cards)))).contains("| class | where |", "a.csv:3").doesNotContain("<script>");
        assertThat(Markdown.render(new Document("a", "", List.of(new Block.Cards("none", List.of(), ""))))).doesNotContain("none");
    }

    @Test
    void noTextBecomesMarkup() throws Exception {
        String attack = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;]]>-->\u0000\u202E</style></svg>";
        var confusion = Confusion.of(new int[] {0, 1, 1}, new int[] {0, 1, 0}, List.of(attack, "b"));
        String html = Html.render(new Document(attack, attack, List.of(
                new Heading(2, attack), new Heading(2, attack), new Heading(3, attack), new Heading(2, attack), new Paragraph(attack),
                new Table(attack, List.of(Column.left(attack)), List.of(List.of(new Cell(attack, attack, true))), attack),
                new LineChart(attack, attack, attack, List.of(new Series(attack, List.of(new Point(1, 2), new Point(2, 1)))), false, attack),
                new Bars(attack, attack, List.of(new Bar(attack, 1, 0, 2)), attack), new ConfusionMatrix(attack, confusion, attack),
                new Code(attack, attack, attack, true), new Code(attack, attack, attack, false),
                new HeatMap(attack, attack, List.of(attack), attack, List.of(attack), new float[] {1}, List.of(new Part(attack, new float[] {1})), attack),
                new ShadedText(attack, List.of(new Share(attack, 1)), attack),
                new Facts(attack, List.of(new Fact(attack, attack))))));

        Set<String> elements = new TreeSet<>();
        Set<String> attributes = new TreeSet<>();
        collect(parsed(html), elements, attributes);
        assertThat(elements).doesNotContain("script", "img");
        assertThat(attributes).doesNotContain("onerror", "src");
        assertThat(html).doesNotContain("\u0000", "\u202E");
        assertThat(parsed(html).getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo(attack.replace('\u0000', '\uFFFD').replace('\u202E', '\uFFFD'));
    }

    @Test
    void whatCannotBeDrawnIsLeftOut() throws Exception {
        var odd = List.of(new Point(0, 1), new Point(1, Double.NaN), new Point(10, 2), new Point(100, Double.POSITIVE_INFINITY));
        String html = Html.render(new Document("t", "", List.of(
                new LineChart("log", "x", "y", List.of(new Series("a", odd)), true, ""),
                new LineChart("empty", "x", "y", List.of(new Series("a", List.of())), false, ""),
                new LineChart("none", "x", "y", List.of(), true, ""),
                new LineChart("flat", "x", "y", List.of(new Series("a", List.of(new Point(3, 0), new Point(3, 0)))), false, ""),
                new Bars("bars", "x", List.of(new Bar("a", Double.NaN, 0, 0), new Bar("b", -1, -2, Double.POSITIVE_INFINITY)), ""),
                new Bars("no bars", "x", List.of(), ""))));

        parsed(html);
        assertThat(html).contains("no data").doesNotContain("NaN", "Infinity");
    }

    @Test
    void idsAreUnique() throws Exception {
        List<String> ids = new ArrayList<>();
        ids(parsed(Html.render(SampleReport.document())), ids);

        assertThat(ids).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    }

    @Test
    void tooManyClassesForAPictureAreStillListed() {
        int K = 150;
        int[] gold = IntStream.range(0, K).toArray();
        int[] predicted = IntStream.range(0, K).map(k -> k == 7 ? 8 : k).toArray();
        var confusion = Confusion.of(gold, predicted, IntStream.range(0, K).mapToObj(k -> "class-" + k).toList());

        assertThat(Html.render(new Document("t", "", List.of(new ConfusionMatrix("c", confusion, "")))))
                .doesNotContain("<svg").contains("class-7").contains("class-8").contains("100 %");
    }

    /// The page is well-formed XML but for its style, so a strict parser finds any tag that text would have made.
    private static Element parsed(String html) throws Exception {
        String body = Pattern.compile("<style>.*?</style>", Pattern.DOTALL).matcher(html).replaceFirst("").replace("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)))
                .getDocumentElement();
    }

    private static List<String> references(Element root) {
        List<String> found = new ArrayList<>();
        each(root, element -> {
            for (String name : List.of("href", "src", "srcset", "data", "action", "xlink:href")) {
                if (element.hasAttribute(name)) {
                    found.add(element.getAttribute(name));
                }
            }
        });
        return found;
    }

    private static void collect(Element root, Set<String> elements, Set<String> attributes) {
        each(root, element -> {
            elements.add(element.getTagName());
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                attributes.add(element.getAttributes().item(i).getNodeName());
            }
        });
    }

    private static void ids(Element root, List<String> ids) {
        each(root, element -> {
            if (element.hasAttribute("id")) {
                ids.add(element.getAttribute("id"));
            }
        });
    }

    private static void each(Element element, Consumer<Element> visitor) {
        visitor.accept(element);
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                each(inner, visitor);
            }
        }
    }
}
