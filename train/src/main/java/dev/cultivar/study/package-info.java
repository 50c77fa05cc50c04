/// Questions that several runs answer together. A [Study][dev.cultivar.study.Study] is resumable: what is done is not done
/// again. [Quickstart][dev.cultivar.study.Quickstart] is one: what is pretraining worth, by which
/// strategy, and what is somebody else's ([Published][dev.cultivar.study.Published])? [LabelStudy][dev.cultivar.study.LabelStudy] is all those that compare
/// ways to a classifier of pictures over how many labels there are: what each compares is a [Topic][dev.cultivar.study.Topic].
@NullMarked
package dev.cultivar.study;

import org.jspecify.annotations.NullMarked;
