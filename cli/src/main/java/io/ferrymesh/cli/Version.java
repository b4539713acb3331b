package io.ferrymesh.cli;

import io.ferrymesh.scheme.CryptoProvider;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Ferrymesh.class.getPackage().getImplementationVersion();
        return new String[] {
            "ferrymesh " + (version == null ? "(not packaged)" : version),
            "scheme version 1, " + CryptoProvider.description(),
            "Java " + Runtime.version()
        };
    }
}
