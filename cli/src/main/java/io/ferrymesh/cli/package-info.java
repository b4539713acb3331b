/**
 * The {@code ferrymesh} program: starts nodes, plays the user, shows how it goes. The only place that knows every module,
 * and where the verticles' small interfaces are wired to each other.
 */
@NullMarked
package io.ferrymesh.cli;

import org.jspecify.annotations.NullMarked;
