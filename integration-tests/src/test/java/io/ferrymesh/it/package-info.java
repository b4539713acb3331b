/** The modules together, on real clusters. */
@NullMarked
package io.ferrymesh.it;

import org.jspecify.annotations.NullMarked;
