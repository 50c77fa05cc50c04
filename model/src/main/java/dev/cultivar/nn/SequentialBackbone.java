package dev.cultivar.nn;

import java.util.List;

/// A backbone over images whose layers have parameters in one module each.
interface SequentialBackbone extends ImageBackbone {

    /// The modules, from depth 1.
    List<String> modules();

    @Override
    default int layers() {
        return modules().size();
    }

    @Override
    default int depth(String parameter) {
        List<String> modules = modules();
        for (int i = 0; i < modules.size(); i++) {
            if (parameter.startsWith(modules.get(i) + ".")) {
                return i + 1;
            }
        }
        return -1;
    }
}
