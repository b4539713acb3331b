package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;

/** A key centre that runs, and an operator's token with which providers are taken on. */
public record KeyCentre(Process process, String fingerprint, URI api, String operatorToken) {

    /** Takes a provider on; returns the enrolment token in hex. */
    public String admit(HttpClient http, String name) throws IOException, InterruptedException {
        HttpApi operator = new HttpApi(http, api, operatorToken);
        long number = operator.post("/v1/providers", Map.of("name", name))
                .required("number")
                .asLong();
        JsonNode token = operator.post("/v1/providers/" + number + "/tokens", Map.of());
        return token.required("token").asText();
    }

    @Override
    public String toString() {
        return "KeyCentre[" + fingerprint + ", " + api + ", ***]";
    }
}
