/**
 * Certificates a second from a key centre as it is shipped: its own process, SQLite with every commit on the disk, requests
 * over the bus. Only what a provider does is done with Ferrymesh's own classes, in this process.
 */
@NullMarked
package io.ferrymesh.benchmarks.issuance;

import org.jspecify.annotations.NullMarked;
