package io.ferrymesh.it.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds manifests against the types that Kubernetes' own Java client has, which are generated from its OpenAPI document. The
 * client itself would read them leniently. Refused is a field that is not known, one that is missing, one without a value, and a
 * value of another type: also a number where a text belongs, which the API server refuses.
 */
final class KubernetesTypes {

    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    /** In which part of the API a kind is. */
    private static final Map<String, String> KINDS = Map.of(
            "ConfigMap", "v1",
            "Service", "v1",
            "ServiceAccount", "v1",
            "StatefulSet", "apps/v1",
            "PodDisruptionBudget", "policy/v1",
            "HorizontalPodAutoscaler", "autoscaling/v2",
            "NetworkPolicy", "networking.k8s.io/v1");

    private static final String QUANTITY = "[+-]?[0-9]+(\\.[0-9]+)?([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?";

    private final List<String> problems = new ArrayList<>();

    private KubernetesTypes() {}

    /** What is wrong with a manifest, each with its place. */
    static List<String> problems(JsonNode manifest) {
        String kind = manifest.path("kind").asText();
        String version = manifest.path("apiVersion").asText();
        if (!version.equals(KINDS.get(kind))) {
            return List.of("there is no " + kind + " in " + version);
        }
        String prefix = version.substring(version.indexOf('/') + 1).replace('v', 'V');
        try {
            KubernetesTypes types = new KubernetesTypes();
            types.check(kind, manifest, Class.forName(MODELS + prefix + kind));
            return types.problems;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(String path, JsonNode value, Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType several) {
            Type each = several.getActualTypeArguments()[several.getActualTypeArguments().length - 1];
            if (several.getRawType() == Map.class) {
                require(value.isObject(), path, value, "a map");
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    check(path + "." + entry.getKey(), entry.getValue(), each);
                }
            } else {
                require(value.isArray(), path, value, "a list");
                for (int i = 0; i < value.size(); i++) {
                    check(path + "[" + i + "]", value.get(i), each);
                }
            }
        } else if (type instanceof Class<?> simple) {
            check(path, value, simple);
        } else {
            throw new IllegalStateException(path + " has a type that is not known here: " + type);
        }
    }

    private void check(String path, JsonNode value, Class<?> type) throws ReflectiveOperationException {
        if (type == Object.class) {
            return; // anything
        }
        if (type == String.class || type == OffsetDateTime.class || type == byte[].class) {
            require(value.isTextual(), path, value, "a text");
        } else if (type == Boolean.class) {
            require(value.isBoolean(), path, value, "true or false");
        } else if (type == Integer.class || type == Long.class) {
            require(value.isIntegralNumber(), path, value, "a whole number");
        } else if (type == IntOrString.class) {
            require(value.isIntegralNumber() || value.isTextual(), path, value, "a whole number or a text");
        } else if (type == Quantity.class) {
            require(value.asText().matches(QUANTITY), path, value, "a quantity");
        } else if (type.getName().startsWith(MODELS)) {
            checkFields(path, value, type);
        } else {
            throw new IllegalStateException(path + " has a type that is not known here: " + type);
        }
    }

    private void checkFields(String path, JsonNode value, Class<?> type) throws ReflectiveOperationException {
        if (!value.isObject()) {
            require(false, path, value, "an object");
            return;
        }
        Map<String, Field> known = new HashMap<>();
        for (Field field : type.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null) {
                known.put(name.value(), field);
            }
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String inner = path + "." + entry.getKey();
            Field field = known.get(entry.getKey());
            if (field == null) {
                problems.add(inner + " is not known");
            } else {
                check(inner, entry.getValue(), field.getGenericType());
            }
        }
        for (Object required : (Set<?>) type.getField("openapiRequiredFields").get(null)) {
            if (!value.has((String) required)) {
                problems.add(path + "." + required + " is missing");
            }
        }
    }

    private void require(boolean right, String path, JsonNode value, String wanted) {
        if (!right) {
            problems.add(path + " must be " + wanted + ": " + value);
        }
    }
}
