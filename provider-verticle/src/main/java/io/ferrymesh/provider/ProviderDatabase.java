package io.ferrymesh.provider;

/** The schema of a provider's database. */
public final class ProviderDatabase {

    /** The class path folder of its migrations, for {@code Database.open}. */
    public static final String MIGRATIONS = "io/ferrymesh/provider/migrations";

    private ProviderDatabase() {}
}
