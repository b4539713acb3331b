@NullMarked
package io.ferrymesh.migration;

import org.jspecify.annotations.NullMarked;
