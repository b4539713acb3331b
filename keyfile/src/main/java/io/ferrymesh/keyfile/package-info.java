/**
 * An encrypted file for secrets, and the passphrase it opens with: what the key centre and the provider keep their keys in. What
 * the secrets are for is theirs to know; nothing else of the project may enter.
 */
@NullMarked
package io.ferrymesh.keyfile;

import org.jspecify.annotations.NullMarked;
