package io.ferrymesh.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Chromium without a window and with a virtual authenticator, driven over W3C WebDriver (Web Authentication level 3, section
 * 11). None where it is not installed, which is said once, unless {@code -Dchromium.required=true}: then it fails.
 */
final class Browser implements AutoCloseable {

    private static final String REQUIRED = "chromium.required";
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String session;
    private final String authenticator;

    static Optional<Browser> ifInstalled() {
        boolean installed = Files.isExecutable(DRIVER) && Files.isExecutable(CHROMIUM);
        if (installed) {
            return Optional.of(new Browser());
        }
        if (Boolean.getBoolean(REQUIRED)) {
            throw new IllegalStateException("-D" + REQUIRED + "=true, but there is no " + DRIVER + " or " + CHROMIUM);
        }
        System.err.println(
                "Chromium is not installed (Debian: apt install chromium chromium-driver): its tests are skipped");
        return Optional.empty();
    }

    private Browser() {
        String opened = "";
        try {
            driver = new ProcessBuilder(DRIVER.toString(), "--port=0")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            String base = "http://127.0.0.1:" + port() + "/session";
            opened = base + "/" + call("POST", base, capabilities()).getString("sessionId");
            session = opened;
            authenticator = value("POST", "/webauthn/authenticator", virtualAuthenticator());
        } catch (RuntimeException e) {
            stop(opened);
            throw e;
        }
    }

    private String port() {
        // The driver goes on writing little enough for the pipe to hold.
        BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher matcher = PORT.matcher(line);
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("chromedriver did not start");
    }

    private static JsonObject capabilities() {
        JsonArray flags = new JsonArray(List.of(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"));
        JsonObject options = new JsonObject().put("binary", CHROMIUM.toString()).put("args", flags);
        return new JsonObject()
                .put(
                        "capabilities",
                        new JsonObject()
                                .put(
                                        "alwaysMatch",
                                        new JsonObject()
                                                .put("webauthn:virtualAuthenticators", true)
                                                .put("goog:chromeOptions", options)));
    }

    private static JsonObject virtualAuthenticator() {
        return new JsonObject()
                .put("protocol", "ctap2")
                .put("transport", "internal")
                .put("hasResidentKey", true)
                .put("hasUserVerification", true)
                .put("isUserConsenting", true)
                .put("isUserVerified", true);
    }

    void open(String url) {
        String unused = value("POST", "/url", new JsonObject().put("url", url));
    }

    /** RegistrationResponseJSON, or what the page was refused with. */
    String create(String optionsJson) {
        return run(
                "navigator.credentials.create({publicKey:"
                        + " PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(arguments[0]))})",
                optionsJson);
    }

    /** AuthenticationResponseJSON, or what the page was refused with. */
    String get(String optionsJson) {
        return run(
                "navigator.credentials.get({publicKey:"
                        + " PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(arguments[0]))})",
                optionsJson);
    }

    private String run(String credential, String optionsJson) {
        String script = "const done = arguments[1]; " + credential
                + ".then(it => done(JSON.stringify(it.toJSON())), failure => done(failure.name))";
        return value(
                "POST",
                "/execute/async",
                new JsonObject().put("script", script).put("args", new JsonArray().add(optionsJson)));
    }

    /** Whether whoever sits there shows the right finger. */
    void setUserVerified(boolean verified) {
        String unused = value(
                "POST",
                "/webauthn/authenticator/" + authenticator + "/uv",
                new JsonObject().put("isUserVerified", verified));
    }

    /** What the authenticator holds, private keys included. */
    JsonArray credentials() {
        return answer("GET", session + "/webauthn/authenticator/" + authenticator + "/credentials", new JsonObject())
                .getJsonArray("value");
    }

    /** Puts a credential into it, or back. */
    void put(JsonObject credential) {
        String unused = value("POST", "/webauthn/authenticator/" + authenticator + "/credential", credential);
    }

    void remove(String credentialId) {
        String unused = value(
                "DELETE",
                "/webauthn/authenticator/" + authenticator + "/credentials/" + credentialId,
                new JsonObject());
    }

    private String value(String method, String path, JsonObject body) {
        return String.valueOf(answer(method, session + path, body).getValue("value"));
    }

    private JsonObject call(String method, String url, JsonObject body) {
        return answer(method, url, body).getJsonObject("value");
    }

    private JsonObject answer(String method, String url, JsonObject body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        request.method(
                method,
                bodiless
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.encode(), StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("WebDriver: " + response.body());
            }
            return new JsonObject(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop(session);
    }

    /** Ending the session ends Chromium. */
    private void stop(String opened) {
        try {
            if (!opened.isEmpty()) {
                JsonObject unused = answer("DELETE", opened, new JsonObject());
            }
        } finally {
            driver.descendants().forEach(ProcessHandle::destroy);
            driver.destroy();
            try {
                if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                    Process unused = driver.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
