import { z } from 'zod';

/*
 * The schema of `principals.yaml`, and AWS's limits on names, keys and tags.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */

const name = (most: number) =>
  z.string().regex(new RegExp(`^[\\w+=,.@-]{1,${most}}$`), {
    error: `must be 1 to ${most} letters, digits or characters of _+=,.@-`,
  });

const path = z
  .string()
  .max(512, { error: 'must have at most 512 characters' })
  .regex(/^\/(?:[\u0021-\u007e]+\/)?$/, {
    error: 'must start and end with "/" and have no spaces, e.g. "/teams/ml/"',
  })
  .default('/');

/** A YAML key without a value is empty, not missing. */
const mapping = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => value ?? {}, schema);

const listOf = <Schema extends z.ZodType>(element: Schema) =>
  z.preprocess((value) => value ?? [], z.array(element));

const namesOf = (what: string) => listOf(z.string().min(1, { error: `the name of a ${what} is empty` }));

const named = <Schema extends z.ZodType>(most: number, schema: Schema) =>
  mapping(z.record(name(most), mapping(schema)));

const tags = mapping(
  z.record(
    z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u, {
      error: 'a tag key must be 1 to 128 letters, digits, spaces or characters of _.:/=+-@',
    }),
    z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, {
      error: 'a tag value must be at most 256 letters, digits, spaces or characters of _.:/=+-@',
    }),
  ),
);

const accessKey = z.strictObject({
  id: z
    .string()
    .regex(/^\w{16,128}$/, {
      error: 'an access key ID must be 16 to 128 letters, digits or underscores',
      abort: true,
    })
    .refine((id) => !id.startsWith('ASIA'), {
      error: 'access key IDs that start with ASIA are temporary; STS issues them, they cannot be configured',
    }),
  secret: z.string().min(1, { error: 'the secret is empty' }),
  status: z.enum(['Active', 'Inactive']).default('Active'),
});

const attached = {
  path,
  managedPolicies: namesOf('policy'),
  inlinePolicies: namesOf('policy'),
};

/** @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html */
const vpcEndpoint = z
  .strictObject({
    id: z.string().regex(/^vpce-[0-9a-f]{8,17}$/, { error: 'must be an endpoint ID like vpce-0a1b2c3d' }),
    vpc: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, { error: 'must be a VPC ID like vpc-0a1b2c3d' }),
    account: z
      .string()
      .regex(/^\d{12}$/, { error: 'must be an account ID of 12 digits' })
      .optional(),
  })
  .optional();

const user = z.strictObject({
  ...attached,
  accessKeys: listOf(accessKey),
  groups: namesOf('group'),
  permissionsBoundary: z.string().optional(),
  tags,
  mfa: z
    .strictObject({
      secret: z.string().regex(/^[A-Z2-7]{16,}=*$/, {
        error: 'the secret of a virtual MFA device must be base32: 16 or more of A to Z and 2 to 7',
      }),
    })
    .optional(),
  vpcEndpoint,
});

const role = z.strictObject({
  ...attached,
  trustPolicy: z.string(),
  permissionsBoundary: z.string().optional(),
  maxSessionDuration: z
    .int()
    .min(3600, { error: 'must be from 3600 to 43200 seconds' })
    .max(43_200, { error: 'must be from 3600 to 43200 seconds' })
    .default(3600),
  tags,
  vpcEndpoint,
});

/** @see https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

const isFileOrAddress = (text: string): boolean =>
  !/^[a-z]+:\/\//i.test(text) || (/^https?:/.test(text) && URL.canParse(text));

const oidcProvider = z.strictObject({
  url: z.string().regex(/^https:\/\/[^\s?#]+$/, { error: 'must be an https:// URL without a query' }),
  clientIds: listOf(z.string().min(1, { error: 'the client ID is empty' })),
  jwks: z.union([z.string().min(1).refine(isFileOrAddress), keySet], {
    error: 'must be a file with a JSON Web Key Set, relative to this one, or an http:// or https:// URL',
  }),
});

/** An empty level has FullAWSAccess; a level of `[]` allows nothing. */
const levels = z.array(namesOf('policy').nullable()).nullish();

const organization = z
  .strictObject({
    id: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'must be an organization ID like o-exampleorgid' }),
    path: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}\/r-[a-z0-9]{4,32}\/(?:ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\/)*$/, {
        error: 'must be a path like o-exampleorgid/r-ab12/ou-ab12-11111111/',
        abort: true,
      })
      .optional(),
    serviceControlPolicies: levels,
    resourceControlPolicies: levels,
  })
  .refine(({ id, path }) => path === undefined || path.startsWith(`${id}/`), {
    error: 'must start with the ID of this organization',
    path: ['path'],
  });

export const principalsSchema = mapping(
  z.strictObject({
    users: named(64, user),
    groups: named(128, z.strictObject(attached)),
    roles: named(64, role),
    oidcProviders: listOf(oidcProvider),
    organization: organization.optional(),
  }),
);

export type Principals = z.infer<typeof principalsSchema>;
export type UserEntry = Principals['users'][string];
export type RoleEntry = Principals['roles'][string];
export type GroupEntry = Principals['groups'][string];
