/**
 * What operators can do, over a key centre's HTTP API: the same interface as on the key centre itself, so that commands need
 * not know which they have. Nothing of command lines may enter.
 */
@NullMarked
package io.ferrymesh.cli.operator;

import org.jspecify.annotations.NullMarked;
