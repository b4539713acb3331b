@NullMarked
package io.ferrymesh.kgc;

import org.jspecify.annotations.NullMarked;
