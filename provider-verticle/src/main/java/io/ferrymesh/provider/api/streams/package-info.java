/**
 * Answers that are longer than memory or last longer than a request: what happens in a migration as server-sent events, and
 * its report. Both go at the client's pace.
 */
@NullMarked
package io.ferrymesh.provider.api.streams;

import org.jspecify.annotations.NullMarked;
