package io.ferrymesh.it.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A suite that runs the compose files, and so needs what {@link NeedsImage} does, Compose, and images of what else is in them.
 * Without Compose it is skipped, and one line says so. Without the images too, but with {@code -Ddocker.required=true} it fails
 * instead.
 */
@NeedsImage
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ComposeCondition.class)
@interface NeedsCompose {}
