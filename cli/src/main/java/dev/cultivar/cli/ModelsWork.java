package dev.cultivar.cli;

import dev.cultivar.format.Said;
import dev.cultivar.hub.Hub;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.TextTable;
import dev.cultivar.zoo.Models;
import dev.cultivar.zoo.ZooModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists the models that can be named, with what of them lies on this machine.
record ModelsWork() implements Work {

    @Override
    public Exit run(Console console) {
        return list(console, System.getenv());
    }

    static Exit list(Console console, Map<String, String> environment) {
        Models models = Models.with(environment, Hub.Listener.NONE);
        List<Hub.Kept> kept = models.ofHub();
        console.document(document(models, kept));
        List<List<Cell>> zoo = new ArrayList<>();
        for (ZooModel model : ZooModel.all()) {
            zoo.add(List.of(Cell.of(model.name()), Cell.of(model.title()), Cell.of(Said.bytes(model.bytes())), Cell.of(model.licence()),
                    Cell.of(models.has(model) ? models.place(model).toString() : "not written out yet")));
        }
        console.line(TextTable.render(new Table("", List.of(
                Column.left("name"), Column.left("model"), Column.right("size"), Column.left("licence"), Column.left("folder")), zoo, "")));
        if (!kept.isEmpty()) {
            List<List<Cell>> hub = new ArrayList<>();
            kept.forEach(each -> hub.add(List.of(Cell.of("hf:" + each.repository()), Cell.of(String.join(", ", each.revisions())),
                    Cell.of(each.commit().substring(0, Math.min(12, each.commit().length()))), Cell.of(Said.bytes(each.bytes())),
                    Cell.of(each.complete() ? "whole" : "in part, or no model that is read"))));
            console.line(TextTable.render(new Table("", List.of(
                    Column.left("in the hub's cache"), Column.left("revision"), Column.left("commit"), Column.right("size"), Column.left("is there")),
                    hub, "")));
        }
        return Exit.DONE;
    }

    private static Map<String, Object> document(Models models, List<Hub.Kept> kept) {
        List<Object> zoo = new ArrayList<>();
        for (ZooModel model : ZooModel.all()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("name", model.name());
            each.put("title", model.title());
            each.put("description", model.description());
            each.put("licence", model.licence());
            each.put("source", model.source());
            each.put("bytes", model.bytes());
            each.put("folder", models.place(model).toString());
            each.put("present", models.has(model));
            zoo.add(each);
        }
        List<Object> hub = new ArrayList<>();
        for (Hub.Kept one : kept) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("name", "hf:" + one.repository());
            each.put("revisions", one.revisions());
            each.put("commit", one.commit());
            each.put("bytes", one.bytes());
            each.put("folder", one.folder().toString());
            each.put("complete", one.complete());
            hub.add(each);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("zoo", zoo);
        document.put("hub", hub);
        return document;
    }
}
