package io.ferrymesh.cli.user;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Somebody who is not logged in yet. */
public final class AccountClient {

    private final ProviderHttp http;
    private final Optional<Path> trusted;

    /** At a provider, trusting the certificates of a PEM file or those that the system does. */
    public AccountClient(URI provider, Optional<Path> trusted) throws IOException {
        this.http = new ProviderHttp(provider, trusted);
        this.trusted = trusted;
    }

    /** A new account, logged in. */
    public Session register(String name, String password) throws IOException, InterruptedException {
        return tokens("/v1/accounts", name, password);
    }

    public Session login(String name, String password) throws IOException, InterruptedException {
        return tokens("/v1/sessions", name, password);
    }

    private Session tokens(String path, String name, String password) throws IOException, InterruptedException {
        JsonObject body = new JsonObject().put("name", name).put("password", password);
        HttpRequest request =
                ProviderHttp.json(http.request(path), "POST", body).build();
        JsonObject tokens = ProviderHttp.json(http.send(request));
        return Session.of(http.provider(), trusted, tokens, Clock.systemUTC().instant());
    }
}
