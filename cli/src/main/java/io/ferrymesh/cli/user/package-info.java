/**
 * A user's client of a provider: their session, kept in a file that only they can read, and what they ask for over HTTP.
 * Knows the OpenAPI document and no class of a provider; prints nothing.
 */
@NullMarked
package io.ferrymesh.cli.user;

import org.jspecify.annotations.NullMarked;
