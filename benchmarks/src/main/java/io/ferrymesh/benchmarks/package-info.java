/**
 * What Ferrymesh costs, measured beside what people would use instead. Nothing in the program depends on this module, and
 * nothing here is a test: it reports numbers and passes no judgement.
 */
@NullMarked
package io.ferrymesh.benchmarks;

import org.jspecify.annotations.NullMarked;
