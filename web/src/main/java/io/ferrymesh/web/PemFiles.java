package io.ferrymesh.web;

import java.nio.file.Path;

/**
 * What a server shows itself with, in PEM: looked at again every few seconds, so that it can be renewed while it runs.
 *
 * @param certificate the chain, the server's own first
 * @param key PKCS#8 without a passphrase
 */
public record PemFiles(Path certificate, Path key) {}
