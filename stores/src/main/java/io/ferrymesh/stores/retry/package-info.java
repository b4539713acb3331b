/**
 * Trying again what a remote store refused for the moment. Decides whether and when, and waits; what a failure means is for
 * the store's client to say. Knows no protocol but the Retry-After header, which S3 and WebDAV share.
 */
@NullMarked
package io.ferrymesh.stores.retry;

import org.jspecify.annotations.NullMarked;
