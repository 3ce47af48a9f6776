import { z } from 'zod';

/* The requests that `/_authz` takes: what validates them, and what `openapi.json` is generated from. */

const LAYERS = ['serviceControl', 'resourceControl', 'permissionsBoundary'] as const;

const limit = z.coerce.number().int().min(1);

/** Several values, separated by commas. */
const OUTCOMES = ['forwarded', 'denied', 'rejected', 'answered', 'audited'] as const;
const outcomes = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(OUTCOMES)).min(1));

export const DECISIONS_QUERY = z.strictObject({
  view: z.enum(['records', 'summary']).optional(),
  outcome: outcomes.optional(),
  service: z.string().optional(),
  operation: z.string().optional(),
  action: z.string().optional(),
  principal: z.string().optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  limit: limit.optional(),
  /** With `view=summary`: sequence numbers. */
  before: limit.optional(),
  after: z.coerce.number().int().min(0).optional(),
  /** With `view=summary`: text in anything that a list shows. */
  q: z.string().max(200).optional(),
});

export const STREAM_QUERY = z.strictObject({ after: z.string().max(100).optional() });

/** With `detail=1`, every element of every statement, and patches. */
export const EXPLAIN_QUERY = z.looseObject({ detail: z.literal('1').optional() });

export const MODE_BODY = z.strictObject({ mode: z.enum(['enforce', 'audit']) });

export const STUB_QUERY = z.strictObject({ limit: limit.optional() });

const policyText = z.strictObject({ name: z.string().min(1).max(512), text: z.string().max(100_000) });

/** Policies as they would be: some switched off, by name or by layer, some with another text. */
const edits = z
  .strictObject({
    off: z.array(z.string().max(512)).max(1_000).default([]),
    offLayers: z.array(z.enum(LAYERS)).default([]),
    replace: z.array(policyText).max(100).default([]),
  })
  .default({ off: [], offLayers: [], replace: [] });

const contextValue = z.union([z.string(), z.array(z.string()).max(1_000)]);

const simulationCase = z.union([
  z.strictObject({ decision: z.string().min(1).max(100) }),
  z.strictObject({
    principal: z.string().min(1).max(2_048),
    operation: z.string().min(1).max(128),
    input: z.record(z.string(), z.unknown()).default({}),
    context: z.record(z.string(), contextValue).default({}),
  }),
]);

export type PolicyEdits = z.output<typeof edits>;
export type SimulationCase = z.output<typeof simulationCase>;

export const SIMULATE_BODY = z.strictObject({
  cases: z.array(simulationCase).min(1).max(200),
  policies: edits,
});

export const REPLAY_BODY = z.strictObject({ policies: edits });

export const LINT_BODY = z.strictObject({
  text: z.string().max(100_000),
  /** The policy that the text would replace: its uses decide what is demanded of it. */
  name: z.string().max(512).optional(),
});

export const SOURCE_BODY = z.strictObject({
  text: z.string().min(1).max(100_000),
  /** Of the text that was edited; another one now is a conflict. */
  ifDigest: z.string().length(64),
});

export const MARK_BODY = z.strictObject({ name: z.string().trim().min(1).max(100) });

export const COVERAGE_QUERY = z.strictObject({
  /** ISO 8601, or the name of a mark. */
  since: z.string().max(100).optional(),
  as: z.string().max(2_048).optional(),
});

export const POLICY_QUERY = z.strictObject({
  principal: z.string({ error: 'Say whose: ?principal=role/NAME or ?principal=NAME.' }),
  resources: z.enum(['exact', 'prefix', 'any']).default('exact'),
  detail: z.literal('1').optional(),
});
