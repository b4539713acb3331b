/**
 * The provider's own secrets: a key file with the pepper of its users' passwords, the keys its access tokens are signed with and
 * the key that what it stores is sealed with; and the pseudonyms that lie sealed in its database, for all its processes. Nothing
 * of the mesh, of HTTP or of stores may enter.
 */
@NullMarked
package io.ferrymesh.provider.keys;

import org.jspecify.annotations.NullMarked;
