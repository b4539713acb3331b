/** Handshakes per second beside TLS 1.3, and what the scheme's single operations cost. No network, no disk. */
@NullMarked
package io.ferrymesh.benchmarks.crypto;

import org.jspecify.annotations.NullMarked;
