import { z } from 'zod';
import { parseCidr } from '../lib/cidr.ts';

/*
 * The form of `proxy.yaml`: what is not known is refused, nothing is silently ignored.
 */

/** A key of YAML with nothing behind it is empty, not missing. */
const mapping = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.preprocess((value) => value ?? {}, z.strictObject(shape));

const port = z
  .int()
  .min(0, { error: 'must be from 0 to 65535' })
  .max(65_535, { error: 'must be from 0 to 65535' });

const path = z.string().min(1, { error: 'is empty' });

/** @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const PARTITIONS = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
] as const;

/** `embedded`, `aws`, or the origin of another Personalize API: the path belongs to the request. */
const upstream = z
  .string()
  .refine((value) => value === 'embedded' || value === 'aws' || originOf(value) !== undefined, {
    error: 'must be embedded, aws, or an address like http://host:port, without path, query and password',
  })
  .transform((value) => originOf(value) ?? (value as 'embedded' | 'aws'));

type Origin = `http://${string}` | `https://${string}`;

function originOf(value: string): Origin | undefined {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  return bare ? (url.origin as Origin) : undefined;
}

const STORES = /^(?:memory|sqlite:.+|rediss?:\/\/.+)$/;

type Store = 'memory' | `sqlite:${string}` | `redis://${string}` | `rediss://${string}`;

const store = z.string().refine((value): value is Store => STORES.test(value) && isAddress(value), {
  error: 'must be memory, sqlite:<file> or redis://<host>',
});

/** What is no file must be an address that a client can read. */
function isAddress(value: string): boolean {
  return !value.startsWith('redis') || (URL.canParse(value) && new URL(value).hostname !== '');
}

/** Addresses and ranges; in a variable and a flag separated by commas. */
const ranges = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((each) => each.trim()) : (value ?? [])),
  z.array(z.string()).refine((all) => all.every((each) => parseCidr(each) !== undefined), {
    error: 'must be addresses and ranges like 10.0.0.0/8 and ::1',
  }),
);

/** `embedded`, or the origin of another S3 or CloudWatch. */
const dataUpstream = z
  .string()
  .refine((value) => value === 'embedded' || originOf(value) !== undefined, {
    error: 'must be embedded, or an address like http://host:port, without path, query and password',
  })
  .transform((value) => originOf(value) ?? 'embedded')
  .default('embedded');

export const configSchema = mapping({
  listen: mapping({
    host: z.string().min(1, { error: 'is empty' }).default('127.0.0.1'),
    port: port.default(7377),
    trustedProxies: ranges,
  }),
  tls: mapping({
    mode: z.enum(['off', 'self-signed', 'files']).default('off'),
    port: port.default(7378),
    cert: path.nullable().default(null),
    key: path.nullable().default(null),
    ca: path.nullable().default(null),
  }).superRefine(({ mode, cert, key }, context) => {
    for (const [name, file] of Object.entries({ cert, key }))
      if (mode === 'files' && file === null)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'is needed where tls.mode is files',
          params: { rule: 'missing-key' },
        });
  }),
  account: z
    .string()
    .regex(/^\d{12}$/, { error: 'an account id has 12 digits' })
    .default('123456789012'),
  partition: z.enum(PARTITIONS).default('aws'),
  region: z
    .string()
    .regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, { error: 'a region is like us-east-1' })
    .default('us-east-1'),
  mode: z.enum(['enforce', 'audit']).default('enforce'),
  principals: path.default('principals.yaml'),
  policies: path.default('../policies'),
  upstream: upstream.default('embedded'),
  upstreams: mapping({ s3: dataUpstream, cloudwatch: dataUpstream }),
  objects: mapping({ folder: path.nullable().default(null) }),
  upstreamCredentials: z.enum(['none', 'ambient']).default('none'),
  resourceTagSeconds: z
    .number()
    .min(0, { error: 'must be from 0 to 86400 seconds' })
    .max(86_400, { error: 'must be from 0 to 86400 seconds' })
    .default(30),
  clockSkewMinutes: z
    .number()
    .positive({ error: 'must be more than 0 minutes' })
    .max(1440, { error: 'must be at most 1440 minutes, a day' })
    .default(5),
  undocumentedChecks: z.enum(['report', 'enforce']).default('report'),
  serviceRoles: z.enum(['enforce', 'report']).default('enforce'),
  limits: mapping({
    unauthenticatedBytes: z
      .int()
      .min(1_048_576, { error: 'must be at least 1048576 bytes, 1 MiB' })
      .default(67_108_864),
    uploadBytes: z
      .int()
      .min(1_048_576, { error: 'must be at least 1048576 bytes, 1 MiB' })
      .default(268_435_456),
  }),
  session: mapping({ key: z.enum(['file', 'env']).default('file') }),
  decisions: mapping({
    file: path.nullable().default(null),
    format: z.enum(['jsonl', 'cloudtrail']).default('jsonl'),
    maxBytes: z.int().min(1024, { error: 'must be at least 1024 bytes' }).default(104_857_600),
    keep: z.int().min(1, { error: 'must be at least 1 file' }).default(10),
  }),
  stub: mapping({
    store: store.default('memory'),
    transitionSeconds: z
      .number()
      .min(0, { error: 'must be from 0 to 86400 seconds' })
      .max(86_400, { error: 'must be from 0 to 86400 seconds' })
      .default(0),
    fixtures: path.nullable().default(null),
    seed: path.nullable().default(null),
  }),
});

export type ConfigValues = z.output<typeof configSchema>;
