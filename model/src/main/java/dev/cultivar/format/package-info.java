/// The files of the ecosystem: safetensors and Hugging Face folders, read strictly and mapped, never a pickle.
@NullMarked
package dev.cultivar.format;

import org.jspecify.annotations.NullMarked;
