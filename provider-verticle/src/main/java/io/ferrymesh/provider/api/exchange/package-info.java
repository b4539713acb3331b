/**
 * What every part of the users' API needs to take a request to the services and an answer back: workers with a bound, and
 * the one mapping of refusals to HTTP. Knows no operation.
 */
@NullMarked
package io.ferrymesh.provider.api.exchange;

import org.jspecify.annotations.NullMarked;
