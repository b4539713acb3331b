/**
 * What a provider does for its users, as the HTTP API calls it: interfaces and the records they speak in. Everything here
 * blocks and belongs on worker threads; whoever calls has authenticated the account. Nothing of HTTP, SQL or the engine enters.
 */
@NullMarked
package io.ferrymesh.provider.service;

import org.jspecify.annotations.NullMarked;
