/**
 * The users' HTTP API: what HTTP asks for in {@code openapi.json}, answered by the services of
 * {@link io.ferrymesh.provider.service}. {@link io.ferrymesh.provider.api.ProviderApi} starts it. Nothing of SQL, the bus,
 * the engine or keys may enter; what an account may do is not decided here.
 */
@NullMarked
package io.ferrymesh.provider.api;

import org.jspecify.annotations.NullMarked;
