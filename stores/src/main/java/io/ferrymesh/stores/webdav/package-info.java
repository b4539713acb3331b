/**
 * Objects on a WebDAV server, RFC 4918, through the JDK's own HTTP client: the few methods needed are easily asked for by
 * hand, while the WebDAV libraries at hand bring an HTTP client and an XML binding of their own. Only this package speaks
 * WebDAV. Nothing here knows what the bytes mean.
 */
@NullMarked
package io.ferrymesh.stores.webdav;

import org.jspecify.annotations.NullMarked;
