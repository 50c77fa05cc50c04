package dev.cultivar.run;

import dev.cultivar.recipe.BatchingRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.MatrixPeak;
import dev.cultivar.torch.Torch;

/// Decides what a recipe leaves to the machine, by measurement, once: the resolved recipe says what was decided.
final class Device {
    /// bfloat16 is chosen where its matrix products are at least so much faster.
    private static final double WORTHWHILE = 1.3;

    /// Of a part that a thread computes alone.
    private static final long LEAST_TOKENS = 256;

    private Device() {}

    static DeviceRecipe resolve(DeviceRecipe recipe, BatchingRecipe batching, DataRecipe data) {
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
        int replicas = switch (recipe.replicas()) {
            case DeviceRecipe.Threads.Auto auto -> replicas(threads, batching);
            case DeviceRecipe.Threads.Count(int count) -> Math.min(count, threads);
        };
        return new DeviceRecipe(
                recipe.kind(), new DeviceRecipe.Threads.Count(threads), new DeviceRecipe.Threads.Count(replicas), precision, memoryFormat(recipe, data),
                recipe.gradientCheckpointing());
    }

    /// Channels last where networks have maps: no network that was measured computed faster otherwise.
    private static DeviceRecipe.MemoryFormat memoryFormat(DeviceRecipe recipe, DataRecipe data) {
        return switch (recipe.memoryFormat()) {
            case AUTO -> data instanceof DataRecipe.Images ? DeviceRecipe.MemoryFormat.CHANNELS_LAST : DeviceRecipe.MemoryFormat.CONTIGUOUS;
            case CONTIGUOUS, CHANNELS_LAST -> recipe.memoryFormat();
        };
    }

    /// Micro-batches, or parts of a large one, are shared between threads: each computes with matrices that are still large
    /// enough, and no operator waits for another thread. Adding up the replicas' gradients takes time that grows with the
    /// model and not with the step, so a small step is not cut.
    static int replicas(int threads, BatchingRecipe batching) {
        if (batching.accumulation() > 1) {
            return Math.min(threads, batching.accumulation());
        }
        long tokens = switch (batching.budget()) {
            case BatchingRecipe.Budget.Tokens budget -> budget.tokens();
            case BatchingRecipe.Budget.Rows budget -> (long) budget.rows() * batching.maxLength();
        };
        return (int) Math.clamp(tokens / LEAST_TOKENS, 1, threads);
    }

    private static double gain(MatrixPeak peak) {
        return peak.bfloat16Gflops() / peak.float32Gflops();
    }
}
