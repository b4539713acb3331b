package io.ferrymesh.it.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A suite that needs what {@link NeedsImage} does and {@link ChaosImage}; the same happens when that is missing. */
@NeedsImage
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ChaosImageCondition.class)
@interface NeedsChaosImage {}
