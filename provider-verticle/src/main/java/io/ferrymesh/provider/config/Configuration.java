package io.ferrymesh.provider.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A provider's whole configuration, checked. */
public final class Configuration {

    private final ProviderConfig provider;
    private final String yaml;

    private Configuration(ProviderConfig provider, String yaml) {
        this.provider = provider;
        this.yaml = yaml;
    }

    /** Reads the file, if there is one, and the environment over it. Blocking; fails with everything that is wrong. */
    public static Configuration read(Optional<Path> file, Map<String, String> environment) throws ConfigException {
        Settings settings = Settings.read(file, environment);
        ProviderConfig provider = new ConfigReader(settings).provider();
        return new Configuration(provider, EffectiveYaml.of(settings));
    }

    public ProviderConfig provider() {
        return provider;
    }

    /** Every key with its value and where that comes from, secrets hidden. */
    public String yaml() {
        return yaml;
    }
}
