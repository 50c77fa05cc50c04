/// Where a Java program enters: [Cultivar][dev.cultivar.Cultivar] trains what a recipe describes.
@NullMarked
package dev.cultivar;

import org.jspecify.annotations.NullMarked;
