/**
 * The same files moved by Ferrymesh, scp and rsync, in one run: real processes on loopback, real files, wall-clock time.
 * Drives Ferrymesh as its operators and users do, through the program's commands and the HTTP API, and knows none of its
 * classes.
 */
@NullMarked
package io.ferrymesh.benchmarks.transfer;

import org.jspecify.annotations.NullMarked;
