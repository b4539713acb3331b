package io.ferrymesh.stores.webdav;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MultiStatusQuotaTest {

    @Test
    void a_server_says_how_much_a_collection_still_takes() throws IOException {
        assertThat(quota("<D:quota-available-bytes>123456</D:quota-available-bytes>", "200 OK"))
                .hasValue(123_456);
        assertThat(quota("<D:quota-available-bytes> 0 </D:quota-available-bytes>", "200 OK"))
                .hasValue(0);
    }

    @Test
    void what_is_no_number_of_bytes_is_not_known() throws IOException {
        assertThat(quota("<D:quota-available-bytes>-3</D:quota-available-bytes>", "200 OK"))
                .isEmpty();
        assertThat(quota("<D:quota-available-bytes>lots</D:quota-available-bytes>", "200 OK"))
                .isEmpty();
        assertThat(quota("<D:quota-available-bytes>" + "9".repeat(40) + "</D:quota-available-bytes>", "200 OK"))
                .isEmpty();
    }

    @Test
    void a_server_without_quotas_does_not_say() throws IOException {
        assertThat(quota("<D:quota-available-bytes/>", "404 Not Found")).isEmpty();
        assertThat(MultiStatus.of(stream("<D:multistatus xmlns:D=\"DAV:\"/>")).nextQuota())
                .isEmpty();
    }

    private static OptionalLong quota(String property, String status) throws IOException {
        return MultiStatus.of(stream("<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/dav/</D:href>"
                        + "<D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop>"
                        + "<D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                        + "<D:propstat><D:prop>" + property + "</D:prop><D:status>HTTP/1.1 " + status
                        + "</D:status></D:propstat></D:response></D:multistatus>"))
                .nextQuota();
    }

    private static ByteArrayInputStream stream(String xml) {
        return new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    }
}
