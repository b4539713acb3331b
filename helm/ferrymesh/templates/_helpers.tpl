{{- define "ferrymesh.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 40 characters: a pod's number and "-members" come behind it. */}}
{{- define "ferrymesh.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains (include "ferrymesh.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "ferrymesh.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "ferrymesh.members" -}}
{{ include "ferrymesh.fullname" . }}-members
{{- end -}}

{{- define "ferrymesh.serviceAccount" -}}
{{ default (include "ferrymesh.fullname" .) .Values.serviceAccount.name }}
{{- end -}}

{{- define "ferrymesh.selector" -}}
app.kubernetes.io/name: {{ include "ferrymesh.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Pods have no version among their labels: a new chart that changes nothing about them leaves them alone. */}}
{{- define "ferrymesh.podLabels" -}}
{{ include "ferrymesh.selector" . }}
app.kubernetes.io/component: {{ .Values.role }}
app.kubernetes.io/part-of: ferrymesh
{{ include "ferrymesh.member" . }}
{{- end -}}

{{- define "ferrymesh.labels" -}}
{{ include "ferrymesh.selector" . }}
app.kubernetes.io/component: {{ .Values.role }}
app.kubernetes.io/part-of: ferrymesh
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "ferrymesh.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "ferrymesh.apiPort" -}}
{{ eq .Values.role "kgc" | ternary 8090 8080 }}
{{- end -}}

{{/* The pods of every party of the cluster. */}}
{{- define "ferrymesh.member" -}}
ferrymesh.io/cluster: {{ .Values.cluster.name | quote }}
{{- end -}}

{{/* Every name behind which there are members, the own one first. */}}
{{- define "ferrymesh.dns" -}}
{{- $names := list (printf "%s.%s.svc.%s" (include "ferrymesh.members" .) .Release.Namespace .Values.cluster.domain) -}}
{{- range .Values.cluster.peers -}}
{{- $names = append $names (printf "%s.%s.svc.%s" .service .namespace $.Values.cluster.domain) -}}
{{- end -}}
{{- range .Values.cluster.remote -}}
{{- $names = append $names .dns -}}
{{- end -}}
{{- join "," $names -}}
{{- end -}}

{{- define "ferrymesh.storeType" -}}
{{ dig "store" "type" "" .Values.provider.config }}
{{- end -}}

{{/* A provider's configuration, to which the rest comes from the environment. */}}
{{- define "ferrymesh.config" -}}
{{ toYaml .Values.provider.config }}
{{- end -}}

{{- define "ferrymesh.keyFile" -}}
{{- if .Values.keys.fileSecret -}}
/run/secrets/ferrymesh/key-file
{{- else -}}
/var/lib/ferrymesh/{{ .Values.role }}.p12
{{- end -}}
{{- end -}}

{{/* Whether something is on the state volume: database, key file, objects. */}}
{{- define "ferrymesh.keepsState" -}}
{{- if or (not .Values.database.secret) (not .Values.keys.fileSecret) (and (eq (include "ferrymesh.storeType" .) "directory") (not .Values.provider.store.claim)) -}}
true
{{- end -}}
{{- end -}}

{{/* How long a start may take: the database and the store, then the key centre, a minute besides, and one for the JVM. */}}
{{- define "ferrymesh.startSeconds" -}}
{{- if eq .Values.role "kgc" -}}
180
{{- else -}}
{{- add (mul 2 (int (dig "kgc" "startWaitSeconds" 60 .Values.provider.config))) 120 -}}
{{- end -}}
{{- end -}}

{{/* What a pod needs to stop in order (docs/operations.md, Stopping), and nine seconds more. */}}
{{- define "ferrymesh.stopSeconds" -}}
{{- if eq .Values.role "kgc" -}}
{{- add .Values.shutdown.delaySeconds 24 -}}
{{- else -}}
{{- add .Values.shutdown.delaySeconds .Values.shutdown.graceSeconds 35 -}}
{{- end -}}
{{- end -}}

{{/* What every command line of the role has. */}}
{{- define "ferrymesh.commonArgs" -}}
{{- if eq .Values.role "kgc" -}}
- --key-file={{ include "ferrymesh.keyFile" . }}
- --passphrase-file=/run/secrets/ferrymesh/passphrase
{{- if .Values.database.secret }}
- --database=$(DATABASE_URL)
- --database-user=$(DATABASE_USER)
- --database-password-file=/run/secrets/ferrymesh/database-password
{{- else }}
- --database=sqlite:/var/lib/ferrymesh/kgc.db
{{- end }}
{{- else -}}
- --config=/etc/ferrymesh/provider.yaml
{{- end -}}
{{- end -}}

{{- define "ferrymesh.env" -}}
{{- $database := eq .Values.role "kgc" | ternary "DATABASE" "FERRYMESH_PROVIDER_DATABASE" -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: FERRYMESH_CLUSTER_NAME
  value: {{ .Values.cluster.name | quote }}
- name: FERRYMESH_CLUSTER_HOST
  value: $(POD_IP)
- name: FERRYMESH_CLUSTER_PORT
  value: {{ .Values.cluster.port | quote }}
- name: FERRYMESH_CLUSTER_DNS
  value: {{ include "ferrymesh.dns" . }}
- name: FERRYMESH_EVENTBUS_PORT
  value: {{ .Values.cluster.eventBusPort | quote }}
{{- if .Values.cluster.tls.secret }}
- name: FERRYMESH_EVENTBUS_TLS_CERTIFICATE
  value: /run/secrets/ferrymesh/eventbus-tls.crt
- name: FERRYMESH_EVENTBUS_TLS_KEY
  value: /run/secrets/ferrymesh/eventbus-tls.key
- name: FERRYMESH_EVENTBUS_TLS_CA
  value: /run/secrets/ferrymesh/eventbus-ca.crt
{{- end }}
- name: FERRYMESH_LOG_LEVEL
  value: {{ .Values.log.level }}
- name: FERRYMESH_LOG_FORMAT
  value: {{ .Values.log.format }}
{{- with .Values.jvmOptions }}
- name: JDK_JAVA_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- if .Values.database.secret }}
- name: {{ $database }}_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.secret }}
      key: url
- name: {{ $database }}_USER
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.secret }}
      key: user
{{- end }}
{{- if eq .Values.role "provider" }}
{{- if .Values.database.secret }}
- name: FERRYMESH_PROVIDER_DATABASE_PASSWORD_FILE
  value: /run/secrets/ferrymesh/database-password
{{- else }}
- name: FERRYMESH_PROVIDER_DATABASE_URL
  value: sqlite:/var/lib/ferrymesh/provider.db
{{- end }}
- name: FERRYMESH_PROVIDER_HTTP_HOST
  value: {{ .Values.api.host | quote }}
- name: FERRYMESH_PROVIDER_HTTP_PORT
  value: {{ include "ferrymesh.apiPort" . | quote }}
- name: FERRYMESH_PROVIDER_HTTP_TLS_CERTIFICATE
  value: /run/secrets/tls/tls.crt
- name: FERRYMESH_PROVIDER_HTTP_TLS_KEY
  value: /run/secrets/tls/tls.key
- name: FERRYMESH_PROVIDER_MANAGEMENT_HOST
  value: $(POD_IP)
- name: FERRYMESH_PROVIDER_MANAGEMENT_PORT
  value: "8081"
- name: FERRYMESH_PROVIDER_KEYS_FILE
  value: {{ include "ferrymesh.keyFile" . }}
- name: FERRYMESH_PROVIDER_KEYS_PASSPHRASE_FILE
  value: /run/secrets/ferrymesh/passphrase
- name: FERRYMESH_PROVIDER_SHUTDOWN_GRACE_SECONDS
  value: {{ .Values.shutdown.graceSeconds | quote }}
{{- if .Values.provider.direct.enabled }}
- name: FERRYMESH_PROVIDER_DIRECT_LISTEN
  value: {{ printf "%s:%d" (contains ":" .Values.api.host | ternary "[$(POD_IP)]" "$(POD_IP)") (int .Values.provider.direct.port) | quote }}
{{- end }}
{{- $store := include "ferrymesh.storeType" . }}
{{- if eq $store "directory" }}
- name: FERRYMESH_PROVIDER_STORE_DIRECTORY_ROOT
  value: {{ empty .Values.provider.store.claim | ternary "/var/lib/ferrymesh/objects" "/srv/ferrymesh/objects" }}
{{- else if eq $store "s3" }}
- name: FERRYMESH_PROVIDER_STORE_S3_SPOOL
  value: /var/spool/ferrymesh
{{- if .Values.provider.store.secret }}
- name: FERRYMESH_PROVIDER_STORE_S3_ACCESS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .Values.provider.store.secret }}
      key: access-key
