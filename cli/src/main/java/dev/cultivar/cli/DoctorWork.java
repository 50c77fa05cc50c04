package dev.cultivar.cli;

import dev.cultivar.torch.MatrixPeak;
import dev.cultivar.torch.Torch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Shows what the machine offers and how fast it multiplies matrices; fails where libtorch does not load.
record DoctorWork() implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        var found = new LinkedHashMap<String, Object>(Machine.survey());
        boolean loads = libtorch(console, found);
        console.document(found);
        if (!console.json()) {
            print(console, "", found);
        }
        return loads ? Exit.DONE : Exit.FAILED;
    }

    private static boolean libtorch(Console console, Map<String, Object> found) {
        var libtorch = new LinkedHashMap<String, Object>();
        found.put("libtorch", libtorch);
        try {
            libtorch.put("version", Torch.version());
            libtorch.put("vectors", Torch.vectors());
            libtorch.put("threads", Torch.threads());
            libtorch.put("loads", true);
            console.note("measuring matrix products, a few seconds ...");
            MatrixPeak peak = MatrixPeak.measure();
            var measured = new LinkedHashMap<String, Object>();
            measured.put("size", peak.size());
            measured.put("float32_gflops", rounded(peak.float32Gflops()));
            measured.put("bfloat16_gflops", rounded(peak.bfloat16Gflops()));
            found.put("matrix_product_measured", measured);
            return true;
        } catch (LinkageError | RuntimeException broken) {
            libtorch.put("loads", false);
            libtorch.put("reason", String.valueOf(broken.getMessage()).lines().findFirst().orElse(""));
            return false;
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static void print(Console console, String indent, Map<?, ?> found) {
        found.forEach((name, value) -> {
            String label = indent + String.valueOf(name).replace('_', ' ');
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
                console.line(label);
                print(console, indent + "  ", inner);
            } else {
                console.line(String.format(Locale.ROOT, "%-28s %s", label, value instanceof Map ? "nothing that matters" : value));
            }
        });
    }
}
