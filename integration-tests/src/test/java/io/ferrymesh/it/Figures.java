package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What a process of a provider counts. */
final class Figures {

    private Figures() {}

    /** How often something was carried, which its management port says under that name. */
    static long carried(Nodes.Node process, String what) throws IOException, InterruptedException {
        URI metrics = URI.create(process.ready().getString("management") + "/metrics");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("ferrymesh_mesh_carried_total{") && line.contains("\"" + what + "\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
