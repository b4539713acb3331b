package io.ferrymesh.stores.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A multi-status answer, RFC 4918 section 13, resource by resource as it arrives. Entities and document types are refused;
 * no text may be longer than {@value #MAX_TEXT} characters.
 */
final class MultiStatus {

    /** The properties asked for. */
    static final String REQUEST = "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:propfind xmlns:D=\"DAV:\"><D:prop>"
            + "<D:resourcetype/><D:getcontentlength/><D:getlastmodified/><D:getetag/></D:prop></D:propfind>";

    /** What is asked of a collection to learn how much more it takes, RFC 4331. */
    static final String QUOTA_REQUEST =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:propfind xmlns:D=\"DAV:\"><D:prop>"
                    + "<D:resourcetype/><D:quota-available-bytes/></D:prop></D:propfind>";

    private static final String QUOTA = "quota-available-bytes";
    private static final String DAV = "DAV:";
    private static final int MAX_TEXT = 64 << 10;

    private final XMLStreamReader xml;
    private final Map<String, String> found = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();

    private MultiStatus(XMLStreamReader xml) {
        this.xml = xml;
    }

    static MultiStatus of(InputStream body) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            return new MultiStatus(factory.createXMLStreamReader(body));
        } catch (XMLStreamException e) {
            throw malformed(e);
        }
    }

    /** The next resource, or null at the end. */
    @Nullable
    DavEntry next() throws IOException {
        try {
            String href = null;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT && is("response")) {
                    href = null;
                    found.clear();
                } else if (event == XMLStreamConstants.START_ELEMENT && is("href") && href == null) {
                    href = text();
                } else if (event == XMLStreamConstants.START_ELEMENT && is("propstat")) {
                    propstat();
                } else if (event == XMLStreamConstants.END_ELEMENT && is("response") && href != null) {
                    return entry(href);
                }
            }
            return null;
        } catch (XMLStreamException e) {
            throw malformed(e);
        }
    }

    /** How many bytes the next resource still takes; empty when there is none, or it does not say. */
    OptionalLong nextQuota() throws IOException {
        String text = next() == null ? "" : found.getOrDefault(QUOTA, "").strip();
        boolean number = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty(); // some say -3 for no limit
    }

    /** Takes the properties of one group, if it is the one of those that are there. */
    private void propstat() throws XMLStreamException, IOException {
        properties.clear();
        boolean there = false;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT && is("status")) {
                there = text().contains(" 200");
            } else if (event == XMLStreamConstants.START_ELEMENT && is("collection")) {
                properties.put("collection", "");
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && (is("getcontentlength") || is("getlastmodified") || is("getetag") || is(QUOTA))) {
                properties.put(xml.getLocalName(), text());
            } else if (event == XMLStreamConstants.END_ELEMENT && is("propstat")) {
                break;
            }
        }
        if (there) {
            found.putAll(properties);
        }
    }

    private DavEntry entry(String href) throws IOException {
        boolean collection = found.containsKey("collection");
        return new DavEntry(
                Places.pathOf(href),
                collection,
                collection ? 0 : size(found.getOrDefault("getcontentlength", "")),
                time(found.getOrDefault("getlastmodified", "")),
                Optional.ofNullable(found.get("getetag")).filter(tag -> !tag.isBlank()));
    }

    private static long size(String text) throws IOException {
        try {
            long size = Long.parseLong(text.strip());
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // refused like a negative one
        }
        throw new IOException("a resource without a size");
    }

    /** A time as HTTP writes it; 1970 for what is none. */
    static Instant time(String text) {
        try {
            return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private boolean is(String name) {
        return xml.getLocalName().equals(name) && DAV.equals(xml.getNamespaceURI());
    }

    /** The text of the element just begun, to its end. */
    private String text() throws XMLStreamException, IOException {
        var text = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                text.append(xml.getText());
            }
            if (text.length() > MAX_TEXT) {
                throw new IOException("a text of more than " + MAX_TEXT + " characters in a listing");
            }
        }
        return text.toString();
    }

    private static IOException malformed(XMLStreamException e) {
        return e.getNestedException() instanceof IOException io ? io : new IOException("a listing that is no XML", e);
    }
}
