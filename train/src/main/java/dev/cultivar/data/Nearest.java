package dev.cultivar.data;

import dev.cultivar.format.Said;
import java.util.Collection;

/// Finds the name that was probably meant.
final class Nearest {
    private Nearest() {}

    /// ` Did you mean 'label'?`, or nothing where no name is near.
    static String hint(String wrong, Collection<String> names) {
        return Said.meant(wrong, names);
    }
}
