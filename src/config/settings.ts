/** One key of `proxy.yaml` and its names elsewhere. */
export interface Setting {
  /** `listen.port` */
  readonly key: string;
  /** `AUTHZ_PORT` */
  readonly variable: string;
  /** Without the dashes: `port`. */
  readonly flag: string;
  /** What a text from a variable or a flag is read as; a path is relative to the working folder there. */
  readonly kind: 'text' | 'number' | 'path';
  /** What help says: the value's form. */
  readonly value: string;
  readonly summary: string;
}

const setting = (
  key: string,
  name: string,
  kind: Setting['kind'],
  value: string,
  summary: string,
): Setting => ({
  key,
  variable: `AUTHZ_${name.toUpperCase().replaceAll('-', '_')}`,
  flag: name,
  kind,
  value,
  summary,
});

/** Every key of `proxy.yaml`: its environment variable and its flag are checked as the key is. */
export const SETTINGS: readonly Setting[] = [
  setting('listen.host', 'host', 'text', 'host', 'address to listen on'),
  setting('listen.port', 'port', 'number', 'number', 'port to listen on; 0 takes a free one'),
  setting('listen.trustedProxies', 'trusted-proxies', 'text', 'ranges', 'whose X-Forwarded-* headers count'),
  setting('tls.mode', 'tls-mode', 'text', 'off|self-signed|files', 'TLS beside plain HTTP'),
  setting('tls.port', 'tls-port', 'number', 'number', 'port of TLS; 0 takes a free one'),
  setting('tls.cert', 'tls-cert', 'path', 'file', 'certificate in PEM form, for tls-mode files'),
  setting('tls.key', 'tls-key', 'path', 'file', 'private key in PEM form, for tls-mode files'),
  setting('tls.ca', 'tls-ca', 'path', 'file', 'what clients of it trust, for tls-mode files'),
  setting('account', 'account', 'text', '12 digits', 'AWS account id that the principals belong to'),
  setting('partition', 'partition', 'text', 'name', 'AWS partition'),
  setting('region', 'region', 'text', 'name', 'region that the proxy stands for'),
  setting('mode', 'mode', 'text', 'enforce|audit', 'audit records denials and forwards all the same'),
  setting('principals', 'principals', 'path', 'file', 'who exists'),
  setting('policies', 'policies', 'path', 'folder', 'what they may do'),
  setting('upstream', 'upstream', 'text', 'embedded|aws|url', 'where authorized requests go'),
  setting('upstreams.s3', 'upstream-s3', 'text', 'embedded|url', 'where S3 requests go'),
  setting(
    'upstreams.cloudwatch',
    'upstream-cloudwatch',
    'text',
    'embedded|url',
    'where CloudWatch requests go',
  ),
  setting('objects.folder', 'objects-folder', 'path', 'folder', 'where the embedded S3 keeps its objects'),
  setting(
    'upstreamCredentials',
    'upstream-credentials',
    'text',
    'none|ambient',
    'what own questions to an upstream at an address are signed with',
  ),
  setting(
    'resourceTagSeconds',
    'resource-tag-seconds',
    'number',
    'number',
    'how long tags that were read from an upstream count',
  ),
  setting(
    'clockSkewMinutes',
    'clock-skew-minutes',
    'number',
    'number',
    'how far a signature may be off in time',
  ),
  setting(
    'undocumentedChecks',
    'undocumented-checks',
    'text',
    'report|enforce',
    'whether checks that AWS does not document count',
  ),
  setting(
    'serviceRoles',
    'service-roles',
    'text',
    'enforce|report',
    'whether a job fails whose service role may not do its work',
  ),
  setting(
    'limits.unauthenticatedBytes',
    'limits-unauthenticated-bytes',
    'number',
    'bytes',
    'request bodies held at a time whose signature is not verified yet',
  ),
  setting('limits.uploadBytes', 'limits-upload-bytes', 'number', 'bytes', 'S3 uploads held at a time'),
  // Its variable holds the key itself, as base64 of 32 bytes: where it is set, and no flag says otherwise, it is used.
  setting('session.key', 'session-key', 'text', 'file|env', 'where the key of session tokens comes from'),
  setting('decisions.file', 'decisions-file', 'path', 'file', 'where decisions are written'),
  setting('decisions.format', 'decisions-format', 'text', 'jsonl|cloudtrail', 'how decisions are written'),
  setting(
    'decisions.maxBytes',
    'decisions-max-bytes',
    'number',
    'number',
    'how large the file of decisions becomes before it is set aside',
  ),
  setting(
    'decisions.keep',
    'decisions-keep',
    'number',
    'number',
    'how many files of decisions that were set aside are kept',
  ),
  setting(
    'stub.store',
    'stub-store',
    'text',
    'memory|sqlite:file|redis://host',
    'where the stub keeps what it knows',
  ),
  setting(
    'stub.transitionSeconds',
    'stub-transition-seconds',
    'number',
    'number',
    'how long a resource of the stub is in creation',
  ),
  setting(
    'stub.fixtures',
    'stub-fixtures',
    'path',
    'file',
    'script for the stub: failures, answers, throttling',
  ),
  setting('stub.seed', 'stub-seed', 'path', 'folder', 'resources that the stub begins with'),
];
