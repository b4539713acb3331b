/**
 * What only the container image runs beside the program: what takes its jar apart into layers, and what asks a node whether
 * it is well. Nothing here knows the rest of the program, and nothing in the program knows this.
 */
@NullMarked
package io.ferrymesh.cli.image;

import org.jspecify.annotations.NullMarked;
