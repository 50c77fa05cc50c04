package probes;

import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.objective.Measurement;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The mean of a number over batches, the higher the better.
final class Measured implements Measurement {
    private final String name;
    private final ToDoubleFunction<Inputs> number;
    private double sum;
    private int batches;

    Measured(String name, ToDoubleFunction<Inputs> number) {
        this.name = name;
        this.number = number;
    }

    @Override
    public void add(Inputs inputs) {
        sum += number.applyAsDouble(inputs);
        batches++;
    }

    @Override
    public List<Metric> metrics() {
        double value = sum / batches;
        return List.of(new Metric(name, value, value, value, Direction.HIGHER));
    }
}
