/**
 * Sends HTTP requests to where users say, and nowhere else: not into the provider's own network. Nothing of accounts, of the database
 * or of what is sent enters.
 */
@NullMarked
package io.ferrymesh.provider.webhooks;

import org.jspecify.annotations.NullMarked;
