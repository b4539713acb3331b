@NullMarked
package io.ferrymesh.stores;

import org.jspecify.annotations.NullMarked;
