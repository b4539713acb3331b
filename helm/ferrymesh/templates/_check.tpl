{{/* Everything that cannot work, told at once. What is wrong by itself the schema has refused already. */}}
{{- define "ferrymesh.check" -}}
{{- $v := .Values -}}
{{- $p := list -}}
{{- $several := or (gt (int $v.replicas) 1) $v.autoscaling.enabled -}}
{{- $config := $v.provider.config -}}
{{- $store := include "ferrymesh.storeType" . -}}

{{- if not $v.api.tlsSecret -}}
{{- $p = append $p "api.tlsSecret must be set: without TLS the API listens on loopback only" -}}
{{- end -}}
{{- if not $v.keys.passphraseSecret -}}
{{- $p = append $p "keys.passphraseSecret must be set: it names the Secret with the key file's passphrase" -}}
{{- end -}}
{{- if and $several (not $v.database.secret) -}}
{{- $p = append $p "database.secret must be set with several processes: they share one PostgreSQL database" -}}
{{- end -}}
{{- if and $several (not $v.keys.fileSecret) -}}
{{- $p = append $p "keys.fileSecret must be set with several processes: each needs the same key file" -}}
{{- end -}}
{{- if and $v.database.caSecret (not $v.database.secret) -}}
{{- $p = append $p "database.caSecret must be empty without database.secret" -}}
{{- end -}}
{{- if and (has "init" $v.once) $v.keys.fileSecret -}}
{{- $p = append $p "once must not be init with keys.fileSecret: there is a key file, so this has begun" -}}
{{- end -}}
{{- if and $v.once $several -}}
{{- $p = append $p "once must be empty with several processes: no other may run beside it" -}}
{{- end -}}
{{- if and (has "forget" $v.once) (eq $v.role "kgc") -}}
{{- $p = append $p "once must be init or restored for a key centre" -}}
{{- end -}}
{{- if and (not $v.persistence.enabled) (include "ferrymesh.keepsState" .) -}}
{{- $p = append $p "persistence.enabled must be true unless database.secret and keys.fileSecret are set, and a directory store has provider.store.claim" -}}
{{- end -}}
{{- if eq (int $v.cluster.port) (int $v.cluster.eventBusPort) -}}
{{- $p = append $p "cluster.eventBusPort must be another than cluster.port" -}}
{{- end -}}

{{- if eq $v.role "kgc" -}}
{{- if $v.autoscaling.enabled -}}
{{- $p = append $p "autoscaling.enabled must be false for a key centre: it has no queue of migrations" -}}
{{- end -}}
{{- range $name := list "api-host" "api-port" "api-certificate" "api-key" "key-file" "passphrase-file" "database" "database-user" "database-password-file" "backup-directory" -}}
{{- if hasKey $v.kgc.options $name -}}
{{- $p = append $p (printf "kgc.options.%s must not be set: the chart sets it" $name) -}}
{{- end -}}
{{- end -}}
{{- if or $config $v.provider.enrolmentSecret $v.provider.store.secret $v.provider.store.claim $v.provider.direct.enabled -}}
{{- $p = append $p "provider.* must be as it comes for a key centre" -}}
{{- end -}}
{{- if and $v.serviceMonitor.enabled (not $v.serviceMonitor.tokenSecret) -}}
{{- $p = append $p "serviceMonitor.tokenSecret must be set: a key centre's metrics take an operator's token" -}}
{{- end -}}
{{- else -}}
{{- if or $v.kgc.options $v.kgc.backupClaim -}}
{{- $p = append $p "kgc.* must be as it comes for a provider" -}}
{{- end -}}
{{- if not (dig "kgc" "fingerprint" "" $config) -}}
{{- $p = append $p "provider.config.kgc.fingerprint must be set: it says which key centre is trusted" -}}
{{- end -}}
{{- if not (dig "http" "publicUrl" "" $config) -}}
{{- $p = append $p "provider.config.http.publicUrl must be set: where users reach the API" -}}
{{- end -}}
{{- if not $store -}}
{{- $p = append $p "provider.config.store.type must be set: directory, s3 or webdav" -}}
{{- end -}}
{{- if and $several (eq $store "directory") (not $v.provider.store.claim) -}}
{{- $p = append $p "provider.store.claim must be set with several processes: they share one directory" -}}
{{- end -}}
{{- if and $v.provider.store.claim (ne $store "directory") -}}
{{- $p = append $p "provider.store.claim must be empty unless provider.config.store.type is directory" -}}
{{- end -}}
{{- if and $v.provider.store.secret (eq $store "directory") -}}
{{- $p = append $p "provider.store.secret must be empty for a directory" -}}
{{- end -}}
{{- range $path, $instead := include "ferrymesh.setElsewhere" . | fromYaml -}}
{{- $at := $config -}}
{{- range $part := splitList "." $path -}}
{{- $at = get (kindIs "map" $at | ternary $at (dict)) $part -}}
{{- end -}}
{{- if $at -}}
{{- $p = append $p (printf "provider.config.%s must not be set: the chart sets it%s" $path $instead) -}}
{{- end -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- $p = append $p "autoscaling.minReplicas must be at most autoscaling.maxReplicas" -}}
{{- end -}}
{{- end -}}

{{- if $v.networkPolicy.enabled -}}
{{- if and $v.database.secret (not $v.networkPolicy.database.to) -}}
{{- $p = append $p "networkPolicy.database.to must be set with database.secret: nobody else may be connected to" -}}
{{- end -}}
{{- if and (eq $v.role "provider") (has $store (list "s3" "webdav")) (not $v.networkPolicy.store.to) -}}
{{- $p = append $p (printf "networkPolicy.store.to must be set for a store of type %s: nobody else may be connected to" $store) -}}
{{- end -}}
{{- end -}}

{{- if $p -}}
{{- fail (printf "\n  %s\n" (join "\n  " $p)) -}}
{{- end -}}
{{- end -}}

{{/* Keys of a provider's configuration that come from the chart, and which of its values says what. */}}
{{- define "ferrymesh.setElsewhere" -}}
http.host: " (api.host)"
http.port: ""
http.tls: " (api.tlsSecret)"
management: ""
database: " (database.secret)"
keys: " (keys.*)"
cluster: " (cluster.*)"
direct: " (provider.direct)"
shutdown: " (shutdown.graceSeconds)"
store.directory: " (provider.store.claim)"
store.s3.spool: ""
store.s3.accessKey: " (provider.store.secret)"
store.s3.secretKey: " (provider.store.secret)"
store.s3.secretKeyFile: " (provider.store.secret)"
store.webdav.spool: ""
store.webdav.password: " (provider.store.secret)"
store.webdav.passwordFile: " (provider.store.secret)"
{{- end -}}
