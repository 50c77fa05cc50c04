package dev.cultivar.run;

import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.MatrixPeak;
import dev.cultivar.torch.Torch;

/// Decides what a recipe leaves to the machine, by measurement, once: the resolved recipe says what was decided.
final class Device {
    /// bfloat16 is chosen where its matrix products are at least so much faster.
    private static final double WORTHWHILE = 1.3;

    private Device() {}

    static DeviceRecipe resolve(DeviceRecipe recipe) {
        if (recipe.kind() == DeviceRecipe.Kind.CUDA) {
            throw new RecipeException("device.kind cuda needs natives that this build does not have; use cpu");
        }
        int threads = switch (recipe.threads()) {
            case DeviceRecipe.Threads.Auto auto -> Runtime.getRuntime().availableProcessors();
            case DeviceRecipe.Threads.Count(int count) -> count;
        };
        Torch.threads(threads);
        DeviceRecipe.Precision precision = switch (recipe.precision()) {
            case AUTO -> gain(MatrixPeak.measureBriefly()) >= WORTHWHILE ? DeviceRecipe.Precision.BFLOAT16 : DeviceRecipe.Precision.FLOAT32;
            case FLOAT32, BFLOAT16 -> recipe.precision();
        };
        return new DeviceRecipe(recipe.kind(), new DeviceRecipe.Threads.Count(threads), precision);
    }

    private static double gain(MatrixPeak peak) {
        return peak.bfloat16Gflops() / peak.float32Gflops();
    }
}
