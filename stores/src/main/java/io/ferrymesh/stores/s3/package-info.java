/**
 * A store in a bucket of an S3-compatible server. Built on the asynchronous client of the AWS SDK with the HTTP client of
 * the AWS common runtime (CRT), so that neither Netty nor an Apache client comes along. Types of the SDK do not leave this
 * package.
 */
@NullMarked
package io.ferrymesh.stores.s3;

import org.jspecify.annotations.NullMarked;
