@NullMarked
package io.ferrymesh.cli;

import org.jspecify.annotations.NullMarked;
