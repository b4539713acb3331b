/**
 * Very many at once: migrations between several processes, grants that wait, objects of one migration. What is looked at is
 * whether all arrives, how long the unluckiest waits, and what memory and CPU it takes.
 */
@NullMarked
package io.ferrymesh.benchmarks.load;

import org.jspecify.annotations.NullMarked;
