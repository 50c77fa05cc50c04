/// Models: a [Backbone][dev.cultivar.nn.Backbone] turns inputs into hidden states, a head turns those into an answer, and
/// [Weights][dev.cultivar.nn.Weights] holds the parameters of both under the names that Hugging Face gives them.
///
/// Operators are called on libtorch directly. Legend of shape comments: B rows, T tokens, C width, H heads, V vocabulary.
@NullMarked
package dev.cultivar.nn;

import org.jspecify.annotations.NullMarked;
