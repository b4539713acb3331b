package io.ferrymesh.cli;

import io.ferrymesh.kgc.KgcOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The key centre's own options at the command line. Their bounds are checked by {@link KgcOptions}. */
final class KgcSettings {

    @Option(
            names = "--validity-step-seconds",
            paramLabel = "N",
            defaultValue = "3600",
            description = "Validities begin and end on whole steps; 1 to 86400. Default: ${DEFAULT-VALUE}.")
    private long validityStepSeconds;

    @Option(
            names = "--max-validity-seconds",
            paramLabel = "N",
            defaultValue = "172800",
            description = "Longest validity of a certificate; a step to 31622400. Default: ${DEFAULT-VALUE}.")
    private long maxValiditySeconds;

    @Option(
            names = "--certificates-per-epoch",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "What a provider gets in a quota epoch if it has no quota of its own; 1 to 500000 over the number"
                            + " of quota epochs in which one certificate can be valid. Default: ${DEFAULT-VALUE}.")
    private int certificatesPerEpoch;

    @Option(
            names = "--epoch-seconds",
            paramLabel = "N",
            defaultValue = "86400",
            description = "Length of a quota epoch; 1 to 31622400. Default: ${DEFAULT-VALUE}.")
    private long epochSeconds;

    @Option(
            names = "--token-validity-seconds",
            paramLabel = "N",
            defaultValue = "3600",
            description = "How long an enrolment token can be used; 1 to 31622400. Default: ${DEFAULT-VALUE}.")
    private long tokenValiditySeconds;

    @Option(
            names = "--max-providers",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many providers there can be; 1 to 1000000. Default: ${DEFAULT-VALUE}.")
    private int maxProviders;

    @Option(
            names = "--announcement-validity-seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long parameters and bulletins are good; 2 to 86400. Default: ${DEFAULT-VALUE}.")
    private long announcementValiditySeconds;

    @Option(
            names = "--resign-ms",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How often parameters and bulletins are signed anew; 10 to half of what they are good for."
                    + " Default: ${DEFAULT-VALUE}.")
    private long resignMs;

    @Option(
            names = "--max-concurrent-requests",
            paramLabel = "N",
            defaultValue = "256",
            description = "Requests that wait or are worked on at once; 1 to 10000. Default: ${DEFAULT-VALUE}.")
    private int maxConcurrentRequests;

    @Option(
            names = "--max-requests-per-sender",
            paramLabel = "N",
            defaultValue = "32",
            description = "Requests of one sender that wait at once; 1 to all of them. Default: ${DEFAULT-VALUE}.")
    private int maxRequestsPerSender;

    @Option(
            names = "--rate-per-provider",
            paramLabel = "N",
            defaultValue = "10",
            description = "Requests a second of one provider in the long run; 1 to 100000. Default: ${DEFAULT-VALUE}.")
    private int ratePerProvider;

    @Option(
            names = "--burst-per-provider",
            paramLabel = "N",
            defaultValue = "50",
            description = "Requests of one provider at once; 1 to 1000000. Default: ${DEFAULT-VALUE}.")
    private int burstPerProvider;

    @Option(
            names = "--enrolments-per-second",
            paramLabel = "N",
            defaultValue = "5",
            description = "Enrolments a second of this node in the long run; 1 to 100000. Default: ${DEFAULT-VALUE}.")
    private int enrolmentsPerSecond;

    /** Refuses values out of bounds as a bad command line. */
    KgcOptions options(CommandSpec command) {
        try {
            return new KgcOptions(
                    validityStepSeconds,
                    maxValiditySeconds,
                    certificatesPerEpoch,
                    epochSeconds,
                    tokenValiditySeconds,
                    maxProviders,
                    announcementValiditySeconds,
                    resignMs,
                    maxConcurrentRequests,
                    maxRequestsPerSender,
                    ratePerProvider,
                    burstPerProvider,
                    enrolmentsPerSecond);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
