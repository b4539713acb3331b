package io.ferrymesh.cli;

import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.Role;
import io.ferrymesh.provider.keys.Forgettable;
import io.ferrymesh.provider.options.ConflictPolicy;
import io.ferrymesh.provider.options.MetadataPolicy;
import io.ferrymesh.provider.options.SourceChanged;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.SchemeException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What operators write at the command line; what is wrong is refused with what would be right. */
final class Arguments {

    private static final long MAX_SECONDS = 31_622_400;

    private Arguments() {}

    /** A provider's number. */
    static final class ProviderNumber implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return integer(value, 1, Long.MAX_VALUE, "a provider's number, from 1");
        }
    }

    /** A provider's or an operator's name. */
    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("[A-Za-z0-9._-]{1,64}")) {
                throw wrong("1 to 64 of A-Z, a-z, 0-9, dot, hyphen and underscore", value);
            }
            return value;
        }
    }

    /** A quota, or that the default is to hold. */
    static final class Quota implements ITypeConverter<OptionalInt> {
        @Override
        public OptionalInt convert(String value) {
            return value.equals("default")
                    ? OptionalInt.empty()
                    : OptionalInt.of((int)
                            integer(value, 0, 1_000_000, "a number of certificates from 0 to 1000000, or default"));
        }
    }

    /** An account's space in bytes, or that the default is to hold. */
    static final class Space implements ITypeConverter<OptionalLong> {
        @Override
        public OptionalLong convert(String value) {
            return value.equals("default")
                    ? OptionalLong.empty()
                    : OptionalLong.of(integer(value, 0, 1L << 60, "a number of bytes from 0 to 2^60, or default"));
        }
    }

    /** What a provider is to forget. */
    static final class Forgotten implements ITypeConverter<Forgettable> {
        @Override
        public Forgettable convert(String value) {
            return Arrays.stream(Forgettable.values())
                    .filter(what -> name(what).equals(value))
                    .findFirst()
                    .orElseThrow(() -> wrong("key-centre, credentials or stock", value));
        }
    }

    /** As it is written at the command line. */
    static String name(Forgettable what) {
        return what.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A time from now. */
    static final class Seconds implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return integer(value, 0, MAX_SECONDS, "from 0 to " + MAX_SECONDS + " seconds");
        }
    }

    /** How long something is good. */
    static final class Validity implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return integer(value, 1, MAX_SECONDS, "from 1 to " + MAX_SECONDS + " seconds");
        }
    }

    /** A place in a list. */
    static final class After implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return integer(value, 0, Long.MAX_VALUE, "an integer from 0");
        }
    }

    /** How many at most. */
    static final class PageSize implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return (int) integer(value, 1, KgcOperations.MAX_PAGE, "from 1 to " + KgcOperations.MAX_PAGE);
        }
    }

    /** Why something is done. */
    static final class Reason implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            int length = value.strip().length();
            if (length < 10 || value.length() > 500 || value.chars().anyMatch(Character::isISOControl)) {
                throw wrong("10 to 500 characters on one line, for who reads the audit log", value);
            }
            return value;
        }
    }

    /** A role, however it is capitalised. */
    static final class AnyRole implements ITypeConverter<Role> {
        @Override
        public Role convert(String value) {
            return Arrays.stream(Role.values())
                    .filter(role -> role.name().equals(value.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            "one of "
                                    + Arrays.stream(Role.values())
                                            .map(Role::name)
                                            .collect(Collectors.joining(", ")),
                            value));
        }
    }

    /** A pseudonym. */
    static final class APseudonym implements ITypeConverter<Pseudonym> {
        @Override
        public Pseudonym convert(String value) {
            return decoded(value, Pseudonym::parse, "32 hex digits");
        }
    }

    /** A key epoch's fingerprint. */
    static final class Fingerprint implements ITypeConverter<Digest> {
        @Override
        public Digest convert(String value) {
            return decoded(value, Digest::parse, "64 hex digits");
        }
    }

    /** A certificate. */
    static final class ACertificate implements ITypeConverter<Certificate> {
        @Override
        public Certificate convert(String value) {
            return decoded(
                    value,
                    hex -> Certificate.decode(HexFormat.of().parseHex(hex)),
                    "a certificate, " + 2 * Certificate.LENGTH + " hex digits");
        }
    }

    /** A migration's id. */
    static final class AMigration implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return decoded(value, MigrationId::parse, "32 hex digits").hex();
        }
    }

    /** How often an object is tried. */
    static final class Attempts implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return integer(value, 1, 10, "from 1 to 10");
        }
    }

    /** What happens to a name that is taken. */
    static final class Conflict implements ITypeConverter<ConflictPolicy> {
        @Override
        public ConflictPolicy convert(String value) {
            return choice(value, ConflictPolicy.values());
        }
    }

    /** What happens to metadata that cannot be kept. */
    static final class Metadata implements ITypeConverter<MetadataPolicy> {
        @Override
        public MetadataPolicy convert(String value) {
            return choice(value, MetadataPolicy.values());
        }
    }

    /** What happens to an object that changes meanwhile. */
    static final class Changed implements ITypeConverter<SourceChanged> {
        @Override
        public SourceChanged convert(String value) {
            return choice(value, SourceChanged.values());
        }
    }

    private static <E extends Enum<E>> E choice(String value, E[] all) {
        return Arrays.stream(all)
                .filter(each -> MoveOptions.name(each).equals(value))
                .findFirst()
                .orElseThrow(() -> wrong(
                        "one of " + Arrays.stream(all).map(MoveOptions::name).collect(Collectors.joining(", ")),
                        value));
    }

    private static <T> T decoded(String value, Function<String, T> decode, String right) {
        try {
            return decode.apply(value);
        } catch (SchemeException | IllegalArgumentException e) {
            throw wrong(right, value);
        }
    }

    private static long integer(String value, long min, long max, String right) {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(right, value);
    }

    private static TypeConversionException wrong(String right, String value) {
        return new TypeConversionException("must be " + right + ": " + value);
    }
}
