/// Asking a trained model: [Classifier][dev.cultivar.predict.Classifier] is all that a service needs. It opens a folder, answers
/// any number of threads with [Prediction][dev.cultivar.predict.Prediction]s, and shows nothing of libtorch.
///
/// `ClassifierFolder` reads the network, its labels and its tokenizer; `Answering` computes, on a thread of its own.
@NullMarked
package dev.cultivar.predict;

import org.jspecify.annotations.NullMarked;
