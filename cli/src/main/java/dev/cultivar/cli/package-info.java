/// The command line: options in, one printed answer out.
///
/// Read in this order. [Main][dev.cultivar.cli.Main] parses the words, finds the verb, runs it and turns what went wrong
/// into one sentence and an exit code. A `...Verb` declares a verb's options and nothing else; it turns them into a
/// `...Work`, which calls the library. [Console][dev.cultivar.cli.Console] is the only place of the whole project that
/// prints, and [Interruption][dev.cultivar.cli.Interruption] turns Ctrl-C into a question that training asks.
///
/// A verb's Work is loaded when the verb runs, so that help, versions and misspelt options answer without libtorch,
/// DuckDB or a tokenizer.
@NullMarked
package dev.cultivar.cli;

import org.jspecify.annotations.NullMarked;
