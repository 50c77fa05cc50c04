/// Questions that several runs answer together. A [Study][dev.cultivar.study.Study] is resumable: what is done is not done
/// again. [Quickstart][dev.cultivar.study.Quickstart] is one: what is pretraining worth, and by which strategy?
@NullMarked
package dev.cultivar.study;

import org.jspecify.annotations.NullMarked;
