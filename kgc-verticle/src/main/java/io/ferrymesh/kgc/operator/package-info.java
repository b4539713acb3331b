/**
 * What operators of a key centre can do, apart from how they ask for it: the HTTP API and the command line both go through
 * {@link io.ferrymesh.kgc.operator.KgcOperations}. Nothing of HTTP, the bus or a database may enter.
 */
@NullMarked
package io.ferrymesh.kgc.operator;

import org.jspecify.annotations.NullMarked;
