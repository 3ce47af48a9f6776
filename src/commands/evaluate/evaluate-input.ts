import { z } from 'zod';
import { parsePrincipalArn } from '../../directory/principal-arn.ts';
import type { AuthorizationRequest, ContextValue } from '../../engine/request.ts';
import { parseArn } from '../../lib/arn.ts';
import { type DocumentNode, memberOf, toValue } from '../../lib/document.ts';
import { arnOf } from '../../lib/identifiers.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { checkSchema, placesIn } from '../../lib/schema-diagnostics.ts';

/** Only read for its presence here: `policy-documents.ts` parses it. */
const document = z.record(z.string(), z.unknown());

/** One line of `evaluate`. Every object is strict: a mistyped layer that is passed over would grant. */
const LINE = z.strictObject({
  principal: z.strictObject({ arn: z.string() }),
  action: z
    .string()
    .regex(/^[\w-]+:[\w-]+$/, 'must be an action like personalize:CreateCampaign, without wildcards'),
  resource: z
    .string()
    .refine((text) => text === '*' || parseArn(text) !== undefined, 'must be an ARN or "*"'),
  // Only read for being an object here: `readContext` needs the spelling of its values.
  context: document.optional(),
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
  const context = readContext(memberOf(line, 'context'));
  if (!context.ok) return context;
  const principal = parsePrincipalArn(named.arn, context.value.get('aws:principalarn'));
  if (principal === undefined)
    return err(
      `principal.arn: "${named.arn}" names no user, role, role session, federated user, account root, identity provider or service`,
    );
  return ok({ principal, action, resource: arnOf(resource), context: context.value });
}

/** Numbers and booleans stand for their text as the line spells it, as they do in policies: `1.0` stays `1.0`. */
function readContext(node: DocumentNode | undefined): Result<ReadonlyMap<string, ContextValue>, string> {
  const context = new Map<string, ContextValue>();
  for (const { key, value } of node?.kind === 'object' ? node.entries : []) {
    const texts = value.kind === 'array' ? textsOf(value.items) : textOf(value);
    if (texts === undefined) return err(`context.${key}: must be text, or a list of texts`);
    if (context.has(key.toLowerCase()))
      return err(`context.${key}: the key is given twice (names of context keys ignore case)`);
    context.set(key.toLowerCase(), texts);
  }
  return ok(context);
}

const textOf = (node: DocumentNode): string | undefined =>
  node.kind === 'scalar' && node.value !== null ? node.text : undefined;

function textsOf(nodes: readonly DocumentNode[]): readonly string[] | undefined {
  const texts = nodes.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
