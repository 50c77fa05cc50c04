/// Models: a [Backbone][dev.cultivar.nn.Backbone] turns inputs into hidden states, a head turns those into an answer, and
/// [Weights][dev.cultivar.nn.Weights] holds the parameters of both under the names that Hugging Face gives them.
///
/// Each family is a file or two that say what it reads of a `config.json`, how it computes and what it writes back; `Backbones` builds
/// it, `Family` knows what files call its parts. BERT, ELECTRA, RoBERTa and DistilBERT stand on `EncoderBlocks`. Llama, Mistral, Qwen2,
/// Qwen3, Gemma 2 and 3 are one network, `RotaryDecoder`: a family's `...Config` says in what it differs (`DecoderTraits`). GPT-2,
/// GPT-NeoX and ModernBERT are networks of their own over the same attention, norms and rotations.
///
/// Images go through an `ImageBackbone`: `Mlp`, `Cnn`, `LeNet`, `Vgg`, `ResNet` and `Vit`, whose layers `Cuts` runs one after the other. Where a
/// network numbers its layers through, its head over labels has a name that depends on the configuration
/// ([HeadNames][dev.cultivar.nn.HeadNames]).
///
/// Adapters stand on linear layers ([Adapters][dev.cultivar.nn.Adapters]) or before the rows ([VirtualTokens][dev.cultivar.nn.VirtualTokens]);
/// on disk they are PEFT's ([AdapterFolder][dev.cultivar.nn.AdapterFolder]), and [Merged][dev.cultivar.nn.Merged] works one into its base.
///
/// What draws pictures is a [PictureDrawing][dev.cultivar.nn.PictureDrawing]: a VAE's decoder and a GAN's generator are both
/// [LatentPictures][dev.cultivar.nn.LatentPictures] over one.
///
/// Operators are called on libtorch directly. Legend of shape comments: B rows, T tokens, C width, H heads, V vocabulary.
@NullMarked
package dev.cultivar.nn;

import org.jspecify.annotations.NullMarked;
