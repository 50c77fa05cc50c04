/// How a gradient becomes a change: optimizers over flat groups of parameters, schedules and clipping.
///
/// [Optimizers] builds an [Optimizer] from a recipe: nearly always a `Stepper`, which counts each parameter's steps and hands
/// stretches of equal count to a `Rule`, the one file with the formula ([Segment] says what a stretch is). What a rule remembers lies
/// in `Memories`, which save and restore it. Rules that most training is done with (Adam and its kin, SGD, Lion) go over memory once,
/// in `OnePass`; the others call libtorch operator by operator. Muon is two steppers, one for the matrices of hidden layers.
@NullMarked
package dev.cultivar.optim;

import org.jspecify.annotations.NullMarked;
