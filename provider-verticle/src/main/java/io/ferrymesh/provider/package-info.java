@NullMarked
package io.ferrymesh.provider;

import org.jspecify.annotations.NullMarked;
