/**
 * Objects over HTTP: reading them whole or in part, writing and deleting them under conditions, and listing them. Bytes go
 * between the connection and the store in blocks, with backpressure both ways. Whose objects they are was decided before.
 */
@NullMarked
package io.ferrymesh.provider.api.objects;

import org.jspecify.annotations.NullMarked;
