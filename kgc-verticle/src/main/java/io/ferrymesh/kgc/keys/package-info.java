/**
 * The key centre's secrets: one trace key, a master key and an HPKE key an epoch, and what is derived from them. Here they are
 * made, kept in a file and wiped. Nothing of the database or the mesh may enter.
 */
@NullMarked
package io.ferrymesh.kgc.keys;

import org.jspecify.annotations.NullMarked;
