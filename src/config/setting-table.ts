import { z } from 'zod';
import { STATE_SETTINGS } from './state-settings.ts';
import * as values from './values.ts';

const { choice, OPTIONAL_FILE, OPTIONAL_FOLDER } = values;

/** Every key of `proxy.yaml`, in the order of its documentation. */
export const SETTING_TABLE = {
  'listen.host': {
    flag: 'host',
    form: 'host',
    schema: z.string().min(1, { error: 'is empty' }).default('127.0.0.1'),
    summary: 'Address to listen on',
  },
  'listen.port': {
    flag: 'port',
    form: 'number',
    schema: values.port.default(7377),
    summary: 'Port to listen on; 0 picks a free one',
    details: 'The `Ready.` line prints the port.',
  },
  'listen.adminHosts': {
    flag: 'admin-hosts',
    form: 'names',
    schema: values.hostNames,
    summary: 'Host names that /_authz answers to besides those of this machine',
    details:
      'For a Kubernetes Service or a CI service (`[authz]`; in flag and variable separated by commas): [Docker](docker.md#access-to-_authz).',
  },
  'listen.trustedProxies': {
    flag: 'trusted-proxies',
    form: 'ranges',
    schema: values.ranges,
    summary: 'Proxies whose X-Forwarded-* headers are trusted',
    details:
      'Addresses and ranges (`[10.0.0.0/8, "::1"]`; in flag and variable separated by commas). Their `X-Forwarded-For` and `X-Forwarded-Proto` give the client address and whether it used TLS.',
  },
  cors: {
    flag: 'cors',
    form: 'origins',
    schema: values.origins,
    summary: 'Origins of pages that may call the runtime and events paths from a browser',
    details:
      'A list (`[http://localhost:5173]`; in flag and variable separated by commas), empty by default: [browsers](configuration.md#browsers).',
  },
  'tls.mode': {
    flag: 'tls-mode',
    ...choice('off', 'self-signed', 'files'),
    summary: 'TLS on a port of its own',
    details: '`self-signed` creates a certificate, `files` uses yours: [sessions](sessions.md#tls).',
  },
  'tls.port': {
    flag: 'tls-port',
    form: 'number',
    schema: values.port.default(7378),
    summary: 'Port of TLS; 0 picks a free one',
  },
  'tls.cert': { flag: 'tls-cert', ...OPTIONAL_FILE, summary: 'Certificate in PEM form, for tls-mode files' },
  'tls.key': { flag: 'tls-key', ...OPTIONAL_FILE, summary: 'Private key in PEM form, for tls-mode files' },
  'tls.ca': {
    flag: 'tls-ca',
    ...OPTIONAL_FILE,
    summary: 'CA certificate that clients should trust, for tls-mode files',
    details: '`env` passes it to clients.',
  },
  workers: {
    flag: 'workers',
    form: 'number',
    schema: values.workers.default(1),
    summary: 'How many processes serve requests',
    details: 'Of `serve`; `run` and the library use one ([several processes](scaling.md#workers)).',
  },
  account: {
    flag: 'account',
    form: '12 digits',
    schema: values.account.default('123456789012'),
    summary: 'AWS account id of the principals and their resources',
  },
  partition: {
    flag: 'partition',
    form: 'name',
    schema: values.partition.default('aws'),
    summary: 'AWS partition',
  },
  region: {
    flag: 'region',
    form: 'name',
    schema: values.region.default('us-east-1'),
    summary: 'AWS Region that the proxy stands for',
    details: 'A signature for another Region is rejected.',
  },
  mode: {
    flag: 'mode',
    ...choice('enforce', 'audit'),
    summary: 'enforce denies; audit records denials and forwards the requests',
  },
  principals: {
    flag: 'principals',
    form: 'file',
    schema: values.path.default('principals.yaml'),
    path: true,
    summary: 'File with users, groups and roles',
  },
  policies: {
    flag: 'policies',
    form: 'folder',
    schema: values.path.default('../policies'),
    path: true,
    summary: 'Folder with policy documents',
  },
  upstream: {
    flag: 'upstream',
    form: 'embedded|aws|url',
    schema: values.upstream('embedded', 'aws').default('embedded'),
    summary: 'Where authorized Personalize requests go',
    details: 'The stub in this process, an address, or AWS itself.',
  },
  'upstreams.s3': {
    flag: 'upstream-s3',
    form: 'embedded|url',
    schema: values.upstream('embedded').default('embedded'),
    summary: 'Where authorized S3 requests go',
    details: 'Objects in a folder, or an address ([S3 and CloudWatch](s3-and-cloudwatch.md)).',
  },
  'upstreams.cloudwatch': {
    flag: 'upstream-cloudwatch',
    form: 'embedded|url',
    schema: values.upstream('embedded').default('embedded'),
    summary: 'Where authorized CloudWatch requests go',
    details: 'Metrics in memory, or an address.',
  },
  'objects.folder': {
    flag: 'objects-folder',
    ...OPTIONAL_FOLDER,
    summary: 'Folder for the objects of the embedded S3, one folder per bucket',
    details: 'Without it, a temporary folder that is deleted at the end.',
  },
  upstreamCredentials: {
    flag: 'upstream-credentials',
    ...choice('none', 'ambient'),
    summary: "Credentials for the proxy's own calls to an upstream address",
    details:
      'These calls are ListTagsForResource. `ambient` uses the credentials that an AWS SDK would find on this machine.',
  },
  resourceTagSeconds: {
    flag: 'resource-tag-seconds',
    form: 'number',
    schema: values.seconds.default(30),
    summary: 'How long tags read from an upstream are cached, in seconds',
    details: '0 reads them for every request.',
  },
  clockSkewMinutes: {
    flag: 'clock-skew-minutes',
    form: 'number',
    schema: values.minutes.default(5),
    summary: 'How far the time of a signature may be off, in minutes',
  },
  undocumentedChecks: {
    flag: 'undocumented-checks',
    ...choice('report', 'enforce'),
    summary: 'Whether checks that AWS does not document are only reported, or enforced',
  },
  serviceRoles: {
    flag: 'service-roles',
    ...choice('enforce', 'report'),
    summary: 'Whether a job of the embedded stub fails when its service role lacks permissions',
    details: '`report` only records it ([service roles](service-roles.md)).',
  },
  'limits.unauthenticatedBytes': {
    flag: 'limits-unauthenticated-bytes',
    form: 'bytes',
    schema: values.bytes.default(67_108_864),
    summary: 'Request bodies held in memory before their signatures are verified, over all connections',
    details: 'Beyond it: 503 ServiceUnavailable ([limits](security.md#limits)).',
  },
  'limits.uploadBytes': {
    flag: 'limits-upload-bytes',
    form: 'bytes',
    schema: values.bytes.default(268_435_456),
    summary: 'S3 uploads held in memory, over all connections',
    details: 'Beyond it: 503 SlowDown, which SDKs retry.',
  },
  ...STATE_SETTINGS,
} as const satisfies Readonly<Record<string, values.SettingRow>>;
