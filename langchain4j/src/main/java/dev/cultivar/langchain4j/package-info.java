/// LangChain4j's interfaces over trained models: [CultivarEmbeddingModel][dev.cultivar.langchain4j.CultivarEmbeddingModel] gives vectors to a
/// retriever, [CultivarScoringModel][dev.cultivar.langchain4j.CultivarScoringModel] puts what it found in a better order.
///
/// Both are thin: they hold an [Embedder][dev.cultivar.predict.Embedder] or a [Ranker][dev.cultivar.predict.Ranker], which whoever opened it closes.
@NullMarked
package dev.cultivar.langchain4j;

import org.jspecify.annotations.NullMarked;
