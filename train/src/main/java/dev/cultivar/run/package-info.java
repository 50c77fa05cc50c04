/// A recipe meets data on a device: [TrainingRun][dev.cultivar.run.TrainingRun] builds every part that a recipe names, hands them to the
/// loop, and keeps what comes out in a folder. [Extensions][dev.cultivar.run.Extensions] are the parts that users build.
@NullMarked
package dev.cultivar.run;

import org.jspecify.annotations.NullMarked;
