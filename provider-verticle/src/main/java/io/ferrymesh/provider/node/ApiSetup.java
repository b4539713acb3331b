package io.ferrymesh.provider.node;

import io.ferrymesh.provider.HealthReason;
import io.ferrymesh.provider.ProviderOptions;
import io.ferrymesh.provider.api.ApiHealth;
import io.ferrymesh.provider.api.ApiHealth.Reason;
import io.ferrymesh.provider.api.ApiHealth.Status;
import io.ferrymesh.provider.api.ApiOptions;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.ProviderConfig.Http;
import io.ferrymesh.provider.ops.Health.Stage;
import io.ferrymesh.web.Cors;
import io.ferrymesh.web.PemFiles;
import io.ferrymesh.web.TrustedProxies;
import io.ferrymesh.web.WebLimits;
import io.ferrymesh.web.WebServerOptions;
import java.util.List;
import java.util.Set;

/** What the API is served with, and what it says of the provider's health. */
final class ApiSetup {

    /** Threads that look at passwords and may ask the database while all others hash. */
    private static final int DATABASE_CALLS = 2;

    private ApiSetup() {}

    static WebServerOptions web(Http http) {
        WebLimits limits = new WebLimits(
                http.maxConnections(),
                http.maxConnectionsPerAddress(),
                WebLimits.DEFAULT.maxRequestLineBytes(),
                WebLimits.DEFAULT.maxHeaderBytes(),
                http.headerTimeout(),
                http.idleTimeout(),
                http.stallTimeout(),
                http.minBytesPerSecond());
        return new WebServerOptions(
                "the users' API",
                http.host(),
                http.port(),
                http.tls().map(tls -> new PemFiles(tls.certificate(), tls.key())),
                limits,
                new Cors(Set.copyOf(http.corsOrigins())),
                true,
                new TrustedProxies(http.trustedProxies()));
    }

    static ApiOptions options(ProviderConfig config) {
        Http http = config.http();
        ApiOptions defaults = ApiOptions.DEFAULT;
        return new ApiOptions(
                http.workers(),
                defaults.waiting(),
                config.accounts().argon2AtOnce() + DATABASE_CALLS,
                http.maxObjectBytes(),
                defaults.transfersPerAccount(),
                defaults.eventStreamsPerAccount(),
                defaults.eventStreams(),
                defaults.eventTimes(),
                new TrustedProxies(http.trustedProxies()));
    }

    static ProviderOptions provider(ProviderConfig config) {
        return new ProviderOptions(
                config.kgc().fingerprint(),
                config.credentials().poolSize(),
                config.credentials().lowWater(),
                config.credentials().validitySeconds(),
                config.credentials().expiryMarginSeconds(),
                config.kgc().revocationRefreshMs(),
                config.kgc().revocationMaxAgeSeconds(),
                config.kgc().trustRefreshMs(),
                config.kgc().successorSpreadSeconds(),
                config.kgc().startWaitSeconds());
    }

    static ApiHealth health(Stage stage, List<HealthReason> problems) {
        List<Reason> reasons = problems.stream()
                .map(problem -> new Reason(problem.code(), problem.detail()))
                .toList();
        return switch (stage) {
            case STARTING -> new ApiHealth(Status.STARTING, List.of());
            case STOPPING -> new ApiHealth(Status.STOPPING, List.of());
            case READY -> reasons.isEmpty() ? ApiHealth.UP : new ApiHealth(Status.DEGRADED, reasons);
        };
    }
}
