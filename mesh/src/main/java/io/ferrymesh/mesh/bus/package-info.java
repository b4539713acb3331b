/**
 * What moves bytes: the clustered Vert.x event bus and Hazelcast behind the interfaces of {@code io.ferrymesh.mesh}. The
 * only package that knows either of them.
 */
@NullMarked
package io.ferrymesh.mesh.bus;

import org.jspecify.annotations.NullMarked;
