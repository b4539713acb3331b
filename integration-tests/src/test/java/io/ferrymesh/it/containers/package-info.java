/**
 * The image as it ships, in containers on a network of their own. Nothing here starts a node inside the test's JVM. Runs
 * where a Docker engine answers and docker/build-image has been run.
 */
@NullMarked
package io.ferrymesh.it.containers;

import org.jspecify.annotations.NullMarked;
