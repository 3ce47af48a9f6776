import { z } from 'zod';
import { parseArn } from '../../lib/arn.ts';
import { parseDate } from '../../lib/date-text.ts';

/*
 * The form of a policy test file. Its JSON Schema for editors is made of it: what is described here is what they show.
 */

const principal = z.string().min(1).describe('Who asks: alice, user/alice, role/recommender, or an ARN.');
const action = z
  .string()
  .regex(/^[\w-]+:\w+$/, { error: 'must be an action like personalize:CreateCampaign, without wildcards' })
  .describe('One action, as policies name it: personalize:CreateCampaign.');
const resource = z
  .string()
  .refine((text) => text === '*' || parseArn(text) !== undefined, { error: 'must be an ARN or "*"' })
  .describe('The ARN that the action works on; * for an action that works on no resource.');
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const several = <Schema extends z.ZodType>(schema: Schema) =>
  z.array(schema).min(1, { error: 'is an empty list' });

const asked = {
  principal: principal.optional(),
  principals: several(principal).optional().describe('Several principals: a test for each.'),
  action: action.optional(),
  actions: several(action).optional().describe('Several actions: a test for each.'),
  resource: resource.optional(),
  resources: several(resource).optional().describe('Several resources: a test for each.'),
  call: z
    .string()
    .min(1)
    .optional()
    .describe('A whole call of Amazon Personalize, such as CreateCampaign, with all its checks.'),
  input: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The input of the call, as the AWS API takes it.'),
  context: z
    .record(z.string(), z.union([scalar, z.array(scalar)]))
    .optional()
    .describe('Context keys of the request, such as aws:SourceIp. What is not given is not in the request.'),
  clock: z
    .string()
    .refine((text) => parseDate(text) !== undefined, {
      error: 'must be a date like 2026-11-24T12:00:00Z',
    })
    .optional()
    .describe('When the request is made; now, where it is left out.'),
} as const;

const expected = {
  expect: z
    .enum(['allowed', 'denied', 'explicitDeny', 'implicitDeny'])
    .optional()
    .describe('The decision; denied is either kind of it.'),
  layer: z
    .enum([
      'identity',
      'permissionsBoundary',
      'session',
      'serviceControl',
      'resourceControl',
      'resourcePolicy',
    ])
    .optional()
    .describe('The layer of policies that decides.'),
  statement: z
    .string()
    .min(1)
    .optional()
    .describe('The statement that decides: policy#Sid, policy#0, or any statement of a policy.'),
  because: z.string().min(1).optional().describe('A part of the message that AWS answers a denial with.'),
  refused: action.optional().describe('Of a call: the action whose check refuses it.'),
} as const;

const testCase = z.strictObject({
  name: z.string().min(1).optional().describe('What is told apart by it in reports.'),
  ...asked,
  ...expected,
});

const compared = z
  .strictObject({
    existing: z
      .string()
      .min(1)
      .describe('A policies folder, a checkout, or of a document a policy file; relative to the test file.'),
  })
  .optional();
const pattern = z.string().min(1);

const proof = z.strictObject({
  name: z.string().min(1, { error: 'is empty' }).describe('What must hold, as a sentence.'),
  principal: principal.optional(),
  principals: several(principal)
    .optional()
    .describe('A proof for each; without any, for every user and role.'),
  policy: z
    .string()
    .min(1)
    .optional()
    .describe('A policy file in place of principals, relative to the test file.'),
  'no-new-access': compared.describe('Nothing is allowed that the existing policies do not allow.'),
  equivalent: compared.describe('The same is allowed as by the existing policies.'),
  'not-granted': z
    .strictObject({
      actions: several(pattern)
        .optional()
        .describe('Patterns, such as personalize:Delete*; any, if left out.'),
      resources: several(pattern).optional().describe('Patterns of ARNs; any, if left out.'),
    })
    .optional()
    .describe('None of some actions is allowed on none of some resources.'),
  'no-public-access': z
    .literal(true)
    .optional()
    .describe('The policy of a resource grants nothing to the public.'),
  expect: z
    .enum(['PASS', 'FAIL', 'UNKNOWN'])
    .optional()
    .describe('The verdict of the proof over all requests; PASS, where it is left out.'),
});

export const policyTestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    defaults: z.strictObject(asked).optional().describe('Defaults for all tests of the file.'),
    prove: several(proof).optional().describe('Claims about all requests at once: docs/proofs.md.'),
    tests: several(
      z.strictObject({
        name: z
          .string()
          .min(1, { error: 'is empty' })
          .describe('What the policies are to do, as a sentence.'),
        ...asked,
        ...expected,
        cases: several(testCase)
          .optional()
          .describe('A table: a test for each row, with the members of the test and those of the row.'),
      }),
    ).optional(),
  })
  .refine(({ tests, prove }) => tests !== undefined || prove !== undefined, {
    path: ['tests'],
    error: 'is missing',
    params: { rule: 'missing-key' },
  });

export type PolicyTestFile = z.output<typeof policyTestSchema>;
/** A claim about all requests, as a file has it. */
export type ProofRow = z.output<typeof proof>;
/** One row of a table; a test without a table is its own row. */
export type TestRow = z.output<typeof testCase>;

/** The JSON Schema of a policy test file, as `schemas/policy-tests.schema.json` holds it. */
export function policyTestJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(policyTestSchema, { io: 'input', target: 'draft-07' }),
    anyOf: [{ required: ['tests'] }, { required: ['prove'] }],
    title: 'Policy tests of personalize-authz-proxy',
  };
}
