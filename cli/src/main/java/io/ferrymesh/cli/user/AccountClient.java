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
        return tokens("/v1/accounts", body(name, password));
    }

    /** With what logging in as the same user gave last, so that others who guess make this client wait no longer. */
    public Session login(String name, String password, Optional<String> device)
            throws IOException, InterruptedException {
        JsonObject body = body(name, password);
        device.ifPresent(token -> body.put("deviceToken", token));
        return tokens("/v1/sessions", body);
    }

    /** The key centre's public keys that the provider trusts now. */
    public JsonObject keyCentre() throws IOException, InterruptedException {
        return ProviderHttp.json(http.send(http.request("/v1/key-centre")
                .timeout(ProviderHttp.ANSWER)
                .GET()
                .build()));
    }

    private static JsonObject body(String name, String password) {
        return new JsonObject().put("name", name).put("password", password);
    }

    private Session tokens(String path, JsonObject body) throws IOException, InterruptedException {
        HttpRequest request =
                ProviderHttp.json(http.request(path), "POST", body).build();
        JsonObject tokens = ProviderHttp.json(http.send(request));
        return Session.of(http.provider(), trusted, tokens, Clock.systemUTC().instant());
    }
}
