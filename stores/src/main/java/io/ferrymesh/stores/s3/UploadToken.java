package io.ferrymesh.stores.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.writing.Binding;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what an upload is taken up again: {@code s1.PUBLICATION.PARTS.BINDING.UPLOAD}, the last two in Base64 for URLs. It needs no
 * secret: who knows it can take up and abort this upload, which whoever has the bucket's keys can do anyway.
 *
 * @param publication the name of the publication that the upload is for
 * @param partSize of its parts
 * @param checksums whether it was begun with them
 * @param binding what it was begun for
 * @param upload its id
 */
@SuppressWarnings("ArrayRecordComponent") // looked at with isEqual, never compared as a whole
record UploadToken(String publication, int partSize, boolean checksums, byte[] binding, String upload) {

    private static final Pattern FORM =
            Pattern.compile("s1\\.([0-9a-f]{16})\\.([SL])([CN])\\.([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]+)");

    /** Empty for what is no such token. */
    static Optional<UploadToken> parse(String text) {
        if (text.length() > ObjectStore.MAX_TOKEN) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            byte[] binding = Base64.getUrlDecoder().decode(parts.group(4));
            var token = new UploadToken(
                    parts.group(1),
                    parts.group(2).equals("S") ? S3StoreOptions.SMALL_PARTS : S3StoreOptions.LARGE_PARTS,
                    parts.group(3).equals("C"),
                    Arrays.copyOf(binding, Binding.BYTES),
                    new String(Base64.getUrlDecoder().decode(parts.group(5)), UTF_8));
            return Optional.of(token).filter(each -> each.text().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String text() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "s1." + publication + "." + (partSize == S3StoreOptions.SMALL_PARTS ? "S" : "L")
                + (checksums ? "C" : "N") + "." + base64.encodeToString(binding) + "."
                + base64.encodeToString(upload.getBytes(UTF_8));
    }
}
