/**
 * Verifies receipts and proofs without asking anybody: pure functions of what is in files. Nothing of HTTP, of command lines or of
 * the engine enters.
 */
@NullMarked
package io.ferrymesh.cli.receipt;

import org.jspecify.annotations.NullMarked;
