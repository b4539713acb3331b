package io.ferrymesh.it.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A suite that needs a Docker engine and the image. Without them it is skipped, and one line says so and why; with
 * {@code -Ddocker.required=true} it fails instead. {@code -DskipContainers} skips it in any case.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ImageCondition.class)
@interface NeedsImage {}
