package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Draw;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class InputsTest {

    /// What stands in for a field stays, whichever part of the network reads it.
    @Test
    void aGivenTensorOutlastsTheViewsOfABatch() {
        try (var scope = Scope.open()) {
            Inputs plain = Inputs.of(ImageBackbonesTest.Kind.VIT.batch());
            Inputs given = plain.with(ImageShape.PIXELS, torch.zeros_like(plain.tensor(ImageShape.PIXELS)));
            for (Inputs each : new Inputs[] {given, given.firstToken(), given.upTo(1), given.with("other", plain.tensor(ImageShape.PIXELS))}) {
                assertThat(Tensors.floats(each.tensor(ImageShape.PIXELS))).containsOnly(0f);
            }
            assertThat(Tensors.floats(plain.tensor(ImageShape.PIXELS))).contains((float) Draw.unit(5, 0) - 0.5f);
        }
    }
}