- name: FERRYMESH_PROVIDER_STORE_S3_SECRET_KEY_FILE
  value: /run/secrets/ferrymesh/store-secret
{{- end }}
{{- else if eq $store "webdav" }}
- name: FERRYMESH_PROVIDER_STORE_WEBDAV_SPOOL
  value: /var/spool/ferrymesh
{{- if .Values.provider.store.secret }}
- name: FERRYMESH_PROVIDER_STORE_WEBDAV_PASSWORD_FILE
  value: /run/secrets/ferrymesh/store-secret
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ferrymesh.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: secrets
  mountPath: /run/secrets/ferrymesh
  readOnly: true
- name: tls
  mountPath: /run/secrets/tls
  readOnly: true
{{- if .Values.persistence.enabled }}
- name: state
  mountPath: /var/lib/ferrymesh
{{- end }}
{{- if eq .Values.role "kgc" }}
{{- if .Values.kgc.backupClaim }}
- name: backups
  mountPath: /var/lib/ferrymesh-backups
{{- end }}
{{- else }}
- name: config
  mountPath: /etc/ferrymesh
  readOnly: true
{{- if .Values.provider.store.claim }}
- name: objects
  mountPath: /srv/ferrymesh
{{- end }}
{{- if ne (include "ferrymesh.storeType" .) "directory" }}
- name: spool
  mountPath: /var/spool/ferrymesh
{{- end }}
{{- end }}
{{- end -}}

