package io.ferrymesh.provider.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.provider.service.ReportEntry.Outcome;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What became of each object, as lines. */
class ReportsTest {

    private static final String REPORT = "/v1/migrations/" + Samples.ID + "/report";

    @TempDir
    private static Path root;

    private static ApiUnderTest api;

    @BeforeAll
    static void start() {
        api = new ApiUnderTest(root);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void forget() {
        api.fakes.forget();
    }

    @Test
    void a_report_of_many_pages_is_whole_and_in_order() {
        List<ReportEntry> entries = new ArrayList<>();
        for (int i = 1; i <= 12_345; i++) {
            entries.add(arrived(i, "photos/" + i));
        }
        api.fakes.moves.report.addAll(entries);
        HttpResponse<String> response = api.get(REPORT);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<Long> numbers = response.body()
                .lines()
                .map(line -> new JsonObject(line).getLong("number"))
                .toList();
        assertThat(numbers).isEqualTo(entries.stream().map(ReportEntry::number).toList());
    }

    @Test
    void a_line_says_what_is_known() {
        api.fakes.moves.report.add(arrived(1, "a"));
        api.fakes.moves.report.add(new ReportEntry(
                2, "b", Outcome.FAILED, Optional.of("DIGEST_MISMATCH"), OptionalLong.empty(), Optional.empty()));
        assertThat(api.get(REPORT).body())
                .isEqualTo("{\"number\":1,\"path\":\"a\",\"outcome\":\"ARRIVED\",\"size\":3,\"sha256\":\""
                        + "ab".repeat(32)
                        + "\"}\n{\"number\":2,\"path\":\"b\",\"outcome\":\"FAILED\",\"code\":\"DIGEST_MISMATCH\"}\n");
        assertThat(api.get(REPORT + "?after=1").body().lines()).hasSize(1);
    }

    @Test
    void a_spreadsheet_takes_no_path_for_a_formula() {
        List<String> paths = List.of("plain", "=1+1", "+1", "-1", "@a", "\ttab", "a,b", "a\"b", "a\nb", "＝wide");
        for (int i = 0; i < paths.size(); i++) {
            api.fakes.moves.report.add(new ReportEntry(
                    i + 1L, paths.get(i), Outcome.SKIPPED, Optional.empty(), OptionalLong.empty(), Optional.empty()));
        }
        HttpResponse<String> response = api.send(api.authorized(REPORT).header("Accept", "text/csv"));
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv; charset=utf-8");
        assertThat(response.body().split("\r\n", -1))
                .containsExactly(
                        "number,path,outcome,code,size,sha256",
                        "1,plain,SKIPPED,,,",
                        "2,'=1+1,SKIPPED,,,",
                        "3,'+1,SKIPPED,,,",
                        "4,'-1,SKIPPED,,,",
                        "5,'@a,SKIPPED,,,",
                        "6,'\ttab,SKIPPED,,,",
                        "7,\"a,b\",SKIPPED,,,",
                        "8,\"a\"\"b\",SKIPPED,,,",
                        "9,\"a\nb\",SKIPPED,,,",
                        "10,'＝wide,SKIPPED,,,",
                        "");
    }

    @Test
    void an_empty_report_is_no_line_or_the_names_alone() {
        assertThat(api.get(REPORT).body()).isEmpty();
        assertThat(api.send(api.authorized(REPORT).header("Accept", "text/csv")).body())
                .isEqualTo("number,path,outcome,code,size,sha256\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | application/x-ndjson",
                "text/* | text/csv",
                "text/csv;q=0.5, application/x-ndjson;q=0.4 | text/csv",
                "text/csv;q=0, */* | application/x-ndjson",
                "TEXT/CSV | text/csv",
                "text/html, application/xhtml+xml, */*;q=0.8 | application/x-ndjson",
                "application/json | application/problem+json",
                "text/csv;q=0 | application/problem+json",
            })
    void the_format_is_what_the_client_prefers(String accept, String type) {
        HttpResponse<String> response = api.send(api.authorized(REPORT).header("Accept", accept));
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    }

    @Test
    void long_paths_make_short_pages() throws IOException {
        String path = "x".repeat(4_000);
        for (int i = 1; i <= 1_000; i++) {
            api.fakes.moves.report.add(arrived(i, path));
        }
        try (RawClient client = ask()) {
            assertThat(client.status()).isEqualTo(200);
            String line = client.line();
            while (!line.isEmpty()) {
                line = client.line();
            }
            assertThat(Integer.parseInt(client.line(), 16)).isLessThan(70_000);
        }
        assertThat(api.get(REPORT).body().lines()).hasSize(1_000);
    }

    @Test
    void an_account_has_so_many_reports_on_their_way_and_another_has_its_own() throws IOException {
        String path = "x".repeat(4_000);
        List<ReportEntry> entries = new ArrayList<>();
        for (int i = 1; i <= 20_000; i++) {
            entries.add(arrived(i, path));
        }
        api.fakes.moves.report.addAll(entries);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ApiUnderTest.OPTIONS.transfersPerAccount(); i++) {
                RawClient slow = ask();
                clients.add(slow);
                assertThat(slow.status()).isEqualTo(200);
            }
            HttpResponse<String> refused = api.get(REPORT);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(api.send(api.as("bob", REPORT + "?after=19990").GET()).statusCode())
                    .isEqualTo(200);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        int status = 429;
        for (int i = 0; i < 1_000 && status == 429; i++) { // the server has yet to hear that they went
            status = api.get(REPORT + "?after=19990").statusCode();
        }
        assertThat(status).isEqualTo(200);
    }

    private static RawClient ask() throws IOException {
        RawClient client = api.raw();
        client.say("GET " + REPORT + " HTTP/1.1\r\n" + RawClient.AUTHORIZED + "\r\n");
        return client;
    }

    private static ReportEntry arrived(long number, String path) {
        return new ReportEntry(
                number, path, Outcome.ARRIVED, Optional.empty(), OptionalLong.of(3), Optional.of("ab".repeat(32)));
    }
}
