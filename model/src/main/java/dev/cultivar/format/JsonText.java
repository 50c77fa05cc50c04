package dev.cultivar.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// The one setting of the JSON tokenizer: strict JSON, strict UTF-8, shallow, and no table of names that outlives a document.
final class JsonText {
    static final int DEEPEST = 64;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES) // a shared table of names is shared memory
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE) // the size of the document bounds them
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(1000)
                    .build())
            .build();

    private JsonText() {}

    /// Tokens of UTF-8 bytes; a byte that is not UTF-8 ends them with an exception that [#reason] puts in words.
    static JsonParser tokens(InputStream utf8) {
        var strict = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        return FACTORY.createParser(ObjectReadContext.empty(), new InputStreamReader(utf8, strict));
    }

    /// What is wrong with the text, in one line.
    static String reason(JacksonException failure) {
        return switch (failure.getCause()) {
            case CharacterCodingException _ -> "it is not UTF-8";
            case IOException io -> Said.reason(io);
            case null, default -> failure.getOriginalMessage().lines().findFirst().orElse("it is not JSON");
        };
    }

    /// `line:column`, both from 1, or nothing where the tokenizer does not know.
    static String place(TokenStreamLocation location) {
        return location.getLineNr() < 1 ? "" : location.getLineNr() + ":" + Math.max(1, location.getColumnNr());
    }
}
