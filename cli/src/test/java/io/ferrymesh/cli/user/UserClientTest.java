package io.ferrymesh.cli.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserClientTest {

    @TempDir
    private Path directory;

    @Test
    void a_session_is_kept_for_its_owner_only_and_read_back() throws Exception {
        try (FakeProvider provider = new FakeProvider(300)) {
            SessionFile file = registered(provider);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                    .isEqualTo("rw-------");
            assertThat(file.current().name()).isEqualTo("alex");
            assertThat(file.current().provider()).isEqualTo(provider.uri());
            assertThat(file.current()).asString().doesNotContain("access-", "refresh-");
            assertThat(UserClient.of(file).get("/v1/account").isEmpty()).isTrue();
            assertThat(provider.requests).containsExactly("POST /v1/accounts", "GET /v1/account");
        }
    }

    @Test
    void a_file_or_link_that_others_can_read_is_not_written_through() throws Exception {
        try (FakeProvider provider = new FakeProvider(300)) {
            Session session = new AccountClient(provider.uri(), Optional.empty()).register("alex", "a password");
            Path open = Files.writeString(directory.resolve("open"), "old");
            Set<PosixFilePermission> everybody = PosixFilePermissions.fromString("rw-rw-rw-");
            Path unused = Files.setPosixFilePermissions(open, everybody);
            Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));
            Path unusedTarget = Files.writeString(directory.resolve("elsewhere"), "another's");
            for (Path place : List.of(open, link)) {
                new SessionFile(place).save(session);
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(place, LinkOption.NOFOLLOW_LINKS)))
                        .isEqualTo("rw-------");
                assertThat(new SessionFile(place).current().name()).isEqualTo("alex");
            }
            assertThat(directory.resolve("elsewhere")).hasContent("another's");
            assertThat(directory)
                    .isDirectoryNotContaining(file -> file.toString().endsWith(".new"));
        }
    }

    @Test
    void what_a_client_shows_when_it_logs_in_again_outlives_the_session() throws Exception {
        try (FakeProvider provider = new FakeProvider(300)) {
            SessionFile file = registered(provider);
            file.remove();
            AccountClient client = new AccountClient(provider.uri(), Optional.empty());
            Optional<String> device = file.device(provider.uri(), "alex");
            file.save(client.login("alex", "a password", device));
            assertThat(provider.devices).containsExactly("null", "device-1");
            assertThat(file.device(provider.uri(), "alex")).hasValue("device-2");
            assertThat(file.device(provider.uri(), "bob")).isEmpty();
            assertThat(file.device(URI.create("https://elsewhere.example"), "alex"))
                    .isEmpty();
            assertThat(Files.readString(file.path())).doesNotContain("device-");
            file.forgetDevice();
            assertThat(file.device(provider.uri(), "alex")).isEmpty();
        }
    }

    @Test
    void an_access_token_that_runs_out_is_renewed_before_it_is_used() throws Exception {
        try (FakeProvider provider = new FakeProvider(5)) {
            SessionFile file = registered(provider);
            assertThat(UserClient.of(file).get("/v1/account").isEmpty()).isTrue();
            assertThat(provider.requests)
                    .containsExactly("POST /v1/accounts", "POST /v1/sessions/refresh", "GET /v1/account");
            assertThat(file.current().refresh()).isEqualTo("refresh-2");
        }
    }

    @Test
    void one_that_is_refused_is_renewed_once() throws Exception {
        try (FakeProvider provider = new FakeProvider(300)) {
            SessionFile file = registered(provider);
            provider.forgetAccess();
            assertThat(UserClient.of(file).get("/v1/account").isEmpty()).isTrue();
            assertThat(provider.requests)
                    .containsExactly(
                            "POST /v1/accounts", "GET /v1/account", "POST /v1/sessions/refresh", "GET /v1/account");
        }
    }

    @Test
    void a_session_that_has_ended_says_what_to_do() throws Exception {
        try (FakeProvider provider = new FakeProvider(300)) {
            SessionFile file = registered(provider);
            provider.revoke();
            assertThatThrownBy(() -> UserClient.of(file).get("/v1/account"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has ended: log in with ferrymesh account login");
            assertThatThrownBy(() -> new SessionFile(directory.resolve("none")).current())
                    .hasMessageContaining("there is no session");
            Path other = Files.writeString(directory.resolve("other"), "{\"name\": 7}");
            assertThatThrownBy(() -> new SessionFile(other).current()).hasMessageContaining("this is not a session");
        }
    }

    /** A refresh token that is used twice would end the session. */
    @Test
    void many_who_share_a_session_use_each_refresh_token_once() throws Exception {
        try (FakeProvider provider = new FakeProvider(5)) {
            SessionFile file = registered(provider);
            ExecutorService users = Executors.newFixedThreadPool(6);
            try {
                List<Future<Boolean>> all = new ArrayList<>();
                for (int i = 0; i < 24; i++) {
                    SessionFile own = new SessionFile(file.path());
                    all.add(users.submit(() -> own.renewed(own.current(), UserClientTest::renewedAt)
                            .access()
                            .startsWith("access-")));
                }
                for (Future<Boolean> each : all) {
                    assertThat(each.get()).isTrue();
                }
            } finally {
                users.shutdownNow();
            }
            assertThat(provider.reuses).hasValue(0);
        }
    }

    private static Session renewedAt(Session session) throws IOException, InterruptedException {
        ProviderHttp http = new ProviderHttp(session.provider(), Optional.empty());
        var body = new io.vertx.core.json.JsonObject().put("refreshToken", session.refresh());
        var request = ProviderHttp.json(http.request("/v1/sessions/refresh"), "POST", body)
                .build();
        return session.next(ProviderHttp.json(http.send(request)), java.time.Instant.now());
    }

    @Test
    void objects_are_listed_page_after_page_and_named_as_they_are() throws Exception {
        try (FakeProvider provider = new FakeProvider(300)) {
            UserClient user = UserClient.of(registered(provider));
            provider.answers("{\"objects\":[{\"path\":\"a\"}],\"skipped\":0}");
            List<String> paths = new ArrayList<>();
            new ObjectClient(user).list("q&a/ü ", object -> paths.add(object.getString("path")));
            new ObjectClient(user).delete("a b/%2F/ü+?");
            assertThat(paths).containsExactly("a");
            assertThat(provider.requests)
                    .endsWith(
                            "GET /v1/objects?limit=1000&prefix=q%26a%2F%C3%BC%20",
                            "DELETE /v1/objects/a%20b/%252F/%C3%BC%2B%3F");
        }
    }

    @Test
    void a_session_has_its_place_by_its_provider() {
        Path usual = SessionFile.usual(URI.create("https://cloud.example.org:8443/"), Map.of("XDG_CONFIG_HOME", "/c"));
        assertThat(usual).isEqualTo(Path.of("/c/ferrymesh/cloud.example.org_8443.session"));
    }

    private SessionFile registered(FakeProvider provider) throws Exception {
        SessionFile file = new SessionFile(directory.resolve("new/session"));
        file.save(new AccountClient(provider.uri(), Optional.empty()).register("alex", "a password"));
        return file;
    }
}
