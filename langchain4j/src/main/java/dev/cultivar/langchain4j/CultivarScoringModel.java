package dev.cultivar.langchain4j;

import dev.cultivar.predict.Ranker;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import java.util.ArrayList;
import java.util.List;

/// A [Ranker] as LangChain4j's scoring model: the higher a score, the more relevant the segment.
///
/// @param ranker that reads query and segment together; stays open as long as its owner likes
public record CultivarScoringModel(Ranker ranker) implements ScoringModel {

    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        List<Double> scores = new ArrayList<>(segments.size());
        for (float score : ranker.score(query, segments.stream().map(TextSegment::text).toList())) {
            scores.add((double) score);
        }
        return Response.from(scores);
    }
}