{{- define "ferrymesh.volumes" -}}
{{- $store := include "ferrymesh.storeType" . -}}
# The native crypto library is unpacked there and loaded from there. Counts as memory.
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 128Mi
- name: secrets
  projected:
    defaultMode: 288 # 0440
    sources:
      - secret:
          name: {{ .Values.keys.passphraseSecret }}
          items:
            - key: passphrase
              path: passphrase
      {{- with .Values.keys.fileSecret }}
      - secret:
          name: {{ . }}
          items:
            - key: key-file
              path: key-file
      {{- end }}
      {{- with .Values.database.secret }}
      - secret:
          name: {{ . }}
          items:
            - key: password
              path: database-password
      {{- end }}
      {{- with .Values.database.caSecret }}
      - secret:
          name: {{ . }}
          items:
            - key: ca.crt
              path: database-ca.crt
      {{- end }}
      {{- with .Values.cluster.tls.secret }}
      - secret:
          name: {{ . }}
          items:
            - key: tls.crt
              path: eventbus-tls.crt
            - key: tls.key
              path: eventbus-tls.key
            - key: ca.crt
              path: eventbus-ca.crt
      {{- end }}
      {{- if eq .Values.role "provider" }}
      {{- with .Values.provider.enrolmentSecret }}
      - secret:
          name: {{ . }}
          items:
            - key: token
              path: enrolment-token
      {{- end }}
      {{- with .Values.provider.store.secret }}
      - secret:
          name: {{ . }}
          items:
            - key: {{ eq $store "s3" | ternary "secret-key" "password" }}
              path: store-secret
      {{- end }}
      {{- end }}
# A new certificate in it is taken without a restart.
- name: tls
  secret:
    secretName: {{ .Values.api.tlsSecret }}
    defaultMode: 288 # 0440
{{- if eq .Values.role "kgc" }}
{{- with .Values.kgc.backupClaim }}
- name: backups
  persistentVolumeClaim:
    claimName: {{ . }}
{{- end }}
{{- else }}
- name: config
  configMap:
    name: {{ include "ferrymesh.fullname" . }}
{{- with .Values.provider.store.claim }}
- name: objects
  persistentVolumeClaim:
    claimName: {{ . }}
{{- end }}
{{- if ne $store "directory" }}
- name: spool
  emptyDir:
    sizeLimit: {{ .Values.provider.store.spoolSize }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ferrymesh.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
