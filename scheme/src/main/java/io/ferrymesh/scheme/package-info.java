/**
 * The scheme two providers use to authenticate each other, agree on keys for one migration and sign what was moved, and
 * the key generation centre's part of it. Pure Java: no Vert.x, no I/O, no clock; time and randomness are passed in.
 * docs/scheme.md has the formats and the words used here.
 */
@NullMarked
package io.ferrymesh.scheme;

import org.jspecify.annotations.NullMarked;
