/// What models make: text that goes on, and pictures. A model that predicts the next token, asked again and again.
///
/// [TextGenerator][dev.cultivar.generate.TextGenerator] is what a service opens and asks. Below it
/// [Generator][dev.cultivar.generate.Generator] turns prompts of tokens into continuations, row beside row, with the keys and values of what
/// was read kept; [Sampling][dev.cultivar.generate.Sampling] says how a token is chosen from the logits;
/// [Limits][dev.cultivar.generate.Limits] when to stop, and what to do where the model's positions end.
///
/// [TargetGenerator][dev.cultivar.generate.TargetGenerator] does the same for an encoder-decoder, which writes one text from another, as
/// [Writing][dev.cultivar.generate.Writing] says: the likeliest token, always, or by beam search.
///
/// [PictureGenerator][dev.cultivar.generate.PictureGenerator] makes pictures, from the generator of a GAN or the decoder of a VAE.
@NullMarked
package dev.cultivar.generate;

import org.jspecify.annotations.NullMarked;
