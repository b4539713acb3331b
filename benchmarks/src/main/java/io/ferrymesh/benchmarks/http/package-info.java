/**
 * A provider's HTTP API as it is shipped, a process of its own behind which there is a key centre: small requests of logged-in
 * users, and large objects beside nginx. Knows none of Ferrymesh's classes, only the program's commands and the API.
 */
@NullMarked
package io.ferrymesh.benchmarks.http;

import org.jspecify.annotations.NullMarked;
