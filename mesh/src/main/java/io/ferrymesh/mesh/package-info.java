@NullMarked
package io.ferrymesh.mesh;

import org.jspecify.annotations.NullMarked;
