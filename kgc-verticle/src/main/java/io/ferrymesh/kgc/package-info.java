/**
 * The key generation centre: enrols providers by one-time tokens, issues pseudonymous certificates within quotas, revokes
 * them, and opens a pseudonym when there is a reason to. It never holds a provider's private key, and no session key,
 * grant or object may enter here.
 */
@NullMarked
package io.ferrymesh.kgc;

import org.jspecify.annotations.NullMarked;
