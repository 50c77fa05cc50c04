package dev.cultivar.cli;

import dev.cultivar.generate.Continuation;
import dev.cultivar.generate.Generated;
import dev.cultivar.generate.Limits;
import dev.cultivar.generate.Sampling;
import dev.cultivar.generate.TextGenerator;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Goes on with texts.
record GenerateWork(String run, List<String> prompts, Optional<Integer> tokens, Choice choice, boolean slide, List<Path> extensions) implements Work {
    /// New tokens where nobody says how many.
    private static final int MANY = 200;

    /// How a token is chosen, as the options say.
    record Choice(
            boolean greedy,
            double repetitionPenalty,
            Optional<Double> temperature,
            Optional<Integer> topK,
            Optional<Double> topP,
            Optional<Double> minP,
            long seed) {

        Sampling sampling() {
            boolean drawn = temperature.isPresent() || topK.isPresent() || topP.isPresent() || minP.isPresent();
            if (greedy && drawn) {
                throw new RecipeException("--greedy always takes the likeliest token, so --temperature, --top-k, --top-p and --min-p would do nothing;"
                        + " give one or the other");
            }
            try {
                return new Sampling(
                        greedy, repetitionPenalty, temperature.orElse(1.0), topK.orElse(0), topP.orElse(1.0), minP.orElse(0.0), seed);
            } catch (IllegalArgumentException refused) {
                throw new RecipeException(String.valueOf(refused.getMessage()));
            }
        }
    }

    @Override
    public Exit run(Console console) throws IOException {
        Sampling sampling = choice.sampling();
        Limits limits = limits();
        List<String> texts = texts();
        try (var jars = ExtensionJars.open(extensions);
                var generator = TextGenerator.open(Transfer.find(run, console).toString(), jars.extensions().backbones());
                var interruption = Interruption.listen(console)) {
            boolean streams = texts.size() == 1 && !console.json();
            boolean[] begun = {false};
            List<Generated> generated = generator.generate(texts, sampling, limits, (prompt, text) -> {
                if (streams) {
                    console.text(begun[0] ? text : texts.getFirst() + text);
                    begun[0] = true;
                }
                return !interruption.requested();
            });
            if (streams) {
                console.line(begun[0] ? "" : texts.getFirst());
            } else {
                generated.forEach(each -> console.line(each.prompt() + each.text() + "\n"));
            }
            if (generated.stream().anyMatch(each -> each.why() == Continuation.Why.FULL)) {
                console.note("Stopped where the model's %,d positions end; --slide goes on.".formatted(generator.positions()));
            }
            console.document(Map.of("generations", generated.stream().map(GenerateWork::json).toList()));
            return interruption.requested() ? Exit.INTERRUPTED : Exit.DONE;
        }
    }

    private Limits limits() {
        if (tokens.isPresent() && tokens.get() < 1) {
            throw new RecipeException("--tokens must be at least 1, got " + tokens.get());
        }
        Limits.Overflow otherwise = tokens.isPresent() ? Limits.Overflow.REFUSE : Limits.Overflow.STOP;
        return new Limits(tokens.orElse(MANY), slide ? Limits.Overflow.SLIDE : otherwise);
    }

    private List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String prompt : prompts) {
            texts.add(prompt.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\\R\\z", "")
                    : prompt);
        }
        return texts;
    }

    private static Map<String, Object> json(Generated generated) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt", generated.prompt());
        json.put("text", generated.text());
        json.put("prompt_tokens", generated.promptTokens());
        json.put("tokens", generated.tokens());
        json.put("stopped", said(generated.why()));
        return json;
    }

    private static String said(Continuation.Why why) {
        return why.name().toLowerCase(Locale.ROOT);
    }
}
