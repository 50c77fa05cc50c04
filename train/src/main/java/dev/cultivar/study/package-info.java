/// Questions that several runs answer together. A [Study][dev.cultivar.study.Study] is resumable: what is done is not done
/// again. [Quickstart][dev.cultivar.study.Quickstart] is one: what is pretraining worth, by which
/// strategy, and what is somebody else's ([Published][dev.cultivar.study.Published])?
@NullMarked
package dev.cultivar.study;

import org.jspecify.annotations.NullMarked;
