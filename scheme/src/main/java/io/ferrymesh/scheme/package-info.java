@NullMarked
package io.ferrymesh.scheme;

import org.jspecify.annotations.NullMarked;
