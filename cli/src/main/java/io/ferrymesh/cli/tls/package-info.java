/** Whom the program's clients trust. */
@NullMarked
package io.ferrymesh.cli.tls;

import org.jspecify.annotations.NullMarked;
