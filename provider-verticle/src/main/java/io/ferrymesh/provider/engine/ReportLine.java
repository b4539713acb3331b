package io.ferrymesh.provider.engine;

/**
 * An object that did not arrive.
 *
 * @param path as it is called at the source
 * @param code an error code for a failure, a reason for something left out by design
 */
public record ReportLine(String path, String code) {}
