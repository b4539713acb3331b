package io.ferrymesh.it.helm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A suite that renders the chart. Helm comes as a native library from Maven Central; where there is none for this platform, the
 * suite is skipped and one line says so. With {@code -Dhelm.required=true} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(HelmCondition.class)
@interface NeedsHelm {}
