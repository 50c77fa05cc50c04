package dev.cultivar.report;

import java.util.List;

/// A report as a value: what it says, in order, and nothing of how it looks.
///
/// @param title    its name
/// @param subtitle a line below it, or empty
/// @param blocks   its content, in order
public record Document(String title, String subtitle, List<Block> blocks) {
    public Document {
        blocks = List.copyOf(blocks);
    }
}
