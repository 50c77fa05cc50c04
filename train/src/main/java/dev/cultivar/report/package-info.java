/// From a run's numbers to pages that people read.
///
/// A report is a value: [Document][dev.cultivar.report.Document], a list of [Block][dev.cultivar.report.Block]s.
/// [Html][dev.cultivar.report.Html] makes one self-contained page of it, [Markdown][dev.cultivar.report.Markdown] a text,
/// and [TextTable][dev.cultivar.report.TextTable] prints its tables on a terminal.
/// [ModelCard][dev.cultivar.report.ModelCard] is the `README.md` beside a model;
/// [EventFiles][dev.cultivar.report.EventFiles] feeds TensorBoard.
///
/// A picture is drawn by a class of its own (`LineDrawing`, `BarDrawing`, `ConfusionDrawing`, `HeatDrawing`) into `Markup`, which is the
/// only place that writes a tag, so that text from a user's data can only ever be text.
@NullMarked
package dev.cultivar.report;

import org.jspecify.annotations.NullMarked;
