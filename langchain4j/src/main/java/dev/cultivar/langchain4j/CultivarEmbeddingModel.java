package dev.cultivar.langchain4j;

import dev.cultivar.predict.Embedder;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;

/// An [Embedder] as LangChain4j's embedding model.
///
/// @param embedder whose texts are asked for; stays open as long as its owner likes
public record CultivarEmbeddingModel(Embedder embedder) implements EmbeddingModel {

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<float[]> vectors = embedder.embed(segments.stream().map(TextSegment::text).toList());
        return Response.from(vectors.stream().map(Embedding::from).toList());
    }

    @Override
    public int dimension() {
        return embedder.width();
    }
}
