import { z } from 'zod';
import type { AuthorizationRequest, ContextValue } from '../engine/request.ts';
import { parseArn } from '../lib/arn.ts';
import { type DocumentNode, toValue } from '../lib/document.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { checkSchema, placesIn } from '../lib/schema-faults.ts';
import { parsePrincipalArn } from './principal-arn.ts';

/** Only read for its presence here: `policy-documents.ts` parses it. */
const document = z.record(z.string(), z.unknown());

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be text, or a list of texts');

/** One line of `evaluate`. Every object is strict: a mistyped layer that is passed over would grant. */
const LINE = z.strictObject({
  principal: z.strictObject({ arn: z.string() }),
  action: z
    .string()
    .regex(/^[\w-]+:[\w-]+$/, 'must be an action like personalize:CreateCampaign, without wildcards'),
  resource: z
    .string()
    .refine((text) => text === '*' || parseArn(text) !== undefined, 'must be an ARN or "*"'),
  context: z
    .record(z.string(), z.union([scalar, z.array(scalar)], 'must be text, or a list of texts'))
    .default({}),
  policies: z
    .strictObject({
      identity: z.array(z.strictObject({ name: z.string(), document })).optional(),
      permissionsBoundary: document.optional(),
      session: z.array(document).optional(),
      serviceControl: z.array(z.array(document)).optional(),
      resourceControl: z.array(z.array(document)).optional(),
      resourcePolicy: z
        .strictObject({
          document,
          account: z.string().regex(/^\d{12}$/, 'must be an account id of 12 digits'),
        })
        .optional(),
    })
    .default({}),
});

/**
 * The question of a line, or what is wrong with it, member by member. The policies are not looked into.
 * @see AuthorizationRequest
 */
export function readQuestion(line: DocumentNode): Result<AuthorizationRequest, string> {
  const checked = checkSchema(LINE, toValue(line), placesIn(line));
  if (!checked.ok) return err(checked.error.map(({ message }) => message).join('; '));
  const { principal: named, action, resource } = checked.value;
  const principal = parsePrincipalArn(named.arn);
  if (principal === undefined)
    return err(
      `principal.arn: "${named.arn}" names no user, role, role session, federated user, account root, identity provider or service`,
    );
  const context = readContext(checked.value.context);
  return context.ok ? ok({ principal, action, resource, context: context.value }) : context;
}

type Scalar = z.infer<typeof scalar>;

/** Numbers and booleans stand for their text, as they do in policies. */
function readContext(
  values: Readonly<Record<string, Scalar | readonly Scalar[]>>,
): Result<ReadonlyMap<string, ContextValue>, string> {
  const context = new Map<string, ContextValue>();
  for (const [key, value] of Object.entries(values)) {
    if (context.has(key.toLowerCase()))
      return err(`context.${key}: the key is given twice (names of context keys ignore case)`);
    context.set(key.toLowerCase(), typeof value === 'object' ? value.map(String) : String(value));
  }
  return ok(context);
}
