/// Small programs that share nothing with language models, written from outside the project's packages: each hands its own backbone,
/// objective and source of batches to the one loop, reaches its goal, and is killed at random moments on the way.
/// [Proof][probes.Proof] kills and compares; everything else is a probe.
package probes;
