package dev.cultivar.format;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Recognises what people hand over instead of a safetensors file, so that the refusal can say what to do.
final class OtherFormat {
    private static final List<String> PICKLE_ENDINGS = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle");

    private OtherFormat() {}

    /// Why a file that does not begin as a safetensors file does is refused.
    ///
    /// @param first its first bytes, at most nine
    static CheckpointException refusal(Path file, byte[] first, long size) {
        String start = new String(first, StandardCharsets.ISO_8859_1);
        if (isPickle(file, start)) {
            return new CheckpointException(file + ": is a PyTorch pickle; expected a safetensors file. A pickle can run any"
                    + " code when it is read, so Cultivar reads none. Convert it where it comes from, in Python:"
                    + " safetensors.torch.save_file(torch.load('" + file.getFileName()
                    + "', weights_only=True), 'model.safetensors').");
        }
        if (start.startsWith("version ")) {
            return new CheckpointException(file + ": is a Git LFS pointer, not the file that it points to; expected a"
                    + " safetensors file. Run git lfs pull in its folder, or download the file itself.");
        }
        if (start.startsWith("GGUF")) {
            return new CheckpointException(
                    file + ": is a GGUF file; expected a safetensors file. Use the model's original folder.");
        }
        return new CheckpointException(file + ": is not a safetensors file: expected 8 bytes of header length and then '{', got "
                + (first.length < 9 ? "only " + size + " bytes" : "byte " + (first[8] & 0xFF) + " at that place")
                + ". The file is cut short, damaged or of another format: copy, download or write it again.");
    }

    /// A zip archive (torch.save since PyTorch 1.6), a bare pickle of protocol 2 to 5, or anything with a pickle's ending.
    private static boolean isPickle(Path file, String start) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return start.startsWith("PK\3\4")
                || start.length() > 1 && start.charAt(0) == 0x80 && start.charAt(1) >= 2 && start.charAt(1) <= 5
                || PICKLE_ENDINGS.stream().anyMatch(name::endsWith);
    }
}
