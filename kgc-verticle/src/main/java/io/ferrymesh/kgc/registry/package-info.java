/**
 * The registry's tables, one class each: SQL in and out of records, inside whatever transaction the caller has begun. What may be
 * done, and in which order, is decided elsewhere. No secret may enter, and nothing of the mesh.
 */
@NullMarked
package io.ferrymesh.kgc.registry;

import org.jspecify.annotations.NullMarked;
