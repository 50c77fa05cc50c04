/// Pictures as bytes: read from files of any common format, brought to a size, written as PNG; and the IDX files of MNIST.
///
/// [PictureReader][dev.cultivar.image.PictureReader] tells a format by its first bytes, checks that the file is whole and that
/// its header is honest before anything is allocated by it, and turns the picture upright. What it gives is a
/// [Picture][dev.cultivar.image.Picture]: 8 bits a channel, grey or RGB. [PictureWriter][dev.cultivar.image.PictureWriter] writes
/// PNG; [IdxFile][dev.cultivar.image.IdxFile] reads many pictures of one size. Whatever is wrong with a file is a
/// [DataException][dev.cultivar.batch.DataException] that names it. Nothing here knows libtorch.
@NullMarked
package dev.cultivar.image;

import org.jspecify.annotations.NullMarked;
