/**
 * The operators' HTTP API: what HTTP asks for in {@code openapi.json}, answered by
 * {@link io.ferrymesh.kgc.operator.KgcOperations}. Nothing of the bus, a database or keys may enter; what an operator may do
 * is not decided here.
 */
@NullMarked
package io.ferrymesh.kgc.api;

import org.jspecify.annotations.NullMarked;
