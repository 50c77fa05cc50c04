package dev.cultivar.image;

/// How a picture comes to a size whose sides have another ratio than its own.
public enum Fit {
    /// The shorter side is fitted and the middle is cut out: nothing is distorted, the ends of the longer side are lost.
    CROP,
    /// Both sides are forced: nothing is lost, shapes are distorted.
    STRETCH,
    /// The longer side is fitted, the picture stands in the middle and the rest is black: nothing is lost or distorted.
    PAD
}
