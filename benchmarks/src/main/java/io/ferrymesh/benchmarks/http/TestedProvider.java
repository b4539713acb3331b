package io.ferrymesh.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.ferrymesh.benchmarks.transfer.HttpApi;
import io.ferrymesh.benchmarks.transfer.KeyCentre;
import io.ferrymesh.benchmarks.transfer.Nodes;
import io.ferrymesh.benchmarks.transfer.Nodes.RunningProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A provider in one process, the key centre it needs in another, and users who registered over its API. */
final class TestedProvider {

    /** More registrations from one address within an hour have to wait. */
    static final int MOST_USERS = 10;

    private static final String NAME = "tested-cloud";

    private final KeyCentre centre;
    private final RunningProvider provider;
    private final HttpClient http;
    private final String password = Nodes.hex(16);
    private final int users;

    private TestedProvider(KeyCentre centre, RunningProvider provider, HttpClient http, int users) {
        this.centre = centre;
        this.provider = provider;
        this.http = http;
        this.users = users;
    }

    /** Starts both, with objects in files below a directory, and registers so many users. */
    static TestedProvider start(Nodes nodes, Path objects, int users) throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        KeyCentre centre = nodes.startKgc(List.of());
        RunningProvider provider = nodes.startProvider(
                NAME, 1, centre.fingerprint(), centre.admit(http, NAME), new Nodes.Objects(objects, List.of()));
        TestedProvider tested = new TestedProvider(centre, provider, http, users);
        for (int user = 1; user <= users; user++) {
            String unused = tested.token("/v1/accounts", user);
        }
        return tested;
    }

    URI api() {
        return provider.api();
    }

    Process process() {
        return provider.process();
    }

    Process centre() {
        return centre.process();
    }

    /** Fresh access tokens, one for each user: good for the five minutes that tokens are by default. */
    List<String> login() throws IOException, InterruptedException {
        List<String> tokens = new ArrayList<>();
        for (int user = 1; user <= users; user++) {
            tokens.add(token("/v1/sessions", user));
        }
        return tokens;
    }

    private String token(String path, int user) throws IOException, InterruptedException {
        JsonNode tokens =
                new HttpApi(http, provider.api(), "").post(path, Map.of("name", "user-" + user, "password", password));
        return tokens.required("accessToken").asText();
    }
}
