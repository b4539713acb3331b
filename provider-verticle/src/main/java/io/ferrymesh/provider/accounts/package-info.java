/**
 * Accounts, how their owners prove who they are, and sessions: what stands behind {@code AccountService}. Blocks on the database
 * and on hashing: worker threads only. Nothing of HTTP, objects or migrations enters.
 */
@NullMarked
package io.ferrymesh.provider.accounts;

import org.jspecify.annotations.NullMarked;
