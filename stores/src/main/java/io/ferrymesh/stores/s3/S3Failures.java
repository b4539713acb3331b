package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryAfter;
import io.ferrymesh.stores.retry.TransientFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** From the failures of the SDK and its server to the store's, and which of them are worth another attempt. */
final class S3Failures {

    /** A condition on the object that is there did not hold. The caller knows what was asked. */
    static final int PRECONDITION_FAILED = 412;

    static final int NOT_IMPLEMENTED = 501;

    private static final Set<String> THROTTLING =
            Set.of("SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests");

    private static final Set<String> PASSING = Set.of(
            "InternalError",
            "ServiceUnavailable",
            "RequestTimeout",
            "OperationAborted",
            "ConditionalRequestConflict",
            "BadDigest",
            "XAmzContentChecksumMismatch",
            "XAmzContentSHA256Mismatch",
            "IncompleteBody");

    private static final Map<String, StoreError> BY_CODE = Map.of(
            "KeyTooLongError", StoreError.UNSUPPORTED_PATH,
            "XMinioInvalidObjectName", StoreError.UNSUPPORTED_PATH,
            "MetadataTooLarge", StoreError.UNSUPPORTED_METADATA,
            "QuotaExceeded", StoreError.FULL,
            "XMinioStorageFull", StoreError.FULL,
            "XMinioAdminBucketQuotaExceeded", StoreError.FULL,
            "InsufficientStorage", StoreError.FULL,
            "EntityTooLarge", StoreError.NOT_WRITABLE);

    private S3Failures() {}

    /**
     * What an attempt that failed with {@code thrown} ends with: a {@link TransientFailure} or a {@link StoreException}.
     *
     * @param subject what it was about, for the message: an object's path or the bucket
     */
    static Exception translate(Throwable thrown, Object subject, boolean writing) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof StoreException || cause instanceof TransientFailure) {
            return (Exception) cause;
        }
        if (cause instanceof AwsServiceException answer) {
            return answered(answer, subject, writing);
        }
        if (cause instanceof ApiCallAttemptTimeoutException) {
            return again(StoreError.UNAVAILABLE, subject + ": no answer in time", cause, Optional.empty());
        }
        IOException network = causeOf(cause, IOException.class);
        if (network != null) {
            return again(StoreError.UNAVAILABLE, subject + ": " + network.getMessage(), cause, Optional.empty());
        }
        if (causeOf(cause, XMLStreamException.class) != null) {
            return again(StoreError.IO_ERROR, subject + ": the answer is not whole", cause, Optional.empty());
        }
        String text = cause instanceof SdkException ? cause.getMessage() : cause.toString();
        return new StoreException(StoreError.IO_ERROR, subject + ": " + text, cause);
    }

    /** Whether the server did not do it because of a condition. */
    static boolean isConditionFailed(Throwable failure) {
        return isStatus(failure, PRECONDITION_FAILED);
    }

    /** Whether the server does not know how to do it, for which there are several answers in the wild. */
    static boolean isNotImplemented(Throwable failure) {
        return isStatus(failure, NOT_IMPLEMENTED);
    }

    /** Whether the server does not understand what it was asked for, such as an id that it did not give. */
    static boolean isInvalid(Throwable failure) {
        return isStatus(failure, 400);
    }

    /** Whether there is nothing at the position asked for, as in an object of no bytes. */
    static boolean isRangeNotSatisfiable(Throwable failure) {
        return isStatus(failure, 416);
    }

    /** The failure itself, out of what futures wrap it in. */
    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isStatus(Throwable failure, int status) {
        return unwrapped(failure).getCause() instanceof AwsServiceException answer && answer.statusCode() == status;
    }

    private static Exception answered(AwsServiceException answer, Object subject, boolean writing) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : details.errorCode();
        int status = answer.statusCode();
        String text = subject + ": " + explained(status, code);
        StoreError known = BY_CODE.get(code);
        if (known != null) {
            return new StoreException(known, text, answer);
        }
        Optional<Duration> retryAfter = retryAfter(details);
        if (status == 429 || THROTTLING.contains(code) || (status == 503 && retryAfter.isPresent())) {
            return again(StoreError.THROTTLED, text, answer, retryAfter);
        }
        boolean passing = status == 500 || status == 502 || status == 503 || status == 504 || PASSING.contains(code);
        if (passing) {
            return again(StoreError.UNAVAILABLE, text, answer, retryAfter);
        }
        return new StoreException(byStatus(status, writing), text, answer);
    }

    private static StoreError byStatus(int status, boolean writing) {
        return switch (status) {
            case 401, 403, 405 -> writing ? StoreError.NOT_WRITABLE : StoreError.NOT_READABLE;
            case 404 -> StoreError.NOT_FOUND;
            case PRECONDITION_FAILED -> StoreError.CHANGED;
            case 413 -> StoreError.NOT_WRITABLE;
            case 507 -> StoreError.FULL;
            default -> StoreError.IO_ERROR;
        };
    }

    private static String explained(int status, String code) {
        String text =
                switch (status) {
                    case 301, 307 -> "the bucket is in another region";
                    case 401, 403 -> "the server refused the credentials, or they may not do this";
                    case 404 -> "not found";
                    case 429, 503 -> "the server asked for fewer requests";
                    case 507 -> "the server has no space left";
                    default -> "the server answered";
                };
        return text + " (" + status + (code.isEmpty() ? "" : " " + code) + ")";
    }

    private static Optional<Duration> retryAfter(@Nullable AwsErrorDetails details) {
        return details == null || details.sdkHttpResponse() == null
                ? Optional.empty()
                : details.sdkHttpResponse()
                        .firstMatchingHeader("Retry-After")
                        .flatMap(value -> RetryAfter.parse(value, Instant.now()));
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        return null;
    }

    private static TransientFailure again(
            StoreError error, String text, Throwable cause, Optional<Duration> retryAfter) {
        return new TransientFailure(new StoreException(error, text, cause), retryAfter);
    }
}
